/**
 * How a command that could not do its work says so: one sentence, the flag to
 * look at, the code, what to do. Never a stack trace, unless it was asked for.
 *
 * @module
 */

import { type CodeEntry, EXIT_CODE_OF_CLASS } from "../core/code_entry.ts";
import {
  CasemateError,
  type ErrorFields,
  OperationError,
  UnavailableError,
} from "../core/errors.ts";
import type { Terminal } from "../core/ports.ts";
import type { Format } from "./context.ts";
import { labelled } from "./output/layout.ts";
import { printableData, printableJson } from "./output/printable.ts";

/** How failures are told. */
export interface FailureOptions {
  /** Form that the command line asks for. */
  readonly format: Format;
  /** Whether a mistake of the program is told with its stack. */
  readonly debug: boolean;
}

/** Meanings of codes, by code. */
type Codes = ReadonlyMap<string, CodeEntry>;

/** A failure, ready to be told. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly fields: ErrorFields;
  readonly remedy: string;
  readonly exitCode: number;
}

/**
 * Tells what went wrong. The table of codes, which knows every technology, is
 * loaded for it.
 *
 * @param error Anything that was thrown.
 * @param terminal Where to tell it.
 * @param options Form, and whether mistakes are told with their stack.
 * @returns The exit code.
 */
export async function tellFailure(
  error: unknown,
  terminal: Terminal,
  options: FailureOptions,
): Promise<number> {
  const { allCodes, BUG } = await import("./code_table.ts");
  const codes = allCodes();
  const failure = error instanceof CasemateError
    ? knownFailure(error, codes)
    : mistake(error, BUG, codes);
  if (options.format === "json") {
    const { exitCode: _, ...told } = failure;
    terminal.out(`${printableJson({ v: 1, error: told })}\n`);
  } else {
    terminal.err(asText(failure, terminal.width));
  }
  if (options.debug && failure.exitCode === 1) terminal.err(stackOf(error));
  return failure.exitCode;
}

/** The stacks of an error and of what caused it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause = stackOf(error.cause);
  return `${error.stack ?? error.message}\n${cause === "" ? "" : `Caused by ${cause}`}`;
}

function knownFailure(error: CasemateError, codes: Codes): Failure {
  const { code, message, fields } = error;
  const entry = codes.get(code);
  const exitCode = exitCodeOfError(error, entry);
  return { code, message, fields, remedy: entry?.remedy ?? "", exitCode };
}

function exitCodeOfError(error: CasemateError, entry: CodeEntry | undefined): number {
  if (entry !== undefined) return EXIT_CODE_OF_CLASS[entry.class];
  if (error instanceof UnavailableError) return 4;
  return error instanceof OperationError ? 5 : error.name === "InputError" ? 2 : 3;
}

/** Everything else that is thrown is a mistake of the program. */
function mistake(error: unknown, bug: string, codes: Codes): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const code = /\[([a-z]+\.[a-z_]+)\]$/.exec(text)?.[1] ?? bug;
  const entry = codes.get(code) ?? codes.get(bug);
  const message = `Casemate made a mistake: ${text.split("\n")[0]}`;
  return { code, message, fields: {}, remedy: entry?.remedy ?? "", exitCode: 1 };
}

function asText(given: Failure, width: number): string {
  // Before lines are made of it: a file's name may hold line ends.
  const failure = printableData(given);
  const flag = failure.fields["flag"];
  const rows: readonly (readonly [string, string])[] = [
    ...(flag === undefined ? [] : [["look at", flag] as const]),
    ["code", `${failure.code} (exit ${failure.exitCode})`],
    ...(failure.remedy === "" ? [] : [["what to do", failure.remedy] as const]),
  ];
  const lines = [
    ...labelled([["error:", failure.message]], { width, indent: "", gap: 1 }),
    ...labelled(rows, { width, indent: "  " }),
  ];
  return lines.join("\n") + "\n";
}

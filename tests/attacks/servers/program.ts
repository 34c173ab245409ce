/**
 * The programs that are attacked: the one that is shipped, and copies of its
 * sources in which a defence is switched off.
 *
 * @module
 */

import { fromFileUrl, type Outcome, outcome } from "../../../scripts/process.ts";
import type { Weakened } from "../weaken.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));

const BINARY = Deno.env.get("CASEMATE_BINARY") ?? "";

/** A program. */
export interface Program {
  /** What it is, in words. */
  readonly says: string;
  /** How it is started. */
  readonly command: readonly [string, ...string[]];
  /** Where. */
  readonly cwd: string;
}

/** What is shipped: the binary that `CASEMATE_BINARY` names, else what `deno task compile` makes one of. */
export const SHIPPED: Program = BINARY === ""
  ? {
    says: "the program from its source; CASEMATE_BINARY names a compiled one",
    command: [Deno.execPath(), "run", "-A", "--quiet", "--frozen", "main.ts"],
    cwd: ROOT,
  }
  : { says: `the compiled program ${BINARY}`, command: [BINARY], cwd: ROOT };

/**
 * A weakened copy as a program.
 *
 * @param weakened The copy.
 */
export function programOf({ folder }: Weakened): Program {
  const command = ["run", "-A", "--quiet", "--no-check", "--frozen", "main.ts"];
  return { says: "a weakened copy", command: [Deno.execPath(), ...command], cwd: folder };
}

/**
 * Runs a command to its end.
 *
 * @param program The program.
 * @param args Its arguments.
 */
export async function runs(program: Program, args: readonly string[]): Promise<Outcome> {
  const [first, ...before] = program.command;
  return await outcome(first, [...before, ...args], { cwd: program.cwd });
}

/** What a command told, as `-o json`. */
export interface Told {
  /** Code of its failure; empty where it did what it should. */
  readonly code: string;
  /** What it wrote. */
  readonly json: Readonly<Record<string, unknown>>;
}

/**
 * Runs a command of `casemate cluster`.
 *
 * @param program The program.
 * @param args Its arguments.
 */
export async function tells(program: Program, args: readonly string[]): Promise<Told> {
  const { stdout, stderr } = await runs(program, [...args, "-o", "json"]);
  const json: unknown = stdout === "" ? null : JSON.parse(stdout);
  if (!isRecord(json)) throw new Error(`casemate ${args.join(" ")} told nothing: ${stderr}`);
  const { error } = json;
  return { code: isRecord(error) ? String(error["code"]) : "", json };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

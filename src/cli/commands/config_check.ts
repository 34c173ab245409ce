/**
 * `casemate config check FILE`: all that is wrong with a configuration.
 *
 * @module
 */

import type { Problem } from "../../cluster/config/problem.ts";
import { openConfig } from "../config/open.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { bulleted, usableWidth } from "../output/layout.ts";
import { printable, printableData, printableJson } from "../output/printable.ts";
import { type Style, styleOf } from "../output/style.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Exit code of a configuration that is refused. */
const REFUSED = 2;

/**
 * Looks a configuration over.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} `config.syntax` and those of files.
 */
export async function checkConfigFile(context: Context, path: string, given: Given): Promise<void> {
  const { terminal } = context.host;
  const { problems, text: { name } } = await openConfig(context, path, "FILE");
  const refusing = given.has("strict") ? ["error", "warning"] : ["error"];
  if (problems.some(({ level }) => refusing.includes(level))) context.finish(REFUSED);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson({ v: 1, config: name, problems })}\n`);
  }
  const page = { width: usableWidth(terminal.width), style: styleOf(terminal.colour) };
  const shown = printable(name);
  const lines = problems.length === 0
    ? [`${shown}: nothing to say of it`]
    : printableData(problems).flatMap((problem) => problemLines(problem, shown, page));
  terminal.out(`${lines.join("\n")}\n`);
}

function problemLines(
  { level, code, key, says, line, column }: Problem,
  name: string,
  { width, style }: { readonly width: number; readonly style: Style },
): readonly string[] {
  const paint = level === "error" ? style.bad : level === "warning" ? style.warn : style.dim;
  return [
    `${name}:${line}:${column}: ${paint(level)} ${
      style.bold(key === "" ? "the document" : key)
    } [${code}]`,
    ...bulleted("", [says], { width, indent: "  " }),
  ];
}

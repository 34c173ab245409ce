/**
 * `casemate policy lint FILE`: what is wrong with a policy, and what is hardly meant.
 *
 * @module
 */

import { technologies } from "../../evidence/registry.ts";
import { lintPolicy } from "../../policy/lint.ts";
import type { Remark } from "../../policy/remark.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { bulleted, usableWidth } from "../output/layout.ts";
import { printable, printableData, printableJson } from "../output/printable.ts";
import { type Style, styleOf } from "../output/style.ts";
import { momentOf, readPolicyFiles } from "../policy/read_file.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** Exit code of a policy that is refused. */
const REFUSED = 2;

/**
 * Looks a policy over.
 *
 * @param context The machine.
 * @param path The policy.
 * @param given The flags.
 * @throws {InputError} `policy.syntax` and those of files.
 */
export async function lintPolicyFile(context: Context, path: string, given: Given): Promise<void> {
  const { terminal } = context.host;
  const [file] = await readPolicyFiles(context, path);
  const now = momentOf(context, given.text("at"));
  const remarks = lintPolicy(file?.value, technologies, now);
  const refusing = given.has("strict") ? ["error", "warning"] : ["error"];
  if (remarks.some(({ level }) => refusing.includes(level))) context.finish(REFUSED);
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson({ v: 1, policy: file?.name, remarks })}\n`);
  }
  const page = { width: usableWidth(terminal.width), style: styleOf(terminal.colour) };
  const lines = remarks.length === 0
    ? [`${printable(file?.name ?? path)}: nothing to say of it`]
    : printableData(remarks).flatMap((remark) => remarkLines(remark, page));
  terminal.out(`${lines.join("\n")}\n`);
}

function remarkLines(
  { level, code, key, says }: Remark,
  { width, style }: { readonly width: number; readonly style: Style },
): readonly string[] {
  const paint = level === "error" ? style.bad : level === "warning" ? style.warn : style.dim;
  return [
    `${paint(level)} ${style.bold(key === "" ? "the document" : key)} [${code}]`,
    ...bulleted("", [says], { width, indent: "  " }),
  ];
}

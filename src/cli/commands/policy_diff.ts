/**
 * `casemate policy diff FILE [FILE]`: what a change does to what is demanded.
 *
 * @module
 */

import { technologies } from "../../evidence/registry.ts";
import { type Difference, diffPolicies } from "../../policy/diff.ts";
import { inShort } from "../../policy/exception.ts";
import { readWhole } from "../../policy/policy.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { bulleted, usableWidth } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { type Style, styleOf } from "../output/style.ts";
import { DEFAULTS, momentOf, readPolicyFiles } from "../policy/read_file.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Compares two policies, or one with the strict defaults.
 *
 * @param context The machine.
 * @param paths The one and the other; or the other alone.
 * @param given The flags.
 * @throws {InputError} `policy.*` and those of files.
 */
export async function comparePolicies(
  context: Context,
  paths: readonly string[],
  given: Given,
): Promise<void> {
  const { terminal } = context.host;
  const now = momentOf(context, given.text("at"));
  const files = await readPolicyFiles(context, ...paths);
  const [from = DEFAULTS, to = DEFAULTS] = files.length === 1 ? [DEFAULTS, ...files] : files;
  const differences = diffPolicies(
    readWhole(from.value, technologies, from.name, now),
    readWhole(to.value, technologies, to.name, now),
  );
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const head = { v: 1, from: from.name, to: to.name, at: now.toISOString() };
    return terminal.out(`${printableJson({ ...head, differences })}\n`);
  }
  const page = { width: usableWidth(terminal.width), style: styleOf(terminal.colour) };
  const names = `${printable(from.name)} and ${printable(to.name)}`;
  const lines = differences.length === 0
    ? bulleted("", [`${names} demand the same.`], { width: page.width, indent: "" })
    : differences.flatMap((difference) => differenceLines(difference, page));
  terminal.out(`${lines.join("\n")}\n`);
}

function differenceLines(
  { key, change, from, to, fromUntil, toUntil, costs }: Difference,
  { width, style }: { readonly width: number; readonly style: Style },
): readonly string[] {
  const paint = { weaker: style.bad, stronger: style.good, other: style.warn }[change];
  const text = `${valueOf(from, fromUntil)} → ${valueOf(to, toUntil)}`;
  return [
    `${paint(change.padEnd("stronger".length))}  ${style.bold(key)}`,
    ...bulleted("", [text], { width, indent: "  " }),
    ...(costs === null ? [] : bulleted("", [costs], { width, indent: "  " })),
  ];
}

function valueOf(value: unknown, until: string | null): string {
  const text = value === null ? "not set" : inShort(value);
  // A compromised line is named with its day.
  return printable(until === null || text.includes(until) ? text : `${text} until ${until}`);
}

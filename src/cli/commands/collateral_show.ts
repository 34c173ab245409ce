/**
 * `casemate collateral show`: what is kept, how old it is and until when it holds.
 *
 * @module
 */

import type { StoredCollateral } from "../../collateral/store.ts";
import { itemOfKey } from "../../evidence/collateral_items.ts";
import { keptOf } from "../collateral/kept.ts";
import { originText } from "../collateral/origin.ts";
import { spanOf } from "../collateral/written.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { bulleted, labelled, usableWidth } from "../output/layout.ts";
import { printableData, printableJson } from "../output/printable.ts";
import { sign, styleOf } from "../output/style.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/**
 * Shows what is kept.
 *
 * @param context The machine.
 * @param keys Keys; none shows all.
 * @param given The flags.
 * @throws {InputError} naming a key of which nothing is kept.
 */
export async function showCollateral(
  { host }: Context,
  keys: readonly string[],
  given: Given,
): Promise<void> {
  const kept = await keptOf(host, given, keys);
  const { terminal } = host;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    return terminal.out(`${printableJson({ v: 1, items: kept.map(jsonOf) })}\n`);
  }
  const now = host.clock.now();
  const style = styleOf(terminal.colour);
  const width = usableWidth(terminal.width);
  const lines = kept.flatMap((entry) => {
    const [first = "", ...more] = bulleted("", [titleOf(entry)], { width: width - 2, indent: "" });
    return [
      `${sign(isInForce(entry, now) ? "match" : "mismatch", style)} ${style.bold(first)}`,
      ...more.map((line) => `  ${style.bold(line)}`),
      ...labelled(rowsOf(entry, now), { width, indent: "  ", label: style.dim }),
      // Whole, whatever its length: it is there to be copied.
      `  ${style.dim("key".padEnd("holds until".length))}  ${printableData(entry.key)}`,
    ];
  });
  terminal.out(`${[...lines, ...(lines.length > 0 ? [""] : []), sumOf(kept, now)].join("\n")}\n`);
}

function titleOf({ title, realm }: StoredCollateral): string {
  return printableData(realm === "vendor" ? title : `${title} (of a lab)`);
}

function isInForce({ issued, expires }: StoredCollateral, now: Date): boolean {
  return issued <= now && now <= expires;
}

function rowsOf(entry: StoredCollateral, now: Date): readonly (readonly [string, string])[] {
  const { issued, expires, confirmed, sequence, source, key } = entry;
  const end = expires < now ? `expired ${spanOf(expires, now)} ago` : `for ${spanOf(now, expires)}`;
  const asked = itemOfKey(key)?.immutable === true ? "; it never changes" : "";
  return printableData([
    ["from", originText(source)],
    ["confirmed", `${spanOf(confirmed, now)} ago${asked}`],
    ["issued", issued.toISOString()],
    ["holds until", `${expires.toISOString()}, ${end}`],
    ...(sequence === null ? [] : [["number", sequence] as const]),
  ]);
}

function sumOf(kept: readonly StoredCollateral[], now: Date): string {
  if (kept.length === 0) {
    return "Nothing is kept. `casemate collateral fetch FILE` asks for what evidence needs.";
  }
  const good = kept.filter((entry) => isInForce(entry, now)).length;
  const bytes = kept.reduce((sum, { answer }) => sum + answer.body.length, 0);
  return `${kept.length} kept, ${good} in force; ${Math.ceil(bytes / 1024)} KiB`;
}

function jsonOf(entry: StoredCollateral): object {
  const { realm, key, title, kind, service, source, sequence, answer } = entry;
  return {
    key,
    title,
    kind,
    service,
    lab: realm !== "vendor",
    source,
    issued: entry.issued.toISOString(),
    expires: entry.expires.toISOString(),
    confirmed: entry.confirmed.toISOString(),
    sequence,
    bytes: answer.body.length,
  };
}

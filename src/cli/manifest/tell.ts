/**
 * Saying what a manifest is and what it changes.
 *
 * @module
 */

import { fromHex, toHex } from "../../core/bytes.ts";
import { plainHash } from "../../core/labelled_hash.ts";
import type { ManifestDifference } from "../../manifest/diff.ts";
import type { ReadManifest } from "../../manifest/read.ts";
import { inShort } from "../../policy/exception.ts";
import { commandLine } from "../../report/command_line.ts";
import type { Context } from "../context.ts";
import { readFormat } from "../format.ts";
import type { Given } from "../input/given.ts";
import { bulleted, labelled, usableWidth } from "../output/layout.ts";
import { printable, printableJson } from "../output/printable.ts";
import { type Style, styleOf } from "../output/style.ts";
import { typedParts } from "../output/typed.ts";
import { OUTPUT_FLAG } from "../verify_flags.ts";

/** A manifest that was made. */
export interface Created {
  /** The manifest, signed. */
  readonly read: ReadManifest;
  /** How many custodians must sign it still. */
  readonly unsigned: number;
  /** What it changes; none of a first one. */
  readonly differences: readonly ManifestDifference[];
  /** Where it was written. */
  readonly out: string;
  /** Where the master secret was written; null where there was one. */
  readonly master: string | null;
}

/** How wide, and in which colours. */
export interface Page {
  /** Columns. */
  readonly width: number;
  /** Colours. */
  readonly style: Style;
}

/**
 * The page of a terminal.
 *
 * @param context The machine.
 */
export function pageOf({ host: { terminal } }: Context): Page {
  return { width: usableWidth(terminal.width), style: styleOf(terminal.colour) };
}

/**
 * Says what was made.
 *
 * @param context The machine.
 * @param given The flags.
 * @param created What was made.
 */
export function tellCreated(
  context: Context,
  given: Given,
  { read, unsigned, differences, out, master }: Created,
): void {
  const { terminal, build } = context.host;
  const { digest, manifest: { clusterId, sequence, notAfter } } = read;
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    const told = {
      v: 1,
      clusterId,
      sequence,
      digest,
      notAfter,
      out,
      master,
      unsigned,
      differences,
    };
    return terminal.out(`${printableJson(told)}\n`);
  }
  const page = pageOf(context);
  const { width, style } = page;
  const rows = [
    ["cluster id", clusterId],
    ["digest", digest],
    ["counts until", notAfter],
    ...(master === null ? [] : [["secret", `${printable(master)}; ${KEEP}`] as const]),
  ] as const;
  const missing = unsigned === 1 ? "One custodian" : `${unsigned} custodians`;
  const next = [
    ...(master === null ? [] : [GIVE]),
    ...(unsigned === 0 ? [] : [`${missing} must sign it still:`]),
  ];
  const sign = typedParts(build, [["casemate", "manifest", "sign"], [printable(out)]]);
  const lines = [
    style.bold(printable(`Wrote manifest ${sequence} to ${out}`)),
    ...labelled(rows, { width, indent: "  ", label: style.dim }),
    ...bulleted("", next, { width, indent: "" }),
    ...(unsigned === 0 ? [] : [commandLine(sign, width)]),
    ...differences.flatMap((difference) => differenceLines(difference, page)),
  ];
  terminal.out(`${lines.join("\n")}\n`);
}

const KEEP = "the master secret: keep it offline, all keys of the cluster are made of it";
const GIVE = "Give the cluster id to whoever verifies: everything is verified from it alone.";

/**
 * A change in lines, the weaker with what they cost.
 *
 * @param difference The change.
 * @param page The page.
 */
export function differenceLines(
  { key, change, from, to, costs }: ManifestDifference,
  { width, style }: Page,
): readonly string[] {
  const paint = { weaker: style.bad, stronger: style.good, other: style.warn }[change];
  const text = printable(`${worded(from)} → ${worded(to)}`);
  return [
    `${paint(change.padEnd("stronger".length))}  ${style.bold(printable(key))}`,
    ...bulleted("", [text], { width, indent: "  " }),
    ...(costs === null ? [] : bulleted("", [costs], { width, indent: "  " })),
  ];
}

function worded(value: unknown): string {
  if (value === null) return "not there";
  const fingerprints = [value].flat().map(fingerprintOf);
  return fingerprints.includes(null) ? inShort(value) : fingerprints.join(", ");
}

/** Keys begin alike, so that a beginning tells none from another. */
function fingerprintOf(value: unknown): string | null {
  if (typeof value !== "string" || !OWNER_KEY.test(value)) return null;
  return toHex(plainHash("sha256", fromHex(value)));
}

/** A key of P-384 as manifests write it. */
const OWNER_KEY = /^[0-9a-f]{240}$/;

/**
 * What a manifest says, in rows.
 *
 * @param read The manifest.
 */
export function rowsOf(
  { manifest, digest, owner }: ReadManifest,
): readonly (readonly [string, string])[] {
  const { clusterId, sequence, issued, notAfter, kubernetes, labRoots, custodians } = manifest;
  return [
    ["manifest", `${sequence}`],
    ["digest", digest],
    ["cluster id", clusterId],
    ["owner", owner.id],
    ["counts", `${issued} to ${notAfter}`],
    ["kubernetes", kubernetes],
    ...(labRoots === null
      ? []
      : [["lab", "its roots are believed; nothing of it is real"] as const]),
    ...manifest.groups.map(({ name, role, variant, min, max, account }) => {
      const whose = account === "" ? "" : ` in ${account}`;
      return ["group", `${name}: ${role}, ${min} to ${max} of ${variant}${whose}`] as const;
    }),
    ...manifest.images.flatMap(({ variant, version, reference }) => [
      ["image", `${version} of ${variant}, by reference values`] as const,
      ["", reference] as const,
    ]),
    [
      "custodians",
      custodians === null ? "none" : `${custodians.threshold} of ${custodians.keys.length}`,
    ],
  ] as const;
}

/**
 * A file of reference values to fill in: what a verdict of `trusted` needs, and
 * the rest as comments. Unfilled, it is refused, so that nobody signs it by mistake.
 *
 * @module
 */

import { DecodeError, type Decoder, type Key } from "../../core/decode.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { type Pin, pinsOf } from "../../policy/reference/pins.ts";
import { nested } from "../../policy/reference/section.ts";

/** What stands where a value belongs. */
const HERE = "FILL-IN";

/**
 * The file.
 *
 * @param technology The variant.
 * @param now The current time.
 * @returns YAML with its line ends.
 */
export function templateOf(technology: AnyTechnology, now: Date): string {
  const { id, title, facts } = technology;
  const issued = `${now.toISOString().slice(0, 19)}Z`;
  const end = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 6, now.getUTCDate()));
  return [
    `# Reference values for ${title}: what should run there.`,
    `# Put a value in place of each ${HERE}, then: casemate reference check FILE`,
    "version: 1",
    "release: my-image-1.0.0",
    `issued: ${issued}`,
    `notAfter: ${end.toISOString().slice(0, 19)}Z`,
    "# Several sets are accepted at once, as during an upgrade; evidence must meet one of them whole.",
    "sets:",
    '  - name: "1.0.0"',
    `    ${id}:`,
    ...sectionLines(technology),
    ...(typeof facts?.runtimeRegister === "string" ? runtimeLines(facts.runtimeRegister) : []),
    "",
  ].join("\n");
}

/** Keys in the order of the technology; those of a part stand below its name. */
function sectionLines(technology: AnyTechnology): readonly string[] {
  const pins = pinsOf(technology);
  const parts = new Set(
    technology.references.filter((key) => key.includes(".")).map((key) => key.split(".")[0] ?? ""),
  );
  const own = technology.references.filter((key) => !key.includes("."));
  return [
    ...own.flatMap((key) => keyLines(technology, key, { pins, indent: "      " })),
    ...[...parts].flatMap((part) => {
      const keys = technology.references.filter((key) => key.startsWith(`${part}.`));
      const lines = keys.flatMap((key) => keyLines(technology, key, { pins, indent: "        " }));
      const head = `      ${part}:`;
      return [lines.every((line) => /^ *#/.test(line)) ? `      # ${part}:` : head, ...lines];
    }),
  ];
}

interface Place {
  readonly pins: readonly Pin[];
  readonly indent: string;
}

function keyLines(
  technology: AnyTechnology,
  key: string,
  { pins, indent }: Place,
): readonly string[] {
  const needed = pins.filter((pin) => pin.key === key);
  const wanted = needed.length > 0;
  const name = key.split(".").at(-1) ?? key;
  const says = saysOf(technology, key);
  const registers = needed.map(({ register }) => register).join(" and ");
  const why = needed.length > 0 ? [`# Needed for trusted: ${registers}.`] : [];
  const value = [
    `${name}:`,
    `  - known: ${isPublished(technology, name) ? "published" : "computed"}`,
    `    from: ${HERE}`,
    `    value: ${valueOf(technology, name, needed)}`,
  ];
  const lines = wanted ? value : value.map((line) => `# ${line}`);
  return [...(says === null ? [] : [`# ${says}.`]), ...why, ...lines].map((line) => indent + line);
}

/** What a vendor or the provider says of its own: floors, firmware, the paravisor. */
function isPublished({ facts }: AnyTechnology, name: string): boolean {
  const ofVendor = name.startsWith("minimumTcb") || ["mrSeam", "firmwareVersions"].includes(name);
  return ofVendor || (facts?.reportData === "paravisor" && name !== "registers");
}

/** A value in the form of the key. */
function valueOf(technology: AnyTechnology, name: string, pins: readonly Pin[]): string {
  if (name === "minimumTcb") return `{ genoa: { reported: { snp: ${HERE} } } }`;
  if (name.startsWith("minimum")) return HERE;
  const numbers = pins.flatMap(({ number }) => number ?? []);
  if (numbers.length === 0) return `[${HERE}]`;
  const registers = numbers.map((number) => `"${number}": [${HERE}]`).join(", ");
  return hasBanks(technology, pins) ? `{ sha256: { ${registers} } }` : `{ ${registers} }`;
}

/** Documents of a NitroTPM and of an enclave have one bank, so that registers stand there by number alone. */
function hasBanks({ policy }: AnyTechnology, [pin]: readonly Pin[]): boolean {
  const decoder: Decoder<unknown> = policy;
  const value = { sha256: { "4": ["11".repeat(32)] } };
  try {
    decoder.decode(nested((pin?.key ?? "").split("."), value), "");
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

/** What the policy says of a key. */
function saysOf({ policy }: AnyTechnology, key: string): string | null {
  let keys: Readonly<Record<string, Key<unknown>>> | undefined = policy.keys;
  let says: string | null = null;
  for (const name of key.split(".")) {
    const found: Key<unknown> | undefined = keys?.[name];
    says = found?.says ?? null;
    keys = found?.decoder.keys;
  }
  return says;
}

function runtimeLines(register: string): readonly string[] {
  return [
    `# Register of the phase, ${register}, by phase of the boot: zero, cluster, member.`,
    "# runtime:",
    "#   known: computed",
    `#   from: ${HERE}`,
    `#   value: { member: { ${register === "PCR 15" ? "sha256" : "sha384"}: [${HERE}] } }`,
  ].map((line) => `      ${line}`);
}

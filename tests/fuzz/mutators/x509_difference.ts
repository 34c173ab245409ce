/**
 * In what a certificate or a list differs from the one that was minted, and
 * whether that is left to its issuer: whoever holds the issuer's key may say
 * such a thing and be believed.
 *
 * @module
 */

import { equal, toHex } from "../../../src/core/bytes.ts";
import { type DerNode, derNode, writeDer } from "../../bends/der_edits.ts";

/** Tags that stand in the signed part. */
const SEQUENCE = 0x30;
const VERSION = 0xa0;
const INTEGER = 0x02;
const BOOLEAN = 0x01;
const TIMES: readonly number[] = [0x17, 0x18];

/** Names of what stands in the signed part of a certificate, from the serial number on (RFC 5280 §4.1). */
const CERTIFICATE_PARTS = ["serial", "algorithm", "issuer", "validity", "subject", "key"] as const;

/** Place of the subject among them. */
const SUBJECT = 4;

/** Extensions that tell where to look for something, or name keys for finding them (RFC 5280 §4.2.1). */
const TOLD: Readonly<Record<string, string>> = {
  "551d0e": "subject key identifier",
  "551d23": "authority key identifier",
  "551d1f": "distribution points",
  "551d14": "list number",
};

/** Key usage and basic constraints bind whether they are critical or not (§4.2.1.3, §4.2.1.9). */
const BOUND: Readonly<Record<string, string>> = {
  "551d0f": "key usage",
  "551d13": "basic constraints",
};

/** So do a list's issuing distribution point and what marks a delta list (§5.2.4, §5.2.5). */
const BOUND_IN_LISTS: Readonly<Record<string, string>> = {
  "551d1c": "scope",
  "551d1b": "delta list indicator",
};

/** Further extensions that bind: extended key usage, and what vendors and labs certify. Name constraints bind where they are critical, as they must be (§4.2.1.10). */
const BINDING = /^(551d25|2b060104019c7801.*|2a864886f84d010d01|88374301)$/;

/** Parts by name, as DER. */
type Parts = ReadonlyMap<string, Uint8Array>;

/**
 * Names of the parts in which two certificates or two lists differ.
 *
 * @param one DER.
 * @param other DER that was accepted, so that it can be taken apart.
 */
export function differingParts(one: Uint8Array, other: Uint8Array): readonly string[] {
  const [own, others] = [partsOf(one), partsOf(other)];
  const names = [...new Set([...own.keys(), ...others.keys()])];
  const none = new Uint8Array();
  return names.filter((name) => !equal(own.get(name) ?? none, others.get(name) ?? none));
}

function partsOf(bytes: Uint8Array): Parts {
  const [signedPart, outer] = derNode(bytes).inner;
  if (signedPart === undefined || outer === undefined) throw new RangeError("This is no X.509");
  const isList = !signedPart.inner.some(({ tag }) => tag === 0xa3);
  const parts = isList ? listParts(signedPart.inner) : certificateParts(signedPart.inner);
  return new Map([...parts, ["outer algorithm", writeDer(outer)]]);
}

function certificateParts(inner: readonly DerNode[]): Parts {
  const [version, rest] = leading(inner, VERSION);
  const parts = CERTIFICATE_PARTS.map((name, i) => [name, part(rest[i])] as const);
  const extensions = rest.slice(CERTIFICATE_PARTS.length).flatMap((node) =>
    extensionParts(node, false)
  );
  const names = new Map([["version", part(version)], ["common name", commonName(rest[SUBJECT])]]);
  return new Map([...names, ...parts, ...extensions]);
}

/** The CN of a name (RFC 5280, Appendix A.1), which says what a certificate is for. */
function commonName(name?: DerNode): Uint8Array {
  const attributes = name?.inner.flatMap(({ inner }) => inner) ?? [];
  const isCn = (one: DerNode): boolean => toHex(one.inner[0]?.content ?? none) === "550403";
  const none = new Uint8Array();
  return part(attributes.find(isCn)?.inner[1]);
}

function listParts(inner: readonly DerNode[]): Parts {
  const [version, [algorithm, issuer, thisUpdate, ...rest]] = leading(inner, INTEGER);
  const [nextUpdate, last] = leading(rest, ...TIMES);
  const revoked = last.filter(({ tag }) => tag === SEQUENCE);
  const extensions = last.filter(({ tag }) => tag !== SEQUENCE).flatMap((node) =>
    extensionParts(node, true)
  );
  const named = { version, algorithm, issuer, thisUpdate, nextUpdate };
  const parts = Object.entries(named).map(([name, node]) => [name, part(node)] as const);
  return new Map([
    ...parts,
    ...revoked.map((node) => ["revoked", part(node)] as const),
    ...extensions,
  ]);
}

/** The first where it is of a tag, and the others. */
function leading(
  nodes: readonly DerNode[],
  ...tags: readonly number[]
): readonly [DerNode | undefined, readonly DerNode[]] {
  const [first, ...rest] = nodes;
  return first !== undefined && tags.includes(first.tag) ? [first, rest] : [undefined, nodes];
}

function part(node?: DerNode): Uint8Array {
  return node === undefined ? new Uint8Array() : writeDer(node);
}

/** Each extension under its own name; their order is nobody's business. */
function extensionParts(
  { inner: [list] }: DerNode,
  isList: boolean,
): readonly (readonly [string, Uint8Array])[] {
  return (list?.inner ?? []).map((extension) => {
    const oid = toHex(extension.inner[0]?.content ?? new Uint8Array());
    const [, value] = extension.inner.filter(({ tag }) => tag !== BOOLEAN);
    const bound = (isList ? BOUND_IN_LISTS : BOUND)[oid];
    if (bound !== undefined) return [bound, part(value)] as const;
    return [TOLD[oid] ?? `extension ${oid}`, writeDer(extension)] as const;
  });
}

/**
 * Whether a part is an extension that nobody has to know (RFC 5280 §4.2): not critical, and none that binds.
 *
 * @param bytes DER of what was accepted.
 * @param name Name of the part.
 */
export function isIdle(bytes: Uint8Array, name: string): boolean {
  const [, oid] = /^extension (.*)$/.exec(name) ?? [];
  // A list that names no scope is of all that its issuer issues.
  if (name === "scope") return partOf(bytes, name).length === 0;
  if (oid === undefined || BINDING.test(oid)) return false;
  const extension = partOf(bytes, name);
  if (extension.length === 0) return true;
  const critical = derNode(extension).inner.find(({ tag }) => tag === BOOLEAN);
  return critical === undefined;
}

/** Seconds since 1970 of each time in a part (RFC 5280 §4.1.2.5). */
export function timesIn(bytes: Uint8Array): readonly number[] {
  const times = (node: DerNode): readonly number[] => {
    if (node.inner.length > 0) return node.inner.flatMap(times);
    const text = new TextDecoder().decode(node.content);
    const short = /^(\d\d)(\d{10})Z$/.exec(text);
    const [, century = ""] = short === null ? [] : ["", Number(short[1]) < 50 ? "20" : "19"];
    const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text);
    if (match === null) return [];
    const [year = 0, month = 0, ...rest] = match.slice(1).map(Number);
    return [Date.UTC(year, month - 1, ...rest) / 1000];
  };
  return bytes.length === 0 ? [] : times(derNode(bytes));
}

/**
 * What a part of some X.509 is.
 *
 * @param bytes DER.
 * @param name Name of the part.
 */
export function partOf(bytes: Uint8Array, name: string): Uint8Array {
  return partsOf(bytes).get(name) ?? new Uint8Array();
}

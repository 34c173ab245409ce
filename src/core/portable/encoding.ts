/**
 * Files of certificates and revocation lists, PEM or DER, told apart by content.
 *
 * @module
 */

import type { CoreCode } from "../codes.ts";
import type { CasemateError, ErrorFields } from "../errors.ts";
import { DerReader, readOnly, TAG } from "./der.ts";
import { Malformed, readIf, readOr } from "../malformed.ts";
import { splitPem } from "./pem.ts";
import { refuseCore } from "./refuse.ts";

/** Largest file with a chain, bytes. AMD's two certificates in PEM are 4.5 KiB. */
export const MAX_CHAIN_BYTES = 32 * 1024;

/** Most items of one file; a bundle of AMD's has 12. */
const MAX_ITEMS = 64;

/** What an item of a file is. */
export type Kind = "certificate" | "crl";

/** One item of a file. */
export interface Item {
  /** What it is by its outermost structure; parsing may still refuse it. */
  readonly kind: Kind;
  /** Its DER. */
  readonly der: Uint8Array;
}

/** What a place of an operation takes. */
export interface Place {
  /** Name for the person who gave the file, as `leaf`. */
  readonly name: string;
  /** Kind of its items; null takes both. */
  readonly kind: Kind | null;
  /** Largest size, bytes. */
  readonly limit: number;
}

/** Kinds by the labels that PEM has for them (RFC 7468 §5 and §6). */
const LABELS: Readonly<Record<string, Kind>> = {
  "CERTIFICATE": "certificate",
  "X509 CRL": "crl",
};

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  certificate: "a certificate",
  crl: "a revocation list",
};

/**
 * A refusal that names a place.
 *
 * @param place The place.
 * @param code Code.
 * @param fields What explains it.
 */
export function refuseAt(place: Place, code: CoreCode, fields: ErrorFields = {}): CasemateError {
  return refuseCore(code, { input: place.name, ...fields });
}

/**
 * Takes a file apart: DER where the first byte is that of a SEQUENCE, else PEM.
 *
 * @param input The file.
 * @param place What it is for.
 * @throws {InputError} `input.empty`, `input.too_large`, `input.encoding`, `input.wrong_kind`
 * @throws {RejectedError} `x509.malformed`, `x509.crl_malformed`, `x509.count`
 */
export function itemsOf(input: Uint8Array, place: Place): readonly Item[] {
  if (input.length > place.limit) {
    const fields = { limit: `${place.limit} bytes`, actual: `${input.length} bytes` };
    throw refuseAt(place, "input.too_large", fields);
  }
  if (input.length === 0) throw refuseAt(place, "input.empty");
  const isDer = input[0] === TAG.sequence;
  const malformed = place.kind === "crl" ? "x509.crl_malformed" : "x509.malformed";
  const items = readOr(
    () => isDer ? splitDer(input, place) : readPem(input, place),
    (reason) => refuseAt(place, isDer ? malformed : "input.encoding", { reason }),
  );
  const other = items.find(({ kind }) => place.kind !== null && kind !== place.kind);
  if (other === undefined || place.kind === null) return items;
  throw refuseAt(place, "input.wrong_kind", {
    expected: KIND_NAMES[place.kind],
    actual: KIND_NAMES[other.kind],
  });
}

/**
 * Takes a file apart that holds a certain number of items; gives their DER.
 *
 * @param input The file.
 * @param place What it is for.
 * @param count How many items it must hold.
 * @throws {RejectedError} `x509.count`, and those of {@linkcode itemsOf}.
 */
export function exactly(
  input: Uint8Array,
  place: Place,
  count: number,
): readonly Uint8Array[] {
  const items = itemsOf(input, place);
  if (items.length === count) return items.map(({ der }) => der);
  throw refuseAt(place, "x509.count", { expected: `${count}`, actual: `${items.length}` });
}

/**
 * The same for a file that holds one.
 *
 * @param input The file.
 * @param place What it is for.
 * @throws {RejectedError} `x509.count`, and those of {@linkcode itemsOf}.
 */
export function exactlyOne(input: Uint8Array, place: Place): Uint8Array {
  const [der = new Uint8Array()] = exactly(input, place, 1);
  return der;
}

function readPem(input: Uint8Array, place: Place): readonly Item[] {
  const items: Item[] = [];
  for (const { label, der } of splitPem(input, Object.keys(LABELS))) {
    checkRoom(items, place);
    items.push({ kind: LABELS[label] ?? "certificate", der });
  }
  return items;
}

/** Refuses to take one more item than a file may hold, before it is looked at. */
function checkRoom({ length }: readonly Item[], place: Place): void {
  if (length < MAX_ITEMS) return;
  throw refuseAt(place, "x509.count", { expected: `at most ${MAX_ITEMS}`, actual: "more" });
}

function splitDer(input: Uint8Array, place: Place): readonly Item[] {
  const items: Item[] = [];
  for (const rest = new DerReader(input); !rest.isAtEnd;) {
    const { tag, der } = rest.element();
    if (tag !== TAG.sequence) throw new Malformed("bytes after the end");
    checkRoom(items, place);
    items.push({ kind: readIf(() => kindOf(der)) ?? place.kind ?? "certificate", der });
  }
  return items;
}

/**
 * Tells by the fields of the signed part (RFC 5280 §4.1 and §5.1): a version 3
 * certificate starts with `[0]`; where both start alike, the fourth field is a
 * SEQUENCE (validity) in a certificate and a time in a list.
 *
 * @throws {Malformed} where it is neither.
 */
function kindOf(der: Uint8Array): Kind {
  const outer = new DerReader(readOnly(der, TAG.sequence, "the item"));
  const fields = new DerReader(readOnly(outer.element().der, TAG.sequence, "the signed part"));
  const first = fields.peek();
  if (first === TAG.sequence) return "crl";
  if (first !== undefined && isContextSpecific(first)) return "certificate";
  if (first !== TAG.integer) throw new Malformed("the signed part starts with another type");
  for (let field = 0; field < 3; field++) fields.element();
  const fourth = fields.peek();
  if (fourth === undefined) throw new Malformed("the signed part is cut short");
  return fourth === TAG.sequence ? "certificate" : "crl";
}

/** X.690 §8.1.2.2, table 1. */
function isContextSpecific(tag: number): boolean {
  return tag >> 6 === 2;
}

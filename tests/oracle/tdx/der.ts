/**
 * As much of DER as is needed to look into certificates and revocation lists
 * and to write them anew.
 *
 * @module
 */

import { concat, fromBase64 } from "../../../src/core/bytes.ts";
import { bitString, integer, sequence } from "../../../src/core/x509_writer/der.ts";
import { pem } from "../../../src/lab/mod.ts";
import { otherSignature } from "./quote.ts";

/** An element: its tag, its contents, and all of its bytes. */
interface Element {
  readonly tag: number;
  readonly contents: Uint8Array;
  readonly whole: Uint8Array;
}

/** The elements of some contents, which are well-formed. */
function elements(contents: Uint8Array): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < contents.length;) {
    const [tag = 0, short = 0] = contents.subarray(at);
    const more = short < 0x80 ? 0 : short & 0x7f;
    const size = more === 0
      ? short
      : contents.subarray(at + 2, at + 2 + more).reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + more;
    const end = start + size;
    found.push({ tag, contents: contents.slice(start, end), whole: contents.slice(at, end) });
    at = end;
  }
  return found;
}

/** The elements within the one element that some bytes are. */
function inside(der: Uint8Array): readonly Element[] {
  const [outer] = elements(der);
  if (outer === undefined) throw new Error("there is no DER");
  return elements(outer.contents);
}

/** Tags of times. */
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/**
 * The times of a certificate or a revocation list: from, until.
 *
 * @param der Certificate or CertificateList.
 */
export function timesOf(der: Uint8Array): readonly Date[] {
  const [signedPart] = inside(der);
  const parts = inside(signedPart?.whole ?? der);
  const validity = parts.flatMap(({ tag, contents }) => tag === 0x30 ? elements(contents) : []);
  const isTime = ({ tag }: Element): boolean => tag === UTC_TIME || tag === GENERALIZED_TIME;
  // A list has its times beside the other parts, a certificate in a sequence of two.
  const own = parts.filter(isTime);
  return (own.length > 0 ? own : validity.filter(isTime)).map(({ tag, contents }) => {
    const text = new TextDecoder().decode(contents);
    const [, year = "", rest = ""] = /^(\d+)(\d{10}Z)$/.exec(text) ?? [];
    const [, month, day, hour, minute, second] = /(..)(..)(..)(..)(..)Z/.exec(rest) ?? [];
    const century = tag === GENERALIZED_TIME ? "" : Number(year) < 50 ? "20" : "19";
    return new Date(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  });
}

/**
 * A certificate or revocation list with the other signature that holds.
 *
 * @param der Certificate or CertificateList, signed with ECDSA on P-256.
 */
export function otherwiseSigned(der: Uint8Array): Uint8Array<ArrayBuffer> {
  const [signedPart, algorithm, signature] = inside(der);
  if (!signedPart || !algorithm || !signature) throw new Error("there is no signature");
  // BIT STRING: the number of unused bits, which is zero, then ECDSA-Sig-Value.
  const numbers = inside(signature.contents.subarray(1)).map(({ contents }) => fixed(contents));
  const other = otherSignature(concat(...numbers));
  const [r, s] = [other.subarray(0, 32), other.subarray(32)].map(numberOf);
  const value = sequence(integer(r ?? 0n), integer(s ?? 0n));
  return sequence(signedPart.whole, algorithm.whole, bitString(value));
}

function fixed(contents: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(new Uint8Array(32), contents).slice(-32);
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
}

/**
 * The certificates of PEM text, DER.
 *
 * @param text The text, and what may follow it.
 */
export function certificatesOf(text: Uint8Array): readonly Uint8Array[] {
  const blocks = new TextDecoder().decode(text).matchAll(
    /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g,
  );
  return [...blocks].map(([, body = ""]) => fromBase64(body.replace(/\s/g, "")));
}

/**
 * Certificates as PEM.
 *
 * @param certificates DER.
 */
export function pemOf(certificates: readonly Uint8Array[]): string {
  return certificates.map((der) => pem("CERTIFICATE", der)).join("");
}

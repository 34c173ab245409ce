/**
 * One thing that is wrong with a certificate, or unusual and right, in the
 * manner of x509-limbo: what is done, and what must come of it by which rule.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import { type CertificateDescription, der, seal, writeCertificate } from "../../src/lab/mod.ts";
import { type DerNode, derNode, writeDer } from "../bends/der_edits.ts";

/** What comes of a certificate: right, or wrong in a way that each place has its own code for. */
export type Expected =
  | "accepted"
  | "malformed"
  | "shape"
  | "extension"
  | "algorithm"
  | "signature"
  | "expired"
  | "not yet valid";

/** Whose certificate is bent. */
export type Rank = "leaf" | "issuer" | "root";

/** Makes the bent certificate out of what a right one says. */
export type Edit = (said: CertificateDescription) => Promise<Uint8Array>;

/** A case. */
export interface LimboCase {
  /** What is done. */
  readonly what: string;
  /** The rule: RFC 5280 unless said. */
  readonly rule: string;
  /** How it is done. */
  readonly edit: Edit;
  /** What must come of it; by rank where they differ, not asked of a rank that is left out. */
  readonly expected: Expected | { readonly [rank in Rank]?: Expected };
  /** The technology that alone is asked. */
  readonly only?: "sev-snp" | "tdx";
  /** Why OpenSSL says otherwise than the engines, where it does. */
  readonly openssl?: string;
}

/** Says something else. */
export function saying(
  change: (said: CertificateDescription) => Partial<CertificateDescription>,
): Edit {
  return (said) => writeCertificate({ ...said, ...change(said) });
}

/** Places in the signed part of a version 3 certificate. */
export const FIELD = {
  version: 0,
  serial: 1,
  algorithm: 2,
  issuer: 3,
  validity: 4,
  subject: 5,
  key: 6,
  extensions: 7,
} as const;

/** Changes the encoding of the signed part, which is signed after it, so that nothing else is wrong. */
export function encoding(change: (fields: readonly DerNode[], signed: DerNode) => void): Edit {
  return async (said) => {
    const written = await writeCertificate({ ...said, signature: new Uint8Array(1) });
    const signed = partOf(derNode(written), 0);
    change(signed.inner, signed);
    return await seal(writeDer(signed), said);
  };
}

/** Changes what stands around the signed part: algorithm, signature, frame. */
export function framing(change: (certificate: DerNode) => void): Edit {
  return async (said) => {
    const certificate = derNode(await writeCertificate(said));
    change(certificate);
    return writeDer(certificate);
  };
}

/** A part of a value. */
export function partOf({ inner }: DerNode, ...path: readonly number[]): DerNode {
  const [at = 0, ...rest] = path;
  const part = inner.at(at);
  if (part === undefined) throw new RangeError("Cannot edit: there is no such part");
  return rest.length === 0 ? part : partOf(part, ...rest);
}

/** A field of the signed part, or a part of it. */
export function fieldOf(fields: readonly DerNode[], ...path: readonly number[]): DerNode {
  return partOf({ tag: 0, content: new Uint8Array(), inner: [...fields] }, ...path);
}

/** A value without parts. */
export function value(tag: number, ...octets: readonly number[]): DerNode {
  return { tag, content: Uint8Array.from(octets), inner: [] };
}

/** A value of text. */
export function textValue(tag: number, text: string): DerNode {
  return { tag, content: new TextEncoder().encode(text), inner: [] };
}

/** Puts other octets into a value. */
export function fill(node: DerNode, ...octets: readonly number[]): void {
  node.content = Uint8Array.from(octets);
  node.inner = [];
}

/** A length in one octet more than it needs. */
export function longer(size: number): readonly number[] {
  return size < 0x80
    ? [0x81, size]
    : size < 0x100
    ? [0x82, 0, size]
    : [0x83, 0, size >> 8, size & 0xff];
}

/** Makes the length of a value indefinite, with the two zeros that end it. */
export function makeIndefinite(node: DerNode): void {
  node.length = () => [0x80];
  node.inner.push(value(0));
}

/** Extensions added behind the others. */
export function adding(...more: CertificateDescription["extensions"]): Edit {
  return saying(({ extensions }) => ({ extensions: [...extensions, ...more] }));
}

/** A key of an elliptic curve with other octets for its point. */
export function ecKey(curve: string | null, ...point: readonly Uint8Array[]): Uint8Array {
  const algorithm = [der.oid("1.2.840.10045.2.1"), ...(curve === null ? [] : [der.oid(curve)])];
  return der.sequence(der.sequence(...algorithm), der.bitString(concat(...point)));
}

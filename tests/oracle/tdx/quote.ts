/**
 * Quotes taken apart and put together, without a look at what they mean: the
 * places of their fields, and their parts in order (Intel "TDX DCAP Quoting
 * Library API" A.3, "SGX ECDSA Quote Library Reference" A.4).
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { littleEndian } from "../../../src/lab/fields.ts";

/** A field's place. */
export interface Field {
  /** Name, with the part it belongs to. */
  readonly name: string;
  /** First byte. */
  readonly at: number;
  /** Bytes. */
  readonly size: number;
}

/** Names and sizes in order. */
type Layout = readonly (readonly [string, number])[];

const HEADER: Layout = [
  ["version", 2],
  ["attestationKeyType", 2],
  ["teeType", 4],
  ["qeSvn", 2],
  ["pceSvn", 2],
  ["qeVendor", 16],
  ["userData", 20],
];

const DESCRIPTOR: Layout = [["bodyType", 2], ["bodySize", 4]];

const TD_REPORT_10: Layout = [
  ["teeTcbSvn", 16],
  ["mrSeam", 48],
  ["mrSignerSeam", 48],
  ["seamAttributes", 8],
  ["tdAttributes", 8],
  ["xfam", 8],
  ["mrTd", 48],
  ["mrConfigId", 48],
  ["mrOwner", 48],
  ["mrOwnerConfig", 48],
  ["rtmr0", 48],
  ["rtmr1", 48],
  ["rtmr2", 48],
  ["rtmr3", 48],
  ["reportData", 64],
];

const TD_REPORT_15: Layout = [...TD_REPORT_10, ["teeTcbSvn2", 16], ["mrServiceTd", 48]];

const ENCLAVE: Layout = [
  ["cpuSvn", 16],
  ["miscSelect", 4],
  ["reserved1", 12],
  ["isvExtProdId", 16],
  ["attributes", 16],
  ["mrEnclave", 32],
  ["reserved2", 32],
  ["mrSigner", 32],
  ["reserved3", 32],
  ["configId", 64],
  ["isvProdId", 2],
  ["isvSvn", 2],
  ["configSvn", 2],
  ["reserved4", 42],
  ["isvFamilyId", 16],
  ["reportData", 64],
];

const SIGNATURE: Layout = [["r", 32], ["s", 32]];

/** Parts of a quote in order. */
export interface Parts {
  /** Header, descriptor and body. */
  readonly signedPart: Uint8Array;
  /** R and S of the quote. */
  readonly signature: Uint8Array;
  /** X and Y. */
  readonly attestationKey: Uint8Array;
  /** Type of the outer certification data; null in version 3, which has none. */
  readonly outerType: number | null;
  /** Report of the quoting enclave. */
  readonly qeReport: Uint8Array;
  /** R and S over it. */
  readonly qeReportSignature: Uint8Array;
  /** QE authentication data. */
  readonly authenticationData: Uint8Array;
  /** Type of the inner certification data. */
  readonly certificationType: number;
  /** The PCK certificate chain. */
  readonly certification: Uint8Array;
  /** What stands behind the chain, within the outer certification data. */
  readonly afterCertification: Uint8Array;
  /** What stands behind the certification data, within the signature data. */
  readonly afterOuter: Uint8Array;
  /** What follows the quote. */
  readonly trailing: Uint8Array;
}

/** Sizes that are written in place of the true ones. */
export interface Sizes {
  /** Of the signature data. */
  readonly signatureData?: number;
  /** Of the outer certification data. */
  readonly outer?: number;
  /** Of the QE authentication data. */
  readonly authenticationData?: number;
  /** Of the certification data. */
  readonly certification?: number;
}

/** Reads one thing after the other. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(size: number): Uint8Array {
    const end = this.#at + size;
    if (end > this.#bytes.length) throw new RangeError("the quote is shorter than it says");
    const taken = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return taken;
  }

  number(size: number): number {
    return this.take(size).reduceRight((sum, byte) => sum * 256 + byte, 0);
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at);
  }
}

/**
 * Takes a quote apart.
 *
 * @param quote A well-formed quote.
 */
export function takeApart(quote: Uint8Array): Parts {
  const { version, body } = layoutOf(quote);
  const reader = new Reader(quote);
  const signedPart = reader.take(sizeOf(HEADER) + (version === 5 ? 6 : 0) + sizeOf(body));
  const data = new Reader(reader.take(reader.number(4)));
  const [signature, attestationKey] = [data.take(64), data.take(64)];
  const outerType = version === 3 ? null : data.number(2);
  const inner = version === 3 ? data : new Reader(data.take(data.number(4)));
  const [qeReport, qeReportSignature] = [inner.take(sizeOf(ENCLAVE)), inner.take(64)];
  const authenticationData = inner.take(inner.number(2));
  const certificationType = inner.number(2);
  const certification = inner.take(inner.number(4));
  return {
    signedPart,
    signature,
    attestationKey,
    outerType,
    qeReport,
    qeReportSignature,
    authenticationData,
    certificationType,
    certification,
    afterCertification: inner.rest(),
    afterOuter: data.rest(),
    trailing: reader.rest(),
  };
}

/**
 * Puts a quote together.
 *
 * @param parts Its parts.
 * @param sizes Sizes that are not the true ones.
 */
export function putTogether(parts: Parts, sizes: Sizes = {}): Uint8Array<ArrayBuffer> {
  const { authenticationData, certification, outerType } = parts;
  const inner = concat(
    parts.qeReport,
    parts.qeReportSignature,
    littleEndian(sizes.authenticationData ?? authenticationData.length, 2),
    authenticationData,
    littleEndian(parts.certificationType, 2),
    littleEndian(sizes.certification ?? certification.length, 4),
    certification,
    parts.afterCertification,
  );
  const head = outerType === null
    ? []
    : [littleEndian(outerType, 2), littleEndian(sizes.outer ?? inner.length, 4)];
  const data = concat(parts.signature, parts.attestationKey, ...head, inner, parts.afterOuter);
  const size = littleEndian(sizes.signatureData ?? data.length, 4);
  return concat(parts.signedPart, size, data, parts.trailing);
}

/**
 * The places of all fields up to the certification data.
 *
 * @param quote A well-formed quote.
 */
export function fieldsOf(quote: Uint8Array): readonly Field[] {
  const { version, body } = layoutOf(quote);
  const { authenticationData } = takeApart(quote);
  const sections: readonly (readonly [string, Layout])[] = [
    ["header", HEADER],
    ["descriptor", version === 5 ? DESCRIPTOR : []],
    ["body", body],
    ["", [["signatureDataSize", 4]]],
    ["signature", SIGNATURE],
    ["attestationKey", [["x", 32], ["y", 32]]],
    ["outer", version === 3 ? [] : [["type", 2], ["size", 4]]],
    ["qeReport", ENCLAVE],
    ["qeReportSignature", SIGNATURE],
    ["authenticationData", [["size", 2], ["bytes", authenticationData.length]]],
    ["certification", [["type", 2], ["size", 4]]],
  ];
  let at = 0;
  return sections.flatMap(([section, layout]) =>
    layout.map(([name, size]) => {
      const field = { name: section === "" ? name : `${section}.${name}`, at, size };
      at += size;
      return field;
    })
  );
}

function layoutOf(quote: Uint8Array): { readonly version: number; readonly body: Layout } {
  const view = new DataView(quote.buffer, quote.byteOffset, quote.byteLength);
  const version = view.getUint16(0, true);
  const sgx = view.getUint32(4, true) === 0;
  const is15 = version === 5 && view.getUint16(sizeOf(HEADER), true) === 3;
  return { version, body: sgx ? ENCLAVE : is15 ? TD_REPORT_15 : TD_REPORT_10 };
}

function sizeOf(layout: Layout): number {
  return layout.reduce((sum, [, size]) => sum + size, 0);
}

/** Order of the group of P-256 (SP 800-186 §3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * The other signature that holds wherever one holds: N - S in place of S.
 *
 * @param signature R and S, 32 bytes each, big-endian.
 */
export function otherSignature(signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(signature.subarray(0, 32), scalar(ORDER - numberOf(signature.subarray(32))));
}

/** Values that no signature may have, as 32 bytes: zero, the order, more than the order, all ones. */
export const BAD_SCALARS: Readonly<Record<string, Uint8Array>> = {
  zero: new Uint8Array(32),
  order: scalar(ORDER),
  aboveOrder: scalar(ORDER + 1n),
  ones: new Uint8Array(32).fill(0xff),
};

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
}

function scalar(value: bigint): Uint8Array<ArrayBuffer> {
  return littleEndian(value, 32).reverse();
}

/**
 * Bytes with one bit turned.
 *
 * @param bytes The bytes.
 * @param bit Number of the bit, from the lowest of the first byte on.
 */
export function turned(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte, i) => i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte);
}

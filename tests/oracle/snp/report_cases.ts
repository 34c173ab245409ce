/**
 * Reports with something changed that nobody signs anew: bits, sizes, and the
 * two numbers of the signature.
 *
 * @module
 */

import { concat } from "../../../src/core/bytes.ts";
import { littleEndian } from "../../../src/lab/fields.ts";
import { REPORT_BYTES, SIGNATURE_OFFSET } from "../../../src/lab/mod.ts";
import { Random } from "../random.ts";
import { planned, type PlannedCase, type SnpCase } from "./case.ts";
import { FIELDS, turned, withBytes } from "./fields.ts";

/** Bits turned in each field. */
const FLIPS = 2;

/** Lengths at which a report is cut, beside the remarkable ones. */
const CUTS = 6;

/** Bytes of R and of S, each in a field of 72 (AMD 56860 Table 139). */
const SCALAR_BYTES = 48;
const FIELD_BYTES = 72;

/** Order of the group of P-384 (SP 800-186 §3.2.1.4). */
const ORDER =
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;

/**
 * All changed reports of a case.
 *
 * @param base A case that verifies.
 */
export function reportCases(base: SnpCase): readonly PlannedCase[] {
  return [...bitCases(base), ...sizeCases(base), ...signatureCases(base)];
}

function bitCases(base: SnpCase): readonly PlannedCase[] {
  const random = new Random(11);
  const { report } = base.input;
  return FIELDS.flatMap(({ name, at, size }) =>
    Array.from({ length: FLIPS }, () => {
      const bit = random.below(size * 8);
      return planned(base, `bit/${name}/${bit}`, () => ({ report: turned(report, at * 8 + bit) }));
    })
  );
}

function sizeCases(base: SnpCase): readonly PlannedCase[] {
  const random = new Random(12);
  const { report } = base.input;
  const lengths = [0, 1, SIGNATURE_OFFSET, SIGNATURE_OFFSET + 2 * FIELD_BYTES, REPORT_BYTES - 1];
  const cuts = Array.from({ length: CUTS }, () => random.below(REPORT_BYTES));
  const added: Readonly<Record<string, Uint8Array>> = {
    "one-zero": new Uint8Array(1),
    "one": Uint8Array.of(1),
    "zeros": new Uint8Array(64),
    "page": new Uint8Array(4096 - REPORT_BYTES),
    "report": report,
  };
  return [
    ...[...lengths, ...cuts].map((length) =>
      planned(base, `cut/${length}`, () => ({ report: report.slice(0, length) }))
    ),
    ...Object.entries(added).flatMap(([what, bytes]) => [
      planned(base, `after/${what}`, () => ({ report: concat(report, bytes) })),
      planned(base, `before/${what}`, () => ({ report: concat(bytes, report) })),
    ]),
  ];
}

function signatureCases(base: SnpCase): readonly PlannedCase[] {
  const { report } = base.input;
  const part = (at: number, size: number): Uint8Array => report.slice(at, at + size);
  const [r, s] = [SIGNATURE_OFFSET, SIGNATURE_OFFSET + FIELD_BYTES];
  const [R, S] = [r, s].map((at) => part(at, FIELD_BYTES));
  if (R === undefined || S === undefined) throw new Error("the report has no signature");
  const put = (what: string, first: Uint8Array, second: Uint8Array): PlannedCase =>
    planned(
      base,
      `signature/${what}`,
      () => ({ report: withBytes(report, r, concat(first, second)) }),
    );
  const [valueR, valueS] = [numberOf(R), numberOf(S)];
  return [
    put("as-it-is", R, S),
    put("other-s", R, scalar(ORDER - valueS)),
    put("swapped", S, R),
    put("both-zero", scalar(0n), scalar(0n)),
    put("both-one", scalar(1n), scalar(1n)),
    put("r-twice", R, R),
    ...Object.entries(badScalars(valueR)).map(([what, bytes]) => put(`r-${what}`, bytes, S)),
    ...Object.entries(badScalars(valueS)).map(([what, bytes]) => put(`s-${what}`, R, bytes)),
    put("both-big-endian", reversed(R), reversed(S)),
    put("both-big-endian-in-72", R.toReversed(), S.toReversed()),
    put("packed", R.subarray(0, SCALAR_BYTES), concat(S.subarray(0, SCALAR_BYTES))),
    ...[48, 60, 71].flatMap((at) => [
      put(`r-padding-${at}`, withBytes(R, at, Uint8Array.of(1)), S),
      put(`s-padding-${at}`, R, withBytes(S, at, Uint8Array.of(1))),
    ]),
    ...[144, 300, 511].map((at) =>
      planned(base, `signature/reserved-${at}`, () => ({
        report: withBytes(report, r + at, Uint8Array.of(0x80)),
      }))
    ),
  ];
}

/** Numbers that stand for none or for another one, as their 72 bytes. */
function badScalars(value: bigint): Readonly<Record<string, Uint8Array>> {
  const bytes = scalar(value);
  return {
    "zero": scalar(0n),
    "one": scalar(1n),
    "order": scalar(ORDER),
    "order-less-one": scalar(ORDER - 1n),
    "above-order": scalar(ORDER + 1n),
    "plus-order": scalar(value + ORDER),
    "plus-2-384": scalar(value + (1n << 384n)),
    "less-one": scalar(value - 1n),
    "ones": new Uint8Array(FIELD_BYTES).fill(0xff),
    "big-endian": reversed(bytes),
    "shifted": concat(new Uint8Array(FIELD_BYTES - SCALAR_BYTES), bytes.subarray(0, SCALAR_BYTES)),
  };
}

function scalar(value: bigint): Uint8Array<ArrayBuffer> {
  return littleEndian(value, FIELD_BYTES);
}

/** The number big-endian, and the padding where it is. */
function reversed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(bytes.slice(0, SCALAR_BYTES).reverse(), bytes.subarray(SCALAR_BYTES));
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);
}

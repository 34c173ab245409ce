/**
 * Test support: writes structures of TPMs, right or wrong, and asks both
 * engines. Holds no tests of its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat, fromHex } from "../../../core/bytes.ts";
import type { Operation } from "../../../core/crypto.ts";
import { inlineEngine } from "../../../core/crypto_inline.ts";
import { InputError, RejectedError } from "../../../core/errors.ts";
import { createPortableEngine } from "../../../core/portable/engine.ts";
import { askBoth } from "../../../../tests/portable/strict.ts";
import { operations } from "./mod.ts";

const engines = [inlineEngine, createPortableEngine(operations)] as const;

/**
 * Runs an operation in both engines, which must come to the same; the shape of
 * the answer is the caller's word.
 */
export async function run<T>(operation: Operation, ...parts: Uint8Array[]): Promise<T> {
  return await askBoth(engines, operation, parts) as T;
}

/** Demands that a run is refused with a code, and gives the fields. */
export async function refused(
  code: string,
  ran: Promise<unknown>,
): Promise<Readonly<Record<string, string>>> {
  const error = await ran.then(() => assert.fail(`accepted, expected ${code}`), (e: unknown) => e);
  if (!(error instanceof RejectedError || error instanceof InputError)) throw error;
  assert.equal(error.code, code, error.message);
  return error.fields;
}

/** A number, big-endian. */
export function be(value: number, bytes: number): Uint8Array {
  const shown = value.toString(16).padStart(2 * bytes, "0");
  return fromHex(shown);
}

/** A TPM2B. */
export function sized(content: Uint8Array): Uint8Array {
  return concat(be(content.length, 2), content);
}

/** Fields of a quote, as bytes; each can be bent. */
export interface QuoteParts {
  readonly magic: Uint8Array;
  readonly type: Uint8Array;
  readonly signer: Uint8Array;
  readonly data: Uint8Array;
  readonly clock: Uint8Array;
  readonly safe: Uint8Array;
  readonly firmware: Uint8Array;
  readonly selections: Uint8Array;
  readonly digest: Uint8Array;
}

/** A selection as a TPM writes it. */
export function selection(algorithm: number, ...bitmap: readonly number[]): Uint8Array {
  return concat(be(algorithm, 2), Uint8Array.of(bitmap.length, ...bitmap));
}

/** A list of selections. */
export function selections(...all: readonly Uint8Array[]): Uint8Array {
  return concat(be(all.length, 4), ...all);
}

const PARTS: QuoteParts = {
  magic: fromHex("ff544347"),
  type: fromHex("8018"),
  signer: sized(concat(fromHex("000b"), new Uint8Array(32).fill(7))),
  data: sized(fromHex("0102030405060708")),
  clock: fromHex("ffffffffffffffff0000000700000002"),
  safe: Uint8Array.of(1),
  firmware: fromHex("2020031200120003"),
  selections: selections(selection(0x0b, 0x01, 0x00, 0x80)),
  digest: sized(new Uint8Array(32)),
};

/** A quote over registers 0 and 23 of SHA-256, but for what is given. */
export function writeQuote(bent: Partial<QuoteParts> = {}): Uint8Array<ArrayBuffer> {
  return concat(...Object.values({ ...PARTS, ...bent }));
}

/** Attributes of an attestation key: fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, restricted, sign. */
export const AK_ATTRIBUTES = 0x0005_0072;

/** Fields of a public area, as bytes. */
export interface AreaParts {
  readonly type: Uint8Array;
  readonly nameAlg: Uint8Array;
  readonly attributes: Uint8Array;
  readonly policy: Uint8Array;
  readonly symmetric: Uint8Array;
  readonly scheme: Uint8Array;
  /** Size and exponent, or curve and key derivation. */
  readonly kind: Uint8Array;
  readonly unique: Uint8Array;
}

const AREA = {
  nameAlg: be(0x0b, 2),
  attributes: be(AK_ATTRIBUTES, 4),
  policy: sized(new Uint8Array()),
  symmetric: be(0x10, 2),
};

/** Public area of an RSA key that signs with RSASSA and SHA-256, but for what is given. */
export function rsaArea(modulus: Uint8Array, bent: Partial<AreaParts> = {}): Uint8Array {
  const parts: AreaParts = {
    type: be(0x01, 2),
    ...AREA,
    scheme: fromHex("0014000b"),
    kind: concat(be(8 * modulus.length, 2), be(0, 4)),
    unique: sized(modulus),
  };
  return concat(...Object.values({ ...parts, ...bent }));
}

/** Public area of a P-256 or P-384 key that signs with ECDSA and SHA-256, but for what is given. */
export function eccArea(point: Uint8Array, bent: Partial<AreaParts> = {}): Uint8Array {
  const half = (point.length + 1) / 2;
  const parts: AreaParts = {
    type: be(0x23, 2),
    ...AREA,
    scheme: fromHex("0018000b"),
    kind: concat(be(point.length === 65 ? 3 : 4, 2), be(0x10, 2)),
    unique: concat(sized(point.subarray(1, half)), sized(point.subarray(half))),
  };
  return concat(...Object.values({ ...parts, ...bent }));
}

/** TPMT_SIGNATURE of RSA, or of ECDSA where two numbers are given. */
export function tpmtSignature(
  scheme: number,
  hash: number,
  ...numbers: readonly Uint8Array[]
): Uint8Array {
  return concat(be(scheme, 2), be(hash, 2), ...numbers.map(sized));
}

/** R and S of what WebCrypto gives. */
export function halves(raw: Uint8Array): readonly [Uint8Array, Uint8Array] {
  return [raw.subarray(0, raw.length / 2), raw.subarray(raw.length / 2)];
}

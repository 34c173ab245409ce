/**
 * Shapes of the engine's answers as data, tied to the TypeScript types: each
 * table must have exactly the keys of its type, and each answer exactly the
 * keys of its table.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Operation } from "../src/core/crypto.ts";
import { inlineEngine } from "../src/core/crypto_inline.ts";
import type { CertificateSummary, DescribedCertificate, DescribedCrl } from "../src/core/x509.ts";

/** What a value must be: a primitive, a text of a pattern, a list, a tuple, one of several, an object of exact keys. */
export type Shape =
  | "number"
  | "boolean"
  | "string"
  | null
  | RegExp
  | Compound
  | { readonly [key: string]: Shape };

/** A list of any length, values one after the other, or one of several. */
type Compound =
  | readonly ["list", Shape]
  | readonly ["each", ...Shape[]]
  | readonly ["either", ...Shape[]];

/** A table of exactly the keys of a type, optional ones too. */
export type ShapeOf<T> = { readonly [K in keyof T]-?: Shape };

/** Bytes of a number, as lowercase hex. */
export const hex = (bytes: number): RegExp => new RegExp(`^[0-9a-f]{${2 * bytes}}$`);
/** Bytes of any number, as lowercase hex. */
export const HEX: RegExp = /^([0-9a-f]{2})+$/;
/** A number of 64 bits. */
export const WORD: RegExp = /^0x[0-9a-f]{16}$/;
/** A moment, ISO 8601, UTC. */
export const MOMENT: RegExp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
/** One of several. */
export const either = (...shapes: Shape[]): Shape => ["either", ...shapes];
/** A list of any length. */
export const list = (shape: Shape): Shape => ["list", shape];

/** `CertificateSummary`. */
export const CERTIFICATE: ShapeOf<CertificateSummary> = {
  subject: "string",
  issuer: "string",
  serial: HEX,
  notBefore: MOMENT,
  notAfter: MOMENT,
  sha256: hex(32),
  spkiSha256: hex(32),
};

const DESCRIBED_CERTIFICATE: ShapeOf<DescribedCertificate> = {
  kind: /^certificate$/,
  summary: CERTIFICATE,
  version: "number",
  signatureAlgorithm: "string",
  keyAlgorithm: "string",
  isCa: "boolean",
  pathLen: either("number", null),
  keyUsage: list("string"),
  crlDistributionPoint: either("string", null),
  extensions: list({ oid: /^[0-2](\.\d+)+$/, critical: "boolean", bytes: "number" }),
  lab: "boolean",
};

const DESCRIBED_CRL: ShapeOf<DescribedCrl> = {
  kind: /^crl$/,
  issuer: "string",
  thisUpdate: MOMENT,
  nextUpdate: either(MOMENT, null),
  number: either(HEX, null),
  scope: either("string", null),
  revoked: list(HEX),
  revokedCount: "number",
  sha256: hex(32),
  signatureAlgorithm: "string",
};

/** Answer of `x509_describe`. */
export const DESCRIPTION: Shape = { items: list(either(DESCRIBED_CERTIFICATE, DESCRIBED_CRL)) };

/**
 * Where a value is not of a shape: paths with what is wrong there.
 *
 * @param value The value.
 * @param shape The shape.
 * @param at Path of the value.
 */
export function misfits(value: unknown, shape: Shape, at = "answer"): readonly string[] {
  if (shape === null) return value === null ? [] : [`${at} is not null`];
  if (typeof shape === "string") return ofPrimitive(value, shape) ? [] : [`${at} is no ${shape}`];
  if (shape instanceof RegExp) {
    return typeof value === "string" && shape.test(value) ? [] : [`${at} is not ${shape}`];
  }
  if (isCompound(shape)) return misfitsOfCompound(value, shape, at);
  if (!isObject(value)) return [`${at} is no object`];
  const keys = new Set([...Object.keys(value), ...Object.keys(shape)]);
  return [...keys].flatMap((key) => {
    const wanted = shape[key];
    if (wanted === undefined) return [`${at}.${key} is too much`];
    return Object.hasOwn(value, key)
      ? misfits(value[key], wanted, `${at}.${key}`)
      : [`${at}.${key} is missing`];
  });
}

function ofPrimitive(value: unknown, kind: "number" | "boolean" | "string"): boolean {
  return typeof value === kind && (kind !== "number" || Number.isSafeInteger(value));
}

function isCompound(shape: Shape): shape is Compound {
  return Array.isArray(shape);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function misfitsOfCompound(value: unknown, shape: Compound, at: string): readonly string[] {
  const [kind, ...inner] = shape;
  if (kind === "either") return misfitsOfEither(value, inner, at);
  if (!Array.isArray(value)) return [`${at} is no list`];
  if (kind === "each" && value.length !== inner.length) {
    return [`${at} has ${value.length} items, not ${inner.length}`];
  }
  return value.flatMap((one: unknown, i) =>
    misfits(one, inner[kind === "each" ? i : 0] ?? null, `${at}[${i}]`)
  );
}

/** None where a choice fits, else those of the nearest. */
function misfitsOfEither(value: unknown, choices: readonly Shape[], at: string): readonly string[] {
  const results = choices.map((choice) => misfits(value, choice, at));
  return results.toSorted((a, b) => a.length - b.length)[0] ?? [`${at} has no choice`];
}

/**
 * Alternatives of a shape that no value has: paths with what was never there.
 *
 * @param values Values of the shape.
 * @param shape The shape.
 * @param at Path of the values.
 */
export function unseen(
  values: readonly unknown[],
  shape: Shape,
  at = "answer",
): readonly string[] {
  if (shape === null || typeof shape === "string" || shape instanceof RegExp) return [];
  if (isCompound(shape)) return unseenOfCompound(values, shape, at);
  return Object.entries(shape).flatMap(([key, inner]) =>
    unseen(values.map((value) => isObject(value) ? value[key] : undefined), inner, `${at}.${key}`)
  );
}

function unseenOfCompound(
  values: readonly unknown[],
  [kind, ...inner]: Compound,
  at: string,
): readonly string[] {
  if (kind === "either") return unseenOfEither(values, inner, at);
  const lists = values.filter((value) => Array.isArray(value));
  if (kind === "each") {
    return inner.flatMap((one, i) => unseen(lists.map((list) => list[i]), one, `${at}[${i}]`));
  }
  const items = lists.flat();
  if (items.length === 0) return [`${at} is always empty`];
  return inner.flatMap((one) => unseen(items, one, `${at}[]`));
}

function unseenOfEither(
  values: readonly unknown[],
  choices: readonly Shape[],
  at: string,
): readonly string[] {
  return choices.flatMap((choice, i) => {
    const found = values.filter((value) => misfits(value, choice).length === 0);
    const name = choice === null ? "null" : `choice ${i}`;
    return found.length === 0 ? [`${at} is never ${name}`] : unseen(found, choice, at);
  });
}

/**
 * Asserts that an answer of the engine is of a shape, and gives it.
 *
 * @param operation The operation.
 * @param bytes Its only field.
 * @param shape The shape.
 * @param what What the bytes are, for the message.
 */
export async function assertAnswer(
  operation: Operation,
  bytes: Uint8Array,
  shape: Shape,
  what: string,
): Promise<unknown> {
  const answer = await inlineEngine.run(operation, [bytes]);
  assert.deepEqual(misfits(answer, shape), [], `${operation} of ${what}`);
  return answer;
}

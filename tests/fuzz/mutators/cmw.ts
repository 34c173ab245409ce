/**
 * CMW records as JSON and as CBOR, bare and in certificates.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { readCmw, writeCmwCbor, writeCmwJson } from "../../../mod.ts";
import { concat, equal, toHex } from "../../../src/core/bytes.ts";
import { toBase64url } from "../../../src/core/base64url.ts";
import {
  cborArray,
  cborBytes,
  cborHead,
  cborInteger,
  cborMap,
  cborTagged,
  cborText,
} from "../../../src/lab/mod.ts";
import { anyCbor } from "../../bends/cbor_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { ENVELOPES } from "./envelope.ts";
import { jsonSteps, valueOf } from "./json_steps.ts";

const TYPE = "application/vnd.casemate.evidence+json";

/** A record on its way. */
export interface BentRecord {
  /** The envelope that it held at first. */
  readonly envelope: Uint8Array;
  /** The record. */
  readonly file: Uint8Array;
}

/** Numbers around what an indicator may be. */
const NUMBERS = [0, 1, 2, 3, 4, 5, 7, 12, 23, 24, 255, 256, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -1];

/** A record of CBOR with one item in another form. */
function bentCbor({ envelope }: BentRecord, dice: Dice): Uint8Array {
  const [type, value, evidence] = [cborText(TYPE), cborBytes(envelope), cborInteger(4)];
  const number = cborInteger(dice.pick(NUMBERS));
  const any = anyCbor(dice);
  const width = dice.pick([1, 2, 4, 8]);
  const long = concat(cborHead("bytes", envelope.length, dice.pick([2, 4, 8])), envelope);
  const half = Math.floor(envelope.length / 2);
  const [one, other] = [cborBytes(envelope.subarray(0, half)), cborBytes(envelope.subarray(half))];
  const chunked = concat(Uint8Array.of(0x5f), one, other, Uint8Array.of(0xff));
  const bends: readonly (() => Uint8Array)[] = [
    () => cborArray(type, value),
    () => cborArray(type, value, number),
    () => cborArray(type, value, number),
    () => cborArray(any, value, evidence),
    () => cborArray(type, any, evidence),
    () => cborArray(type, value, any),
    () => cborArray(type, value, evidence, any),
    () => cborArray(type),
    () => cborArray(type, long, evidence),
    () => cborArray(type, chunked, evidence),
    () =>
      cborArray(
        cborText(dice.pick([TYPE.toUpperCase(), `${TYPE};v=1`, `${TYPE} `, "", "a/b"])),
        value,
      ),
    () => cborArray(number, value, evidence),
    () => concat(cborHead("array", 3, width), type, value, evidence),
    () => concat(Uint8Array.of(0x9f), type, value, evidence, Uint8Array.of(0xff)),
    () => concat(cborArray(type, value, evidence), dice.bytes(dice.pick([1, 4]))),
    () => cborMap([type, cborArray(type, value)]),
    () => cborTagged(dice.pick([18, 1_668_546_817]), value),
  ];
  return dice.pick(bends)();
}

const TEXT_STEPS = jsonSteps({
  raws: [
    "4",
    "5",
    "12",
    "3",
    "4294967295",
    "4294967300",
    "-4",
    `"${TYPE}"`,
    `"${TYPE};v=1"`,
    '"AQ"',
  ],
  names: ["__cmwc_t", "a"],
});

const STEPS: StepTable<BentRecord> = {
  "CBOR": (record, dice) => ({ ...record, file: bentCbor(record, dice) }),
  "whole CBOR": ({ envelope }) => ({ envelope, file: writeCmwCbor(envelope) }),
  ...Object.fromEntries(
    Object.entries(TEXT_STEPS).map(([name, step]) => [
      name,
      async ({ envelope, file }: BentRecord, dice: Dice) => ({
        envelope,
        file: await step(file, dice),
      }),
    ]),
  ),
};

/** A start, and steps over it. */
export interface GivenRecord {
  readonly start: number;
  readonly steps: readonly Step[];
}

/** What fast-check makes of records. */
export function givenRecords(): fc.Arbitrary<GivenRecord> {
  return fc.record({
    start: fc.nat(ENVELOPES.length - 1),
    steps: someSteps(STEPS, { "CBOR": 8, "tree": 4 }),
  });
}

/** A record as a start and steps make it. */
export async function recordOf({ start, steps }: GivenRecord): Promise<BentRecord> {
  const envelope = ENVELOPES[start] ?? new Uint8Array();
  return await takeSteps<BentRecord>(STEPS, { envelope, file: writeCmwJson(envelope) }, steps);
}

/** Whether an indicator says evidence (RFC 9999: the third bit of 32). */
const saysEvidence = (number: number): boolean =>
  number < 2 ** 32 && Math.floor(number / 4) % 2 === 1;

/** Asserts that a record of CBOR is the one encoding of what was read. */
function assertCbor(file: Uint8Array, value: Uint8Array): void {
  const items = concat(cborText(TYPE), cborBytes(value));
  if (equal(file, concat(cborHead("array", 2), items))) return;
  const start = concat(cborHead("array", 3), items);
  assert.equal(toHex(file.subarray(0, start.length)), toHex(start));
  const rest = file.subarray(start.length);
  const indicator = rest.length === 1
    ? rest[0] ?? 0
    : rest.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  assert.equal(toHex(rest), toHex(cborInteger(indicator)), "the indicator is in its shortest form");
  assert.ok(saysEvidence(indicator), `the indicator is ${indicator}`);
}

/** Asserts that a record of JSON says what was read. */
function assertJson(file: Uint8Array, value: Uint8Array): void {
  const record = valueOf(file);
  assert.ok(Array.isArray(record) && (record.length === 2 || record.length === 3));
  assert.deepEqual(record.slice(0, 2), [TYPE, toBase64url(value)]);
  if (record.length === 3) assert.ok(saysEvidence(Number(record[2])), `it is ${record[2]}`);
}

/** How bytes end that may be a record. */
function endOf(file: Uint8Array): string {
  try {
    const value = readCmw(file);
    const isCbor = ((file[0] ?? 0) & 0xe0) === 0x80;
    (isCbor ? assertCbor : assertJson)(file, value);
    assert.deepEqual(readCmw(writeCmwCbor(value)), value);
    assert.deepEqual(readCmw(writeCmwJson(value)), value);
    return isCbor ? "accepted CBOR" : "accepted JSON";
  } catch (error) {
    assertTyped(error);
    assert.match(error.code, /^envelope\.(cmw|media_type)$|^input\.too_large$/);
    return error.code;
  }
}

/** CMW records. */
export const cmw: Kind = kindOf<GivenRecord>({
  id: "cmw",
  says: "CMW records, JSON and CBOR",
  given: () => Promise.resolve(givenRecords()),
  async judge(given) {
    const { file } = await recordOf(given);
    return await timed(() => Promise.resolve(endOf(file)), { cmw: file });
  },
});

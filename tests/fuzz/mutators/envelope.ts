/**
 * Envelopes: what is accepted is written again as the same, and nothing but
 * files comes out.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Envelope, openEnvelope, readEnvelope, writeEnvelope } from "../../../mod.ts";
import { fromHex, isBytes, toHex } from "../../../src/core/bytes.ts";
import { envelopes } from "../../protocol/vectors.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { inCanonicalForm, jsonSteps } from "./json_steps.ts";

/** Envelopes that are right. */
export const ENVELOPES: readonly Uint8Array[] = envelopes.cases.map(({ envelope }) =>
  fromHex(envelope)
);

const STEPS: StepTable<Uint8Array> = jsonSteps({
  raws: [
    ...[
      '"tdx"',
      '"AQ"',
      '"AQI"',
      '"AQID"',
      '"AB"',
      '"AA=="',
      '"A+"',
      '["AQ"]',
      '[["AQ"]]',
      '{"0":""}',
    ],
    ...['[{"msg":"AQ","sig":"AQ"}]', '{"report":"AQ"}', '{"eventLog":"AQ"}', '{"document":"AQ"}'],
    ...[
      `{"sha256":{"0":"${"ab".repeat(32)}"}}`,
      `{"0":"${"AB".repeat(32)}"}`,
      `"${"A".repeat(24_000)}"`,
    ],
  ],
  names: [
    ...[
      "variant",
      "statement",
      "tee",
      "vtpm",
      "instance",
      "report",
      "quotes",
      "msg",
      "sig",
      "pcrs",
    ],
    ...["eventLog", "document", "crls", "akCertRoots", "labRoots", "sha256", "0", "24", "sha1"],
  ],
});

/** Asserts that what was read is plain, and means the same when it is written again. */
function assertWritten(bytes: Uint8Array, read: Envelope): void {
  const { variant, statement, files } = read;
  assert.equal(Object.getPrototypeOf(files), Object.prototype);
  for (const [role, file] of Object.entries(files)) {
    const list = isBytes(file) ? [file] : file;
    assert.ok(Array.isArray(list) && list.length > 0 && list.every(isBytes), role);
  }
  const written = writeEnvelope(variant, statement, files);
  assert.deepEqual(readEnvelope(written), read, "it means the same when it is written again");
  assert.equal(toHex(inCanonicalForm(written)), toHex(written), "it is written in one form");
  // A log beside a TPM has its place there; all else stays where it was.
  const moved = new TextDecoder().decode(bytes).includes("eventLog");
  if (!moved) assert.equal(toHex(inCanonicalForm(bytes)), toHex(written));
}

/** How bytes end that may be an envelope. */
function endOf(bytes: Uint8Array): string {
  try {
    const read = readEnvelope(bytes);
    assert.deepEqual(openEnvelope(bytes), read, "an envelope opens as itself");
    assertWritten(bytes, read);
    return "accepted";
  } catch (error) {
    assertTyped(error);
    assert.match(error.code, /^envelope\.|^input\.too_large$/);
    assert.throws(() => openEnvelope(bytes), "what is no envelope is not opened");
    return error.code;
  }
}

interface Given {
  readonly start: number;
  readonly steps: readonly Step[];
}

/** Envelopes. */
export const envelope: Kind = kindOf<Given>({
  id: "envelope",
  says: "envelopes",
  given: () =>
    Promise.resolve(fc.record({
      start: fc.nat(ENVELOPES.length - 1),
      steps: someSteps(STEPS, { "tree": 10, "letters": 2 }),
    })),
  async judge({ start, steps }) {
    const file = await takeSteps(STEPS, ENVELOPES[start] ?? new Uint8Array(), steps);
    return await timed(() => Promise.resolve(endOf(file)), { envelope: file });
  },
});

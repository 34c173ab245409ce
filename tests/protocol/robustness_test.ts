/** Whatever bytes come, the readers of the protocol answer or refuse with a typed error, and what they accept has one form. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  CasemateError,
  openEnvelope,
  readCmw,
  readEnvelope,
  readStatement,
  writeStatement,
} from "../../mod.ts";
import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import { editedBy, edits } from "../robustness.ts";
import { envelopes, statements } from "./vectors.ts";

const RUNS = { numRuns: 400, seed: 0xe4e };

type Reader = (bytes: Uint8Array) => unknown;

/** Readers, with what each accepts. */
const READERS: Readonly<Record<string, readonly [Reader, readonly string[]]>> = {
  readStatement: [readStatement, statements.cases.map(({ bytes }) => bytes)],
  readEnvelope: [readEnvelope, envelopes.cases.map(({ envelope }) => envelope)],
  readCmw: [readCmw, envelopes.cases.flatMap(({ cmwJson, cmwCbor }) => [cmwJson, cmwCbor])],
  openEnvelope: [
    openEnvelope,
    envelopes.cases.flatMap(({ envelope, cmwJson, cmwCbor }) => [envelope, cmwJson, cmwCbor]),
  ],
};

/** What a reader gives; undefined where it refuses with a typed error. */
function answerOf(read: Reader, bytes: Uint8Array): unknown {
  try {
    return read(bytes);
  } catch (error) {
    assert.ok(error instanceof CasemateError, String(error));
    return undefined;
  }
}

const TOKENS = [
  ...['{"v":1', ",", ":", "{", "}", "[", "]", '"', "\\", "null", "1e999", "-0", " ", "\n"],
  ...['"variant":"sev-snp"', '"statement":"AA"', '"tee":{"report":"AA"}', '"vtpm":{"quotes":['],
  ...[
    '"application/vnd.casemate.evidence+json"',
    '"purpose":"serve"',
    "\ufeff",
    "\ud7ff",
    "\u0000",
  ],
];

for (const [name, [read, accepted]] of Object.entries(READERS)) {
  const file = fc.constantFrom(...accepted).map(fromHex);

  Deno.test(`${name}() refuses random bytes and pieces of its form with a typed error`, () => {
    const pieces = fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 })
      .map((parts) => new TextEncoder().encode(parts.join("")));
    const cbor = fc.tuple(fc.constantFrom("82", "83", "9f", "a1", "d8"), fc.uint8Array())
      .map(([head, rest]) => concat(fromHex(head), rest));
    const random = fc.oneof(fc.uint8Array({ maxLength: 500 }), pieces, cbor);
    fc.assert(fc.property(random, (bytes) => void answerOf(read, bytes)), RUNS);
  });

  Deno.test(`${name}() refuses what is bent, cut or stuffed with a typed error`, () => {
    const bent = fc.tuple(file, edits, fc.nat(), fc.uint8Array({ maxLength: 20 }), fc.nat(3));
    fc.assert(
      fc.property(bent, ([good, changes, place, piece, how]) => {
        const at = place % (good.length + 1);
        const bytes = [
          () => editedBy(good, changes),
          () => good.subarray(0, at),
          () => concat(good.subarray(0, at), piece, good.subarray(at)),
          () => concat(good.subarray(0, at), good.subarray(at + 1 + piece.length)),
        ][how]?.() ?? good;
        answerOf(read, bytes);
      }),
      RUNS,
    );
  });
}

Deno.test("readStatement() accepts bytes in one form only", () => {
  const [bytes] = statements.cases.map((given) => fromHex(given.bytes));
  assert.ok(bytes !== undefined);
  let accepted = 0;
  for (const at of bytes.keys()) {
    for (const bit of [1, 2, 16, 32]) {
      const bent = editedBy(bytes, [[at, bit]]);
      const statement = answerOf(readStatement, bent);
      if (statement === undefined) continue;
      accepted++;
      assert.equal(toHex(writeStatement(readStatement(bent))), toHex(bent));
    }
  }
  // Other digits are other statements; were none accepted, this would test nothing.
  assert.ok(accepted > 100, String(accepted));
});

/**
 * Whatever the bytes are, verification ends in a verdict or a typed error.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { CasemateError, InputError, type Result, verify } from "../../mod.ts";
import { concat } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { ask, questionOf } from "../contracts/question.ts";
import { readVectors, type Vector } from "../vectors.ts";

const vectors = (await readVectors("sev-snp")).filter(({ code }) => code === null);
const roles = sevSnp.files.map(({ role }) => role);

/** Runs of each property: enough to reach every parser, few enough for every test run. */
const RUNS = { numRuns: 150, seed: 0x5e5 };

const anyRole = fc.constantFrom(...roles);
const anyVector = fc.constantFrom(...vectors);

/** Asks, and lets through a result or an error of the operator's; anything else is a bug. */
async function settle(vector: Vector, files: FilesByRole): Promise<Result | InputError> {
  try {
    return await ask(sevSnp, vector, { files });
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

async function assertNotAccepted(vector: Vector, files: FilesByRole): Promise<void> {
  const outcome = await settle(vector, files);
  if (!(outcome instanceof InputError)) assert.equal(outcome.verdict, "rejected");
  const question = { ...questionOf(sevSnp, vector), evidence: { ...vector.files, ...files } };
  // Untyped on purpose: roles come from the registry.
  await assert.rejects(verify(question as never), CasemateError);
}

function fileOf({ files }: Vector, role: string): Uint8Array {
  const file = files[role];
  const first = file instanceof Uint8Array ? file : file?.[0];
  assert.ok(first, role);
  return first;
}

Deno.test("verification of random bytes in any role ends in a typed refusal", async () => {
  const bytes = fc.uint8Array({ maxLength: 3000 });
  await fc.assert(
    fc.asyncProperty(anyVector, anyRole, bytes, async (vector, role, random) => {
      await assertNotAccepted(vector, { [role]: random });
    }),
    RUNS,
  );
});

Deno.test("verification of random bytes of a report's length ends in a typed refusal", async () => {
  const bytes = fc.uint8Array({ minLength: 1184, maxLength: 1184 });
  await fc.assert(
    fc.asyncProperty(anyVector, bytes, async (vector, random) => {
      const version = concat(Uint8Array.of(2 + random.length % 4, 0, 0, 0), random.subarray(4));
      await assertNotAccepted(vector, { report: random });
      await assertNotAccepted(vector, { report: version });
    }),
    RUNS,
  );
});

Deno.test("verification of a file with bytes changed anywhere ends in a typed refusal", async () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(anyVector, anyRole, edits, async (vector, role, changes) => {
      const file = concat(fileOf(vector, role));
      const places = new Map(changes.map(([at, by]) => [at % file.length, by]));
      for (const [at, by] of places) file[at] = (file[at] ?? 0) ^ by;
      await assertNotAccepted(vector, { [role]: file });
    }),
    RUNS,
  );
});

Deno.test("verification of a file cut, repeated or stuffed anywhere ends in a typed refusal", async () => {
  const piece = fc.uint8Array({ minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(anyVector, anyRole, fc.nat(), piece, async (vector, role, place, more) => {
      const file = fileOf(vector, role);
      const at = place % file.length;
      await assertNotAccepted(vector, { [role]: file.subarray(0, at) });
      await assertNotAccepted(vector, {
        [role]: concat(file.subarray(0, at), more, file.subarray(at)),
      });
    }),
    { ...RUNS, numRuns: 75 },
  );
});

Deno.test("verification of PEM that is not quite PEM ends in a typed refusal", async () => {
  const text = fc.stringMatching(
    /^(-----BEGIN (CERTIFICATE|X509 CRL|X)-----\n?[A-Za-z0-9+/=\n ]{0,80}(-----END CERTIFICATE-----)?\n?){1,3}$/,
  );
  await fc.assert(
    fc.asyncProperty(anyVector, anyRole, text, async (vector, role, pem) => {
      await assertNotAccepted(vector, { [role]: new TextEncoder().encode(pem) });
    }),
    RUNS,
  );
});

Deno.test("showing any bytes ends in a description, in nothing, or in a typed error", async () => {
  const starts = fc.constantFrom(
    new Uint8Array(),
    Uint8Array.of(0x30, 0x82),
    Uint8Array.from([
      0x8d,
      0x75,
      0xda,
      0x63,
      0x64,
      0xe6,
      0x64,
      0x45,
      0xad,
      0xc5,
      0xf4,
      0xb9,
      0x3b,
      0xe8,
      0xac,
      0xcd,
    ]),
    Uint8Array.of(2, 0, 0, 0),
  );
  const bytes = fc.uint8Array({ maxLength: 1500 });
  await fc.assert(
    fc.asyncProperty(starts, bytes, async (start, rest) => {
      const shown = sevSnp.show(inlineEngine, concat(start, rest));
      await shown.catch((error) => assert.ok(error instanceof CasemateError, String(error)));
    }),
    RUNS,
  );
});

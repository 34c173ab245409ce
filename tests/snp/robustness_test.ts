/**
 * Whatever the bytes are, verification ends in a verdict or a typed error.
 *
 * @module
 */

import fc from "fast-check";
import { concat, equal, fromHex } from "../../src/core/bytes.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { fileOf } from "../contracts/change.ts";
import {
  assertNotAccepted,
  assertShown,
  RUNS,
  type Subject,
  testRobustness,
} from "../robustness.ts";
import { readVectors } from "../vectors.ts";

const vectors = (await readVectors("sev-snp")).filter(({ code }) => code === null);

const subject: Subject = {
  technology: sevSnp,
  vectors,
  // Report and DER leave no room for anything without meaning.
  means: (vector, role, file) => equal(fileOf(vector, role), file),
};

testRobustness(subject);

Deno.test("verification of random bytes of a report's length ends in a typed refusal (sev-snp)", async () => {
  const bytes = fc.uint8Array({ minLength: 1184, maxLength: 1184 });
  const anyVector = fc.constantFrom(...vectors);
  const anyVersion = fc.integer({ min: 2, max: 5 });
  await fc.assert(
    fc.asyncProperty(anyVector, anyVersion, bytes, async (vector, version, random) => {
      const known = concat(Uint8Array.of(version, 0, 0, 0), random.subarray(4));
      await assertNotAccepted(subject, vector, { report: random });
      await assertNotAccepted(subject, vector, { report: known });
    }),
    RUNS,
  );
});

Deno.test("showing any bytes ends in a description, in nothing, or in a typed error (sev-snp)", async () => {
  const starts = fc.constantFrom(
    new Uint8Array(),
    Uint8Array.of(0x30, 0x82),
    // A certificate table's entry for a VCEK.
    fromHex("8d75da6364e66445adc5f4b93be8accd"),
    Uint8Array.of(2, 0, 0, 0),
  );
  const bytes = fc.uint8Array({ maxLength: 1500 });
  await fc.assert(
    fc.asyncProperty(starts, bytes, (start, rest) => assertShown(sevSnp, concat(start, rest))),
    RUNS,
  );
});

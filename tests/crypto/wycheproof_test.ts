/**
 * Project Wycheproof's vectors through the primitives of both engines.
 *
 * `deno task vectors:crypto` fetches the vectors and builds the primitives of
 * the WASM engine; without them the tests say that they are ignored.
 *
 * @module
 */

import assert from "node:assert/strict";
import { isFull } from "./amount.ts";
import { type Judgement, portablePrimitives, type Primitives } from "./primitives.ts";
import { allPrimitives } from "./wasm_primitives.ts";
import { hasVectors } from "./wycheproof/archive.ts";
import { FOREIGN, OURS, OURS_ELSEWHERE, schemesNear, taskFor } from "./wycheproof/plan.ts";
import { signaturesOf, type Vector } from "./wycheproof/vectors.ts";

const absent = !await hasVectors();
const engines = await allPrimitives(portablePrimitives);
const judged = engines.map(({ name }) => name).join(" and ");

/** Name of a test, which says why it is ignored, or which engines it is about. */
const over = (name: string, runs = true) => ({
  name: `${name} (${absent || !runs ? "ignored: only deno task vectors:crypto" : judged})`,
  ignore: absent || !runs,
});

/** How often what came out. */
type Tally = Record<Judgement | "skipped", number>;

const nothing = (): Tally => ({ "accepted": 0, "refused": 0, "key refused": 0, "skipped": 0 });

/** Engine, file, and what came out, as one line. */
function tell(engine: Primitives, name: string, tally: Tally): void {
  const figures = Object.entries(tally).filter(([, count]) => count > 0);
  console.log(engine.name, name, figures.map(([what, count]) => `${count} ${what}`).join(", "));
}

const told = (name: string, { id, comment }: Vector): string => `${name} ${id}: ${comment}`;

for (const [name, scheme] of Object.entries(OURS)) {
  Deno.test({
    ...over(`Wycheproof ${name}: valid is accepted, invalid refused`),
    fn: async () => {
      const vectors = await signaturesOf(name);
      for (const engine of engines) {
        const tally = nothing();
        for (const given of vectors) {
          const task = taskFor(engine, scheme, given);
          if (task === "not of this engine") {
            assert.equal(given.result, "invalid", told(name, given));
            tally.skipped++;
            continue;
          }
          const judgement = await engine.judge(task.scheme, task.vector);
          const expected = given.result === "valid" ? "accepted" : "refused";
          assert.equal(judgement, expected, `${engine.name} ${told(name, given)}`);
          tally[judgement]++;
        }
        tell(engine, name, tally);
      }
    },
  });
}

/** What must come of a foreign vector: whether its key is already refused is left open. */
function checkForeign(judgement: Judgement, engine: Primitives, name: string, vector: Vector) {
  const isOurs = OURS_ELSEWHERE.includes(`${name} ${vector.id}`);
  assert.equal(judgement === "accepted", isOurs, `${engine.name} ${told(name, vector)}`);
}

Deno.test({
  ...over(
    "Wycheproof's signatures of other algorithms, RSASSA-PKCS1-v1_5 among them, are never accepted",
    isFull,
  ),
  fn: async () => {
    for (const name of FOREIGN) {
      const vectors = await signaturesOf(name);
      for (const engine of engines) {
        const tally = nothing();
        for (const scheme of schemesNear(name)) {
          if (!engine.schemes.includes(scheme)) continue;
          for (const vector of vectors) {
            const judgement = await engine.judge(scheme, vector);
            checkForeign(judgement, engine, name, vector);
            tally[judgement]++;
          }
        }
        tell(engine, name, tally);
      }
    }
  },
});

Deno.test({
  ...over(
    "Wycheproof's PKCS #1 signatures meet keys that are right for PSS, so that the padding alone refuses them",
  ),
  fn: async () => {
    const name = "rsa_signature_4096_sha384_test";
    const vectors = await signaturesOf(name);
    const refused = new Set<string>();
    for (const engine of engines) {
      for (const vector of vectors) {
        const judgement = await engine.judge("pss", vector);
        checkForeign(judgement, engine, name, vector);
        assert.notEqual(judgement, "key refused", told(name, vector));
        if (judgement === "refused") refused.add(vector.result);
      }
    }
    assert.deepEqual([...refused].sort(), ["acceptable", "invalid", "valid"]);
  },
});

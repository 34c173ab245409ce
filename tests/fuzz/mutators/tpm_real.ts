/**
 * Real quotes of TPMs, where they are, with one of their files bent: nobody can
 * sign them again, so what is established must stay the same.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { examine, type Request, type Result } from "../../../mod.ts";
import { realQuotes } from "../../tpm/real_quotes.ts";
import { type Kind, kindOf } from "../kind.ts";
import { examineTrial } from "../properties.ts";
import { someSteps, type Step, takeSteps } from "../steps.ts";
import { BYTE_STEPS } from "./bytes.ts";

interface Given {
  readonly real: number;
  readonly role: number;
  readonly steps: readonly Step[];
}

const cases = realQuotes();

/** What is established of a machine; attributes of a key and the log's own words are signed by nothing. */
function established({ claims }: Result): unknown {
  const { quote, signature, key, registers, certificate } = Object(claims);
  return { quote, signature, key, registers, certificate };
}

/** Real quotes; without them the kind has nothing to run over, and is not among the others. */
export const tpmReal: readonly Kind[] = cases.length === 0 ? [] : [kindOf<Given>({
  id: "tpm-real",
  says: "real quotes of TPMs, bent",
  given: () =>
    Promise.resolve(fc.record({
      real: fc.nat(cases.length - 1),
      role: fc.nat(5),
      steps: someSteps(BYTE_STEPS, { "bytes": 6, "text": 2 }),
    })),
  async judge({ real, role, steps }) {
    const one = cases[real] ?? cases[0];
    if (one === undefined) throw new RangeError("There is no real quote");
    const given = Object.entries(one.files).filter(([, file]) => file instanceof Uint8Array);
    const [name, own] = given[role % given.length] ?? ["", undefined];
    if (!(own instanceof Uint8Array)) throw new RangeError("A case has no file");
    const bent = await takeSteps(BYTE_STEPS, own, steps);
    const asked = (evidence: unknown): Request => {
      const request: unknown = { variant: "tpm", evidence, now: one.now, profile: "crypto-only" };
      // Files may be wrong: that is what is tried.
      return request as Request;
    };
    return await examineTrial({
      request: asked({ ...one.files, [name]: bent }),
      async objection(result) {
        const right = await examine(asked(one.files));
        try {
          assert.deepEqual(established(result), established(right));
          return null;
        } catch (error) {
          return `${name} leads to something else: ${String(error).slice(0, 300)}`;
        }
      },
      files: { [name]: bent },
    });
  },
})];

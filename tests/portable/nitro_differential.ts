/**
 * Asks both engines about bent attestation documents of Nitro and bent
 * endorsements of Google's firmware, case by case, and stops at the first
 * difference.
 *
 * `deno run -A tests/portable/nitro_differential.ts [COUNT [FIRST]]` runs many
 * more cases of each than the tests do; a case is known by its number.
 *
 * @module
 */

import { operations as gce } from "../../src/evidence/gce/portable/mod.ts";
import { operations as nitro } from "../../src/evidence/nitro/portable/mod.ts";
import { Dice } from "../bends/dice.ts";
import { bentEndorsement } from "./endorsement_steps.ts";
import { bentDocument } from "./nitro_steps.ts";
import { type Cases, type Tally, tallyCases, tellTally } from "./tally.ts";

/**
 * Asks about documents by number.
 *
 * @param cases Which.
 * @throws {AssertionError} saying the case and the question over which the engines differ.
 */
export function compareDocuments(cases: Cases): Promise<Tally> {
  return tallyCases(cases, (number) => bentDocument(new Dice(number)), nitro);
}

/**
 * Asks about endorsements by number.
 *
 * @param cases Which.
 * @throws {AssertionError} saying the case and the question over which the engines differ.
 */
export function compareEndorsements(cases: Cases): Promise<Tally> {
  return tallyCases(cases, (number) => bentEndorsement(new Dice(number)), gce);
}

if (import.meta.main) {
  const [count = 10_000, first = 1] = Deno.args.map(Number);
  await tellTally("documents of Nitro", { first, count }, compareDocuments);
  await tellTally("endorsements", { first, count }, compareEndorsements);
}

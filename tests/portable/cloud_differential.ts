/**
 * Asks both engines about what clouds add, bent: HCL reports, instances of
 * certificates, single extensions, identity documents. Stops at the first
 * difference.
 *
 * `deno task differential:cloud [COUNT [FIRST]]` runs many more cases of each
 * than the tests do; a case is known by its number.
 *
 * @module
 */

import type { Operations } from "../../src/core/portable/engine.ts";
import { operations as ec2 } from "../../src/evidence/ec2/portable/mod.ts";
import { operations as gce } from "../../src/evidence/gce/portable/mod.ts";
import { operations as hcl } from "../../src/evidence/hcl/portable/mod.ts";
import { Dice } from "../bends/dice.ts";
import { bentIdentity } from "../bends/ec2_identity.ts";
import { bentInstance } from "../bends/gce_instance.ts";
import { bentReport, bentRuntime } from "../bends/hcl_report.ts";
import {
  type Asked,
  type Cases,
  type Question,
  type Tally,
  tallyCases,
  tellTally,
} from "./tally.ts";

const OPERATIONS: Operations = { ...hcl, ...gce, ...ec2 };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A case of one question, and further ones. */
function asked(main: Question, ...others: readonly Question[]): Asked {
  return { questions: [main, ...others], steps: [] };
}

/** HCL reports, and runtime data alone. */
export function compareReports(cases: Cases): Promise<Tally> {
  return tallyCases(cases, (number) => {
    const dice = new Dice(number);
    const runtime = utf8(bentRuntime(dice));
    const hash = utf8(dice.pick(["sha256", "sha384", "sha512"]));
    const report = bentReport(dice);
    return Promise.resolve(asked(["hcl_report", [report]], ["hcl_runtime", [hash, runtime]]));
  }, OPERATIONS);
}

const IDENTIFIERS: readonly string[] = [
  ...["1.3.6.1.4.1.11129.2.1.21", "1.3.6.1.4.1.11129.2.1.21.1", "2.5.29.15", "2.999.67.1"],
  ...["1", "1.", "3.1", "1.01", "0.0", `1.3${".4294967296".repeat(4)}`, ""],
];

/** Certificates with an instance, and single extensions of them. */
export function compareInstances(cases: Cases): Promise<Tally> {
  return tallyCases(cases, async (number) => {
    const dice = new Dice(number);
    const certificate = await bentInstance(dice);
    const id = utf8(dice.pick(IDENTIFIERS));
    const first = utf8(IDENTIFIERS[0] ?? "");
    return asked(
      ["gce_instance", [certificate]],
      ["x509_extension", [certificate, id]],
      ["x509_extension", [certificate, first]],
    );
  }, OPERATIONS);
}

/** Identity documents. */
export function compareIdentities(cases: Cases): Promise<Tally> {
  return tallyCases(
    cases,
    async (number) => asked(["ec2_identity", await bentIdentity(new Dice(number))]),
    OPERATIONS,
  );
}

if (import.meta.main) {
  const [count = 10_000, first = 1] = Deno.args.map(Number);
  await tellTally("HCL reports", { first, count }, compareReports);
  await tellTally("instances of certificates", { first, count }, compareInstances);
  await tellTally("identity documents", { first, count }, compareIdentities);
}

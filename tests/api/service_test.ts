/**
 * The service in this process: with and without a memory for nonces.
 */
import { NOW } from "../lab_authority.ts";
import { serviceLab } from "./lab.ts";
import { SERVICE_CASES } from "./suite.ts";
import { inProcess, partsOf } from "./world.ts";

const lab = await serviceLab(NOW);

const REMEMBERING = inProcess(partsOf(lab), lab);
for (const { name, run } of SERVICE_CASES) Deno.test(name, () => run(REMEMBERING));

/** What a memory decides. */
const OF_MEMORY = /nonces differ|of 50|can come twice|cannot be tried/;

const FORGETTING = inProcess(partsOf(lab, { ledger: null }), lab);
for (const { name, run } of SERVICE_CASES.filter((one) => OF_MEMORY.test(one.name))) {
  Deno.test(`without memory: ${name}`, () => run(FORGETTING));
}

import assert from "node:assert/strict";
import { examine } from "../../mod.ts";
import { technologies } from "../evidence/registry.ts";
import { readStates, vectorRequest } from "../../tests/report/states.ts";
import { ask, mintedOf, sectionOf } from "../../tests/variants/ask.ts";
import { chainOfTrust } from "./chain.ts";
import type { Result } from "../results/result.ts";

/** A chain in one line: who vouches, and each part with what was found. */
function lineOf(result: Result): string {
  const technology = technologies.find(({ id }) => id === result.variant);
  assert.ok(technology);
  return chainOfTrust(result, { ...(technology.facts && { facts: technology.facts }) }).map((
    { root, stations },
  ) => `${root}: ${stations.map(({ layers, state }) => `${layers.join("+")} ${state}`).join(", ")}`)
    .join("; ");
}

const WANTED: Readonly<Record<string, string>> = {
  "lab":
    "lab: silicon holds, tpm holds, firmware not-asked, boot holds, kernel holds, node holds, cluster holds",
  "lab-snp": "lab: silicon holds, firmware+boot+kernel holds, node holds, cluster not-asked",
  "lab-no-processor":
    "none: silicon absent, tpm holds, firmware not-asked, boot holds, kernel holds, node holds, cluster holds",
  "rejected-signature":
    "null: silicon differs, firmware not-examined, boot not-examined, kernel not-examined, node not-asked, cluster absent",
  "trusted":
    "intel: silicon holds, firmware holds, boot holds, kernel holds, node holds, cluster not-asked",
  "trusted-paravisor":
    "amd: silicon holds; paravisor: tpm holds, firmware not-asked, boot holds, kernel not-asked, node holds, cluster not-asked",
  "unpinned":
    "intel: silicon holds, firmware not-examined, boot not-examined, kernel not-examined, node holds, cluster not-asked",
  "rejected":
    "intel: silicon holds, firmware differs, boot not-examined, kernel not-examined, node holds, cluster not-asked",
  "unavailable":
    "intel: silicon not-examined, firmware holds, boot holds, kernel holds, node holds, cluster not-asked",
};

for (const { name, result } of await readStates()) {
  const wanted = WANTED[name];
  if (wanted === undefined) continue;
  Deno.test(`chainOfTrust() of ${name} says what was found and who vouches`, () => {
    assert.equal(lineOf(result), wanted);
  });
}

Deno.test("chainOfTrust() calls no part as expected whose register the policy leaves open", async () => {
  const minted = await mintedOf("azure-sev-snp");
  const { tee, vtpm } = Object(sectionOf(minted));
  const sha256 = { 11: vtpm.registers.sha256[11] };
  const section = { tee, vtpm: { ...vtpm, registers: { sha256 }, whatRuns: [11] } };
  const result = await ask(minted, { section });
  assert.equal(result.verdict, "lab-trusted");
  // The log is replayed over the whole boot, but nobody said what PCR 4 should hold.
  assert.match(lineOf(result), /boot not-asked/);
  assert.match(lineOf(await ask(minted)), /boot holds/);
});

Deno.test("chainOfTrust() has every finding once, but those about the policy", async () => {
  const result = await examine(await vectorRequest("azure-sev-snp/join"));
  const technology = technologies.find(({ id }) => id === result.variant);
  assert.ok(technology?.facts);
  const chain = chainOfTrust(result, { facts: technology.facts });
  const ids = chain.flatMap(({ stations }) => stations.flatMap(({ findings }) => findings))
    .map(({ id }) => id);
  const about = result.findings.map(({ id }) => id).filter((id) => !id.startsWith("trust."));
  assert.deepEqual([...ids].sort(), [...about].sort());
});

/**
 * Real evidence of Google Cloud, read where it is: each case comes out as the
 * corpus says, by the portable engine too.
 *
 * @module
 */

import assert from "node:assert/strict";
import { gcpJudge, judgeGcp } from "../../scripts/corpus/gcp.ts";
import { codesFor } from "../../scripts/corpus/judge.ts";
import type { Case } from "../../scripts/corpus/manifest.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { createPortableEngine } from "../../src/core/portable/engine.ts";
import { gcpSevEs } from "../../src/evidence/gcp_sev_es/mod.ts";
import { gcpTdx } from "../../src/evidence/gcp_tdx/mod.ts";
import { corpusOf, overReal, realEntry } from "../corpus.ts";

const engine = createPortableEngine({
  ...await gcpSevEs.portable?.(),
  ...await gcpTdx.portable?.(),
});
const corpus = corpusOf(({ input }) =>
  gcpJudge.techs.includes(input.tech) && gcpJudge.takes(input.files)
);

/** The code of a refusal; `valid` where there is none. */
async function outcomeOf(input: Case): Promise<string> {
  try {
    await judgeGcp(engine, input);
    return "valid";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

Deno.test({
  ...overReal("the portable engine judges all of Google's real evidence as the corpus says"),
  fn: async () => {
    assert.equal(corpus.size, 3);
    for (const { input, expected } of corpus.values()) {
      const outcome = await outcomeOf(input);
      const codes = codesFor(expected.reason ?? "", gcpJudge.reasons);
      const right = expected.verdict === "valid" ? outcome === "valid" : codes.includes(outcome);
      assert.ok(right, `${input.name}: ${outcome}`);
    }
  },
});

Deno.test({
  ...overReal("a real certificate says which instance of whose project it is of"),
  fn: async () => {
    const { input } = realEntry("gcp/gce-cos85-tpm-quote-nonce9009");
    const files = gcpSevEs.readFiles({ attestationPb: input.files["attestation_pb"] });
    const context = { now: input.verifyAt ?? new Date(0), labRoots: [] };
    // The container holds neither root nor issuing authority: Google's are built in.
    const { instance, vtpm } = await gcpSevEs.verify(engine, files, context);
    assert.equal(vtpm.certificate?.certificates.length, 3);
    const { zone, instanceName, security } = instance;
    assert.deepEqual(
      { zone, instanceName, security },
      {
        zone: "us-central1-a",
        instanceName: "cos-test",
        security: { version: "0", isProduction: true },
      },
    );
  },
});

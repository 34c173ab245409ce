/**
 * What evidence is worth that answers no question, another one, or one that
 * nobody asked.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Finding } from "../../src/evidence/finding.ts";
import { readStatement, writeStatement } from "../../src/evidence/statement/read.ts";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import { VARIANTS } from "../../src/evidence/variants/table.ts";
import { LAB_VARIANTS } from "../../src/lab/mod.ts";
import { assertRefused, assertVerdict, shown } from "../result.ts";
import { ask, mintedOf, NONCE, OLD_NONCE, outcomeOf } from "./ask.ts";

/** Findings that say whether a part answers the question, by variant; all of them are needed. */
const ANSWERS: Readonly<Record<VariantId, readonly string[]>> = {
  "sev-snp": ["snp.report-data"],
  "tdx": ["tdx.report-data"],
  "gcp-tdx": ["tdx.report-data"],
  "aws-sev-snp": ["snp.report-data", "nitro.nonce"],
  "gcp-sev-snp": ["snp.report-data", "tpm.qualifying-data"],
  "azure-sev-snp": ["tpm.qualifying-data"],
  "azure-tdx": ["tpm.qualifying-data"],
  "aws-nitro-tpm": ["nitro.nonce"],
  "azure-trusted-launch": ["tpm.qualifying-data"],
  "gcp-sev-es": ["tpm.qualifying-data"],
  "qemu-vtpm": ["tpm.qualifying-data"],
  "openstack": ["tpm.qualifying-data"],
};

/** Key of a connection to somebody who only has the evidence in hand. */
const OTHER_KEY = `3059${"77".repeat(89)}`;

/** Findings about the question among all. */
function answersIn(findings: readonly Finding[]): readonly Finding[] {
  const known = new Set(Object.values(ANSWERS).flat());
  return findings.filter(({ id }) => known.has(id));
}

/** The same statement of another TLS key. */
function otherKey(statement: Uint8Array): Uint8Array {
  return writeStatement({ ...readStatement(statement), tlsSpki: OTHER_KEY });
}

/** The same statement of another boot. */
function otherBoot(statement: Uint8Array): Uint8Array {
  return writeStatement({ ...readStatement(statement), bootId: "bb".repeat(16) });
}

const told = ({ id, kind, required }: Finding): string => `${id} ${kind} ${required}`;

for (const variant of LAB_VARIANTS) {
  const answers = ANSWERS[variant];

  Deno.test(`${variant} without a question is never trusted, and each part says that it was asked nothing`, async () => {
    const result = await ask(await mintedOf(variant), { expect: { freshness: "none" } });
    // A statement that nothing binds is none.
    assertVerdict(result, "platform-only", "freshness.not_checked");
    assert.equal(result.statement, null);
    assert.equal(result.binding, "caller-supplied");
    assert.deepEqual(
      answersIn(result.findings).map(told).toSorted(),
      answers.map((id) => `${id} unchecked true`).toSorted(),
    );
  });

  Deno.test(`${variant} is refused where every part answers an old question, or another's statement`, async () => {
    const minted = await mintedOf(variant);
    const old = await mintedOf(variant, "of before", { nonce: OLD_NONCE });
    for (const evidence of [old, { ...minted, statement: otherBoot(minted.statement) }]) {
      const result = await ask(evidence);
      assert.equal(result.verdict, "rejected", shown(result));
      assert.deepEqual(
        answersIn(result.findings).map(told).toSorted(),
        answers.map((id) => `${id} mismatch true`).toSorted(),
      );
    }
  });

  Deno.test({
    name: `NET-04 evidence that is replayed under another key is refused: ${variant}`,
    fn: async () => {
      const minted = await mintedOf(variant);
      const { tlsSpki } = readStatement(minted.statement);
      const asked = (key: string, statement?: Uint8Array): ReturnType<typeof ask> => {
        const expect = { nonce: NONCE, tlsSpki: key };
        return ask(minted, statement === undefined ? { expect } : { expect, statement });
      };
      const own = await asked(tlsSpki);
      const key = own.findings.find(({ id }) => id === "statement.tls");
      assert.deepEqual([key?.kind, key?.required], ["match", true]);
      assert.notEqual(own.verdict, "rejected", shown(own));
      assertRefused(await asked(OTHER_KEY), "statement.tls_mismatch");
      // Who writes the key of the connection into the statement has a statement that nothing is bound to.
      const rewritten = await asked(OTHER_KEY, otherKey(minted.statement));
      assert.equal(rewritten.verdict, "rejected", shown(rewritten));
      assert.deepEqual(
        answersIn(rewritten.findings).map(told).toSorted(),
        answers.map((id) => `${id} mismatch true`).toSorted(),
      );
    },
  });

  Deno.test(`${variant} with its statement taken away answers nothing that a caller states`, async () => {
    const outcome = await outcomeOf(await mintedOf(variant), { statement: null });
    assert.match(outcome, /^(?:rejected: \S+_mismatch|input: input\.missing)$/);
    assert.equal(outcome.startsWith("input"), answers.length > 1);
  });

  Deno.test(`${variant} with the profile crypto-only is genuine, and says of no question that it was answered`, async () => {
    const evidence = await mintedOf(variant, "of before", { nonce: OLD_NONCE });
    for (const expect of [{ nonce: NONCE }, null]) {
      const statement = expect === null ? null : evidence.statement;
      const result = await ask(evidence, { expect, statement, profile: "crypto-only" });
      assert.deepEqual([result.verdict, result.outcome], [null, "genuine"], shown(result));
      assert.deepEqual([result.statement, result.binding], [null, "caller-supplied"]);
      const asked = result.findings.filter(({ id }) =>
        answers.includes(id) || /^(?:phase|pairing)\./.test(id) ||
        (id.startsWith("statement.") && id !== "statement.form")
      );
      assert.ok(asked.length >= answers.length);
      for (const { id, kind, required, code } of asked) {
        assert.deepEqual([kind, required, code], ["unchecked", false, null], id);
      }
    }
  });
}

Deno.test("where the table names a register it is held against the statement, and elsewhere the verdict says that none is", async () => {
  for (const variant of LAB_VARIANTS) {
    const { findings } = await ask(await mintedOf(variant));
    const found = findings.filter(({ id }) => id.startsWith("phase."));
    const { runtimeRegister } = VARIANTS[variant];
    // The lab's trust domain alone extends nothing, as kernels before Linux 6.16.
    const isHeld = runtimeRegister !== null && variant !== "tdx";
    const expected = isHeld ? "phase.measured match true" : "phase.unmeasured unchecked false";
    assert.deepEqual(found.map(told), [expected], variant);
    if (isHeld) assert.ok(found[0]?.actual?.startsWith(runtimeRegister), variant);
  }
});

/** Pairs whose parts a caller without a statement asks two questions. */
const PAIRS = ["aws-sev-snp", "gcp-sev-snp"] as const;

for (const variant of PAIRS) {
  Deno.test(`${variant} without a statement must answer two questions, and says what ties its parts`, async () => {
    const minted = await mintedOf(variant);
    const { tee, vtpm } = Object((await ask(minted)).claims);
    const reportData: Uint8Array = Uint8Array.fromHex(tee.report.reportData);
    const answered: string = vtpm.quote?.qualifyingData ?? vtpm.document.nonce;
    const nonce = Uint8Array.fromHex(answered);
    const asking = (expect: object): Promise<string> =>
      outcomeOf(minted, { statement: null, expect });
    const right = await ask(minted, { statement: null, expect: { nonce, reportData } });
    if (variant === "gcp-sev-snp") {
      assertVerdict(right, "platform-only", "pairing.unbound");
    } else {
      assert.equal(right.verdict, "lab-trusted", shown(right));
    }
    assert.equal(await asking({ nonce }), "input: input.missing");
    assert.equal(await asking({ reportData }), "input: input.missing");
    const other = new Uint8Array(64).fill(1);
    assert.equal(
      await asking({ nonce, reportData: other }),
      "rejected: snp.report_data_mismatch",
    );
    const code = variant === "aws-sev-snp" ? "nitro.nonce" : "tpm.qualifying_data";
    assert.equal(await asking({ nonce: other, reportData }), `rejected: ${code}_mismatch`);
    // A statement says both, so that neither stands beside it.
    const both = { expect: { nonce: NONCE, reportData } };
    assert.equal(await outcomeOf(minted, both), "input: input.conflict");
  });
}

Deno.test("a report and a quote of two machines are not tied by what a caller states", async () => {
  const [one, other] = [await mintedOf("gcp-sev-snp"), await mintedOf("gcp-sev-snp", "two")];
  const { tee } = Object((await ask(one)).claims);
  const { vtpm } = Object((await ask(other)).claims);
  const { report, leaf, chainAskArk, crls } = one.files;
  const expect = {
    nonce: Uint8Array.fromHex(vtpm.quote.qualifyingData),
    reportData: Uint8Array.fromHex(tee.report.reportData),
  };
  const files = { report, leaf, chainAskArk, crls };
  const result = await ask(other, { files, statement: null, expect });
  assertVerdict(result, "platform-only", "pairing.unbound");
  // With the statement that both answer, each names the other.
  assertRefused(await ask(other, { files }), "snp.report_data_mismatch");
});

Deno.test("a statement is for nobody who is no variant", async () => {
  const { files, statement } = await mintedOf("azure-trusted-launch");
  const minted = { ...(await mintedOf("azure-trusted-launch")), files, statement };
  const asked = { variant: "tpm", section: {} };
  assert.equal(await outcomeOf(minted, asked), "input: input.conflict");
  const document = await mintedOf("aws-nitro-tpm");
  const { document: signed } = document.files;
  const enclave = { ...document, files: { document: signed } };
  assert.equal(
    await outcomeOf(enclave, { variant: "nitro-enclave", section: {} }),
    "input: input.conflict",
  );
});

import assert from "node:assert/strict";
import { examine } from "../../mod.ts";
import { concat, fromHex } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { sevSnp, type SnpFiles } from "../../src/evidence/snp/mod.ts";
import { assertAnswer, DESCRIPTION, misfits, unseen } from "../shape.ts";
import { readVectors, type Vector } from "../vectors.ts";
import { corpus, overReal, realCase } from "./corpus.ts";
import { EVIDENCE, LEAF, REPORT, TABLE } from "./shape.ts";

const vectors = await readVectors("sev-snp");
const good = vectors.filter(({ code }) => code === null);

/** Every operation over one set of files. */
async function assertShapes(files: SnpFiles, what: string): Promise<void> {
  await assertAnswer("snp_report", files.report, REPORT, what);
  await assertAnswer("snp_leaf", files.leaf, LEAF, what);
  for (const file of [files.leaf, files.chainAskArk, ...files.crls ?? []]) {
    await assertAnswer("x509_describe", file, DESCRIPTION, what);
  }
}

/** Claims of a vector, with its revocation lists and without. */
async function claimsOf({ files, nonce, now, policy, labRoots }: Vector): Promise<unknown[]> {
  const evidence = sevSnp.readFiles(files);
  const question = { variant: "sev-snp", expect: { nonce }, now, policy, labRoots } as const;
  const { claims } = await examine({ ...question, evidence });
  const { claims: unlisted } = await examine({ ...question, evidence: { ...evidence, crls: [] } });
  return [claims, unlisted];
}

for (const vector of good) {
  Deno.test(`engine answers in the types' shape over ${vector.name}`, async () => {
    await assertShapes(sevSnp.readFiles(vector.files), vector.name);
  });
  Deno.test(`examine() claims in the types' shape over ${vector.name}`, async () => {
    for (const claims of await claimsOf(vector)) assert.deepEqual(misfits(claims, EVIDENCE), []);
  });
}

/** No vector has a bare list: the lab's are AMD's in form, and its keys take long to make. */
const UNSEEN = ["answer.crls[].number is never null", "answer.crls[].scope is never null"];

Deno.test("vectors have every alternative of the shapes, but for bare revocation lists", async () => {
  const claims = await Promise.all(good.map(claimsOf));
  assert.deepEqual(unseen(claims.flat(), EVIDENCE), UNSEEN);
});

Deno.test("vectors cover each version, line and form, so every layout of a report was seen", async () => {
  const seen = new Set<string>();
  for (const { files } of good) {
    const { version, cpuid } = await report(sevSnp.readFiles(files).report);
    seen.add(`version ${version}`).add(cpuid === null ? "no cpuid" : "cpuid");
  }
  for (const what of ["version 2", "version 3", "version 5", "cpuid", "no cpuid"]) {
    assert.ok(seen.has(what), what);
  }
});

async function report(bytes: Uint8Array): Promise<Readonly<Record<string, unknown>>> {
  const answer = await inlineEngine.run("snp_report", [bytes]);
  assert.deepEqual(misfits(answer, REPORT), []);
  return Object.fromEntries(Object.entries(answer ?? {}));
}

Deno.test("engine answers in the types' shape over a certificate table", async () => {
  const entry = concat(
    fromHex("8d75da6364e66445adc5f4b93be8accd"),
    Uint8Array.of(48, 0, 0, 0, 4, 0, 0, 0),
  );
  const table = concat(entry, new Uint8Array(24), Uint8Array.of(1, 2, 3, 4));
  await assertAnswer("snp_certificate_table", table, TABLE, "a table");
});

Deno.test({
  ...overReal("engine answers in the types' shape over all real evidence that is valid"),
  fn: async () => {
    const names = [...corpus].flatMap(([name, { expected }]) =>
      expected.verdict === "valid" ? [name] : []
    );
    assert.ok(names.length >= 9, `${names.length} cases`);
    for (const name of names) {
      const { files, now } = realCase(name);
      await assertShapes(files, name);
      if (name === "snp/synth-baseline") continue;
      const proven = await sevSnp.verify(inlineEngine, files, { now, labRoots: [] });
      assert.deepEqual(misfits(proven, EVIDENCE), [], name);
    }
  },
});

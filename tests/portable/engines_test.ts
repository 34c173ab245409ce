/**
 * What every technology of the registry owes to the choice of engine: each
 * engine comes to the same over its vectors, and a doctored engine is found out.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Schema, Validator } from "@cfworker/json-schema";
import { type EngineChoice, NotTrustedError, type Request, type Result } from "../../mod.ts";
import type { Engine, Operation } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { refusal } from "../../src/core/refusal.ts";
import { technologies, type TechnologyId } from "../../src/evidence/registry.ts";
import { examine } from "../../src/verifier/examine.ts";
import { examine as examinePortable } from "../../src/verifier/portable.ts";
import { verify } from "../../src/verifier/verify.ts";
import { questionOf } from "../contracts/question.ts";
import { assertVerdict, shown } from "../result.ts";
import { readVectors } from "../vectors.ts";

const schema: Schema = JSON.parse(
  await Deno.readTextFile(new URL("../../docs/schemas/result.v1.json", import.meta.url)),
);
const validator = new Validator(schema, "2020-12", false);

/** The operation that accepts evidence. */
const VERIFY: Readonly<Record<TechnologyId, Operation>> = {
  "sev-snp": "snp_verify",
  "tdx": "tdx_verify",
  "tpm": "tpm_verify",
  "nitro-enclave": "nitro_verify",
  "aws-sev-snp": "snp_verify",
  "aws-nitro-tpm": "nitro_verify",
  "azure-sev-snp": "snp_verify",
  "azure-tdx": "tdx_verify",
  "azure-trusted-launch": "tpm_verify",
  "gcp-tdx": "tdx_verify",
  "gcp-sev-snp": "snp_verify",
  "gcp-sev-es": "tpm_verify",
  "qemu-vtpm": "tpm_verify",
  "openstack": "tpm_verify",
};

/** The WASM module, but for one operation. */
const doctored = (operation: Operation, run: Engine["run"]): Engine => ({
  run: (asked, parts) => asked === operation ? run(asked, parts) : inlineEngine.run(asked, parts),
});

/** What is the same in all engines: all but the words of a reason. */
function essence(result: Result): unknown {
  const findings = result.findings.filter(({ id }) => id !== "trust.engine");
  const bare = findings.map((finding) =>
    result.claims === null ? { ...finding, actual: finding.actual === null } : finding
  );
  return { ...result, findings: bare };
}

for (const technology of technologies) {
  const { id } = technology;
  const vectors = await readVectors(id);
  const good = vectors.find(({ code }) => code === null);
  assert.ok(good, `${id} has a vector that is accepted`);
  const asked = (engine: EngineChoice): Request => ({ ...questionOf(technology, good), engine });

  Deno.test(`${id}: every engine comes to the same over every vector`, async () => {
    for (const vector of vectors) {
      const request = questionOf(technology, vector);
      const expected = await examine(inlineEngine, request);
      assert.equal(expected.code, vector.code, vector.name);
      const both = await examine(inlineEngine, { ...request, engine: "both" });
      const portable = await examinePortable({ ...request, engine: "portable" });
      assert.deepEqual(essence(both), essence(expected), vector.name);
      assert.deepEqual(essence(portable), essence(expected), vector.name);
      const [agreed] = both.findings.filter((finding) => finding.id === "trust.engine");
      assert.equal(agreed?.kind, "match", shown(both));
    }
  });

  /** An engine that is wrong in one way, and what is told of it. */
  const defects: readonly (readonly [string, Engine["run"], RegExp])[] = [
    [
      "refuses for another reason",
      () => Promise.reject(refusal("x509.malformed", {})),
      /wasm refuses with x509\.malformed, portable accepts/,
    ],
    [
      "takes a file for another",
      () => Promise.reject(refusal("input.wrong_kind", {})),
      /wasm refuses with input\.wrong_kind, portable accepts/,
    ],
    [
      "knows more than there is",
      async (operation, parts) => ({
        ...Object(await inlineEngine.run(operation, parts)),
        genuine: true,
      }),
      /wasm genuine is there, portable genuine is absent/,
    ],
    ["knows nothing", () => Promise.resolve({}), / is absent, portable .* is there/],
  ];
  for (const [what, run, told] of defects) {
    const engine = doctored(VERIFY[id], run);
    Deno.test(`${id}: an engine that ${what} is a disagreement for examine() and verify()`, async () => {
      const result = await examine(engine, asked("both"));
      const finding = assertVerdict(result, "rejected", "engine.disagreement");
      assert.equal(finding.id, "trust.engine");
      assert.match(finding.actual ?? "", told);
      assert.match(finding.actual ?? "", new RegExp(`operation ${VERIFY[id]}`));
      assert.ok(result.findings.slice(1).every(({ kind }) => kind === "unchecked"));
      assertDescribed(result);
      await assert.rejects(
        verify(engine, asked("both")),
        (error) => error instanceof NotTrustedError && error.code === "engine.disagreement",
      );
    });
  }

  Deno.test(`${id}: a disagreement is no word about genuineness where only that is asked`, async () => {
    const engine = doctored(VERIFY[id], () => Promise.resolve({}));
    const request: Request = { ...asked("both"), profile: "crypto-only" };
    const result = await examine(engine, request);
    assert.deepEqual(
      [result.verdict, result.outcome, result.code],
      [null, "not-genuine", "engine.disagreement"],
    );
    assertDescribed(result);
    await assert.rejects(verify(engine, request), { code: "engine.disagreement" });
  });

  Deno.test(`${id}: an engine that accepts bent evidence is found out`, async () => {
    const accepted = await inlineAnswer(VERIFY[id], asked("wasm"));
    const bad = vectors.filter(({ code, verdict }) => code !== null && verdict === "rejected");
    let found = 0;
    for (const vector of bad) {
      const request: Request = { ...questionOf(technology, vector), engine: "both" };
      const right = await examine(inlineEngine, request);
      // Appraisal is not the engine's.
      if (right.claims !== null) continue;
      const result = await examine(
        doctored(VERIFY[id], () => Promise.resolve(accepted)),
        request,
      );
      if (result.code === right.code) continue;
      assertVerdict(result, "rejected", "engine.disagreement");
      found += 1;
    }
    assert.ok(found > 0, "no vector is refused by the engine");
  });

  Deno.test(`${id}: an engine that fails accepts nothing and refuses nothing`, async () => {
    const engine = doctored(VERIFY[id], () => Promise.reject(new TypeError("stopped")));
    await assert.rejects(
      examine(engine, asked("both")),
      /Cannot compare the engines: wasm failed \[engine\.failed\]/,
    );
    await assert.rejects(verify(engine, asked("both")), /\[engine\.failed\]/);
  });
}

Deno.test("docs/codes.md tells of a disagreement, and what to do", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/codes.md", import.meta.url));
  const [line = ""] = text.split("\n").filter((line) => line.includes("`engine.disagreement`"));
  // Its exit code is that of a refusal.
  assert.match(
    line,
    /^\| `engine\.disagreement` \| 3 \| .*do not agree.* \| .*trust neither.* \|$/,
  );
});

function assertDescribed(result: Result): void {
  const { valid, errors } = validator.validate(JSON.parse(JSON.stringify(result)));
  assert.ok(valid, JSON.stringify(errors, null, 1));
}

/** What the module answers to an operation on the way of a request. */
async function inlineAnswer(operation: Operation, request: Request): Promise<unknown> {
  let answer: unknown;
  const spy = doctored(operation, async (asked, parts) => {
    answer = await inlineEngine.run(asked, parts);
    return answer;
  });
  await examine(spy, request);
  assert.notEqual(answer, undefined, `${operation} is never asked`);
  return answer;
}

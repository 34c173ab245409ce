import assert from "node:assert/strict";
import { OF_JOINER, OF_MEMBER, OF_NEWCOMER } from "../../../tests/statements.ts";
import { judgeStatement } from "./appraise.ts";
import { STATEMENT_CODES } from "./codes.ts";
import type { StatementExpectation } from "./expectation.ts";
import { type Phase, PHASES, type Purpose, PURPOSES, type Statement } from "./statement.ts";

const CONTEXT = { variant: OF_MEMBER.variant };

/** All that can be expected of {@linkcode OF_MEMBER}. */
const EVERYTHING: Required<StatementExpectation> = {
  purpose: "serve",
  audience: OF_MEMBER.audience,
  requestDigest: "",
  clusterId: OF_MEMBER.clusterId,
  manifestDigest: OF_MEMBER.manifestDigest,
  role: OF_MEMBER.role,
  nodeName: OF_MEMBER.nodeName,
  tlsSpki: OF_MEMBER.tlsSpki,
};

/** Codes of the checks that the verdict depends on and that do not hold. */
function failed(
  statement: Statement,
  expected: StatementExpectation,
  context = CONTEXT,
): readonly (string | null)[] {
  const judged = judgeStatement(statement, expected, context);
  return judged.filter(({ holds, required = true }) => required && holds !== true)
    .map(({ code }) => code);
}

Deno.test("judgeStatement() finds nothing where all is as expected", () => {
  assert.deepEqual(failed(OF_MEMBER, EVERYTHING), []);
  assert.ok(judgeStatement(OF_MEMBER, EVERYTHING, CONTEXT).every(({ holds }) => holds === true));
  const shouted = Object.entries(EVERYTHING).map(([name, value]) =>
    /^[0-9a-f]{9,}$/.test(value) ? [name, value.toUpperCase()] : [name, value]
  );
  assert.deepEqual(failed(OF_MEMBER, Object.fromEntries(shouted)), []);
});

Deno.test("judgeStatement() gives each member that differs its own code", () => {
  const other = "99".repeat(32);
  const cases: readonly (readonly [StatementExpectation, string])[] = [
    [{ audience: other }, "statement.audience_mismatch"],
    [{ audience: "batch" }, "statement.audience_mismatch"],
    [{ requestDigest: other }, "statement.request_mismatch"],
    [{ clusterId: other }, "statement.cluster_mismatch"],
    [{ clusterId: "" }, "statement.cluster_mismatch"],
    [{ manifestDigest: other }, "statement.manifest_mismatch"],
    [{ role: "worker" }, "statement.role_mismatch"],
    [{ nodeName: "node-1" }, "statement.node_mismatch"],
    [{ tlsSpki: "3059" }, "statement.tls_mismatch"],
  ];
  for (const [change, code] of cases) {
    assert.deepEqual(failed(OF_MEMBER, { ...EVERYTHING, ...change }), [code]);
    assert.deepEqual(failed(OF_MEMBER, change), [code]);
  }
  const foreign = { variant: "azure-tdx" };
  assert.deepEqual(failed(OF_MEMBER, EVERYTHING, foreign), ["statement.variant_mismatch"]);
});

Deno.test("judgeStatement() lets the verdict depend on nothing that was not expected, and says so", () => {
  const judged = judgeStatement(OF_MEMBER, {}, CONTEXT);
  const open = judged.filter(({ holds }) => holds === null);
  assert.deepEqual(open.map(({ id }) => id), [
    "statement.audience",
    "statement.cluster",
    "statement.manifest",
    "statement.role",
    "statement.node",
    "statement.tls",
  ]);
  assert.ok(open.every(({ required, expected }) => required === false && expected === null));
  assert.deepEqual(failed(OF_MEMBER, {}), []);
});

Deno.test("judgeStatement() takes evidence for one purpose for no other", () => {
  for (const made of PURPOSES) {
    for (const asked of PURPOSES) {
      const statement: Statement = { ...OF_JOINER, purpose: made, requestDigest: "" };
      const codes = failed(statement, { purpose: asked });
      assert.deepEqual(codes, made === asked ? [] : ["statement.purpose_mismatch"]);
    }
  }
  assert.deepEqual(failed(OF_JOINER, { requestDigest: OF_JOINER.requestDigest }), [
    "statement.purpose_mismatch",
  ]);
  assert.deepEqual(failed(OF_JOINER, { purpose: "join" }), ["statement.request_mismatch"]);
});

Deno.test("judgeStatement() refuses purposes in phases that must not speak for them", () => {
  const phases: Readonly<Record<Purpose, readonly Phase[]>> = {
    "serve": PHASES,
    "init": ["cluster"],
    "join": ["cluster"],
    "unlock": ["cluster"],
    "renew": PHASES,
    "recover": ["cluster"],
    "cluster-cert": PHASES,
  };
  for (const purpose of PURPOSES) {
    for (const base of [OF_NEWCOMER, OF_JOINER, OF_MEMBER]) {
      const statement: Statement = { ...base, purpose, requestDigest: "" };
      const codes = failed(statement, { purpose });
      const allowed = phases[purpose].includes(base.phase);
      assert.deepEqual(
        codes,
        allowed ? [] : ["statement.phase_refused"],
        `${purpose} ${base.phase}`,
      );
    }
  }
});

Deno.test("each check of a statement is the one that its code names", () => {
  for (const { id, code } of judgeStatement(OF_MEMBER, EVERYTHING, CONTEXT)) {
    const entry = Object.entries(STATEMENT_CODES).find(([known]) => known === code)?.[1];
    assert.equal(entry?.check, id);
  }
});

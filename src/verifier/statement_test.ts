import assert from "node:assert/strict";
import { concat, toHex } from "../core/bytes.ts";
import { inlineEngine } from "../core/crypto_inline.ts";
import { InputError } from "../core/errors.ts";
import { bindingOf, reportDataOf, runtimeRegisterOf } from "../evidence/statement/binding.ts";
import { writeStatement } from "../evidence/statement/read.ts";
import type { Statement } from "../evidence/statement/statement.ts";
import { mintSnp, mintTdx } from "../lab/mod.ts";
import { intelAuthority } from "../../tests/intel_authority.ts";
import { labAuthority, NOW } from "../../tests/lab_authority.ts";
import { assertRefused, shown } from "../../tests/result.ts";
import { examine } from "./examine.ts";
import type { Expectation } from "./expectation.ts";
import type { Result } from "../results/result.ts";

const CLUSTER = "c1".repeat(32);
const NONCE = new Uint8Array(32).fill(0x5e);
/** No text, which would be refused before the question. */
const RAW = Uint8Array.of(1);
const text = (pem: string): Uint8Array => new TextEncoder().encode(pem);

const STATEMENT: Statement = {
  v: 1,
  purpose: "serve",
  variant: "sev-snp",
  audience: "a0".repeat(32),
  requestDigest: "",
  clusterId: CLUSTER,
  manifestDigest: "d1".repeat(32),
  manifestSequence: 7,
  role: "worker",
  nodeName: "worker-1",
  bootId: "b0".repeat(16),
  tlsSpki: "3059301306072a",
  hpkeKey: "e0".repeat(32),
  phase: "member",
  logHead: "",
};

/** What differs from an honest answer. */
interface Bend {
  readonly said?: Partial<Statement>;
  readonly sent?: Uint8Array;
  readonly nonce?: Uint8Array;
  readonly expect?: Partial<Exclude<Expectation, { readonly freshness: "none" }>>;
  readonly hostData?: Uint8Array;
}

function bound(said: Partial<Statement>): readonly [Uint8Array, Uint8Array] {
  const bytes = writeStatement({ ...STATEMENT, ...said });
  return [bytes, reportDataOf(bindingOf(NONCE, bytes), new Uint8Array())];
}

async function askSnp(bend: Bend = {}): Promise<Result> {
  const [bytes, reportData] = bound(bend.said ?? {});
  const { hostData } = bend;
  const bends = hostData === undefined ? {} : { report: { hostData } };
  const minted = await mintSnp(await labAuthority(), { now: NOW, reportData, bends });
  return await examine(inlineEngine, {
    variant: "sev-snp",
    evidence: {
      report: minted.report,
      leaf: text(minted.leaf),
      chainAskArk: text(minted.chain),
      crls: [text(minted.crl)],
    },
    statement: bend.sent ?? bytes,
    expect: { nonce: bend.nonce ?? NONCE, ...bend.expect },
    policy: {
      version: 1,
      allowLab: true,
      "sev-snp": { measurements: [toHex(minted.measurement)] },
    },
    now: NOW,
    labRoots: [text(minted.root)],
  });
}

async function askTdx(said: Partial<Statement>, rtmr3: Uint8Array): Promise<Result> {
  const [bytes, reportData] = bound({ variant: "tdx", ...said });
  const minted = await mintTdx(await intelAuthority(), {
    now: NOW,
    reportData,
    rtmrs: { 3: rtmr3 },
  });
  const { files, labRoot, pins } = tdxFiles(minted);
  return await examine(inlineEngine, {
    variant: "tdx",
    evidence: files,
    statement: bytes,
    expect: { nonce: NONCE },
    policy: { version: 1, allowLab: true, tdx: pins },
    now: NOW,
    labRoots: [labRoot],
  });
}

type MintedTdx = Awaited<ReturnType<typeof mintTdx>>;

function tdxFiles(minted: MintedTdx) {
  const [, rtmr1, rtmr2] = minted.rtmrs;
  return {
    files: {
      quote: minted.quote,
      tcbInfo: text(minted.tcbInfo),
      qeIdentity: text(minted.qeIdentity),
      tcbChain: text(minted.tcbChain),
      pckCrl: text(minted.pckCrl),
      rootCrl: text(minted.rootCrl),
    },
    labRoot: text(minted.root),
    pins: {
      mrTd: [toHex(minted.mrTd)],
      rtmr1: [toHex(rtmr1)],
      rtmr2: [toHex(rtmr2)],
    },
  };
}

function kindOf(result: Result, id: string): string | undefined {
  const finding = result.findings.find((one) => one.id === id);
  return finding === undefined ? undefined : `${finding.kind}${finding.required ? "" : ", aside"}`;
}

Deno.test("examine() binds a report to a nonce and a statement, and tells both", async () => {
  const result = await askSnp();
  assert.equal(result.verdict, "lab-trusted", shown(result));
  assert.equal(result.binding, "nonce");
  assert.deepEqual(result.statement, STATEMENT);
  assert.equal(kindOf(result, "snp.report-data"), "match");
  assert.equal(kindOf(result, "statement.form"), "match");
  assert.equal(kindOf(result, "statement.purpose"), "match");
  assert.equal(kindOf(result, "statement.cluster"), "unchecked, aside");
  assert.equal(kindOf(result, "phase.unmeasured"), "unchecked, aside");
});

Deno.test("examine() refuses another nonce, and a statement that was not bound", async () => {
  assertRefused(await askSnp({ nonce: NONCE.map((byte) => ~byte) }), "snp.report_data_mismatch");
  const [other] = bound({ nodeName: "worker-2" });
  const unbound = await askSnp({ sent: other });
  assertRefused(unbound, "snp.report_data_mismatch");
  assert.equal(unbound.statement, null);
});

Deno.test("examine() refuses a statement that is no statement", async () => {
  const [bytes] = bound({});
  const loose = text(` ${new TextDecoder().decode(bytes)}`);
  assertRefused(await askSnp({ sent: loose }), "statement.not_canonical");
  assertRefused(await askSnp({ sent: bytes.subarray(1) }), "statement.encoding");
  const result = await askSnp({ sent: concat(bytes, text("}")) });
  assertRefused(result, "statement.encoding");
  assert.equal(kindOf(result, "snp.signature"), "match");
  assert.equal(result.statement, null);
});

const OTHERS: readonly (readonly [string, Bend, string])[] = [
  ["variant", { said: { variant: "azure-sev-snp" } }, "statement.variant_mismatch"],
  ["purpose", { said: { purpose: "renew" } }, "statement.purpose_mismatch"],
  ["audience", { expect: { audience: "a1".repeat(32) } }, "statement.audience_mismatch"],
  ["request", { expect: { requestDigest: "a1".repeat(32) } }, "statement.request_mismatch"],
  ["cluster", { expect: { clusterId: "a1".repeat(32) } }, "statement.cluster_mismatch"],
  ["manifest", { expect: { manifestDigest: "a1".repeat(32) } }, "statement.manifest_mismatch"],
  ["role", { expect: { role: "control-plane" } }, "statement.role_mismatch"],
  ["node", { expect: { nodeName: "worker-2" } }, "statement.node_mismatch"],
  ["TLS key", { expect: { tlsSpki: "30" } }, "statement.tls_mismatch"],
  [
    "phase for its purpose",
    { said: { purpose: "unlock" }, expect: { purpose: "unlock" } },
    "statement.phase_refused",
  ],
  [
    "cluster at launch",
    { hostData: new Uint8Array(32).fill(0xc2) },
    "statement.cluster_mismatch",
  ],
];

for (const [what, bend, code] of OTHERS) {
  Deno.test(`examine() refuses a statement of another ${what} with ${code}`, async () => {
    assertRefused(await askSnp(bend), code);
  });
}

Deno.test("examine() holds the cluster against what was set at launch", async () => {
  const result = await askSnp({ hostData: new Uint8Array(32).fill(0xc1) });
  assert.equal(result.verdict, "lab-trusted", shown(result));
  assert.equal(kindOf(result, "statement.cluster.launch"), "match");
});

Deno.test("examine() holds the phase against RTMR 3 where something extended it", async () => {
  const member = runtimeRegisterOf("sha384", STATEMENT);
  const honest = await askTdx({}, member);
  assert.equal(honest.verdict, "lab-trusted", shown(honest));
  assert.equal(kindOf(honest, "phase.measured"), "match");
  const inCluster = { phase: "cluster", role: "", nodeName: "", manifestSequence: 0 } as const;
  assertRefused(await askTdx(inCluster, member), "statement.phase_mismatch");
  const untouched = await askTdx({}, new Uint8Array(48));
  assert.equal(kindOf(untouched, "phase.unmeasured"), "unchecked, aside");
});

Deno.test("examine() refuses questions about a statement that are none", async () => {
  const code = async (asked: Promise<unknown>): Promise<string> => {
    const error = await asked.then(() => undefined, (reason: unknown) => reason);
    assert.ok(error instanceof InputError, String(error));
    return error.code;
  };
  assert.equal(await code(askSnp({ nonce: NONCE.subarray(1) })), "input.value");
  assert.equal(await code(askSnp({ expect: { clusterId: "C1".repeat(32) } })), "input.value");
  assert.equal(await code(askSnp({ expect: { audience: "" } })), "input.value");
  const unbound = {
    variant: "sev-snp",
    evidence: { report: RAW, leaf: RAW, chainAskArk: RAW },
    now: NOW,
  } as const;
  const about = { nonce: NONCE, clusterId: CLUSTER };
  assert.equal(await code(examine(inlineEngine, { ...unbound, expect: about })), "input.conflict");
  const [statement] = bound({});
  const data = { reportData: new Uint8Array(64) };
  const asked = examine(inlineEngine, { ...unbound, statement, expect: data });
  assert.equal(await code(asked), "input.missing");
});

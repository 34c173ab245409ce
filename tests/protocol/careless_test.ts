/** Callers whose code is not typed, and who mean a check that the call does not state: it is refused, never passed by. */
import assert from "node:assert/strict";
import {
  bindingOf,
  examine,
  InputError,
  reportDataOf,
  type Request,
  verify,
  writeEnvelope,
  writeStatement,
} from "../../mod.ts";
import { mintSnp } from "../../src/lab/mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { refused } from "../refused.ts";
import { assertRefused, shown } from "../result.ts";
import { OF_MEMBER } from "../statements.ts";

const NONCE = new Uint8Array(32).fill(0x5e);
const CLUSTER = "c2".repeat(32);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Evidence of a node with a statement, bound to both. */
async function question(said: object = {}): Promise<Readonly<Record<string, unknown>>> {
  const statement = writeStatement({ ...OF_MEMBER, variant: "sev-snp", ...said });
  const reportData = reportDataOf(bindingOf(NONCE, statement), new Uint8Array());
  const minted = await mintSnp(await labAuthority(), { now: NOW, reportData });
  const { report, leaf, chain, crl, root, measurement } = minted;
  return {
    variant: "sev-snp",
    evidence: {
      report,
      leaf: utf8(leaf),
      chainAskArk: utf8(chain),
      crls: [utf8(crl)],
    },
    statement,
    expect: { nonce: NONCE },
    policy: { version: 1, allowLab: true, "sev-snp": { measurements: [toHex(measurement)] } },
    now: NOW,
    labRoots: [utf8(root)],
  };
}

const PLAIN = await question();

/** What callers in plain JavaScript may give. */
const asRequest = (members: object): Request => ({ ...PLAIN, ...members }) as unknown as Request;

Deno.test("examine() trusts the evidence that the tests here change", async () => {
  const result = await examine(asRequest({}));
  assert.equal(result.verdict, "lab-trusted", shown(result));
});

/** Its cluster stands behind a getter, as in many a class. */
class Wanted {
  readonly nonce = NONCE;
  get clusterId(): string {
    return "ff".repeat(32);
  }
}

Deno.test("examine() refuses expectations that it would pass by", async () => {
  const cases: readonly (readonly [what: string, expect: unknown, code: string])[] = [
    ["behind a getter of a class", new Wanted(), "input.value"],
    [
      "of a prototype",
      Object.assign(Object.create({ clusterId: "ff" }), { nonce: NONCE }),
      "input.value",
    ],
    ["in a map", new Map<string, unknown>([["nonce", NONCE]]), "input.value"],
    ["in a list", [NONCE], "input.value"],
    ["undefined", { nonce: NONCE, clusterId: undefined }, "input.value"],
    ["null", { nonce: NONCE, role: null }, "input.value"],
    ["empty", { nonce: NONCE, nodeName: "" }, "input.value"],
    ["a purpose that is none", { nonce: NONCE, purpose: "Serve" }, "input.value"],
    ["an audience of many", { nonce: NONCE, audience: "batch" }, "input.value"],
    ["misspelt", { nonce: NONCE, clusterID: CLUSTER }, "input.conflict"],
    ["of a prototype's name", JSON.parse('{"nonce":1,"__proto__":{}}'), "input.conflict"],
    ["both nonce and no freshness", { nonce: NONCE, freshness: "none" }, "input.conflict"],
    [
      "about a statement without a nonce",
      { freshness: "none", clusterId: CLUSTER },
      "input.conflict",
    ],
    ["a nonce of zeros", { nonce: new Uint8Array(32) }, "input.value"],
    ["a nonce as text", { nonce: "5e".repeat(32) }, "input.value"],
    ["a nonce of 31 bytes", { nonce: NONCE.subarray(1) }, "input.value"],
    ["report data", { reportData: new Uint8Array(64).fill(1) }, "input.missing"],
    ["nonce and report data", { nonce: NONCE, reportData: new Uint8Array(64) }, "input.conflict"],
  ];
  for (const [what, expect, code] of cases) {
    await refused(code, examine(asRequest({ expect })), what);
  }
});

Deno.test("examine() refuses a statement beside evidence of no variant, whatever is expected", async () => {
  const raw = Uint8Array.of(1);
  const pcrs = utf8(`{"sha256":{"0":"${"00".repeat(32)}"}}`);
  const evidence = { tpmQuoteMsg: raw, tpmQuoteSig: raw, akPub: raw, pcrs };
  for (const members of [{}, { expect: { freshness: "none" } }]) {
    await refused("input.conflict", examine(asRequest({ variant: "tpm", evidence, ...members })));
  }
  const unasked = { variant: "tpm", evidence, expect: undefined, profile: "crypto-only" };
  await refused("input.conflict", examine(asRequest(unasked)));
  for (const statement of [null, "{}", [1], new Proxy(new Uint8Array(1), {})]) {
    await refused("input.value", examine(asRequest({ statement })));
  }
});

Deno.test("verify() with signatures alone tells no statement, which nothing was held against", async () => {
  const statement = writeStatement({ ...OF_MEMBER, variant: "sev-snp", tlsSpki: "30" });
  const result = await verify(asRequest({ statement, profile: "crypto-only" }));
  assert.deepEqual([result.outcome, result.statement, result.binding], [
    "genuine",
    null,
    "caller-supplied",
  ]);
  assertRefused(await examine(asRequest({ statement })), "snp.report_data_mismatch");
});

Deno.test("examine() refuses a batch, which no path leads into, whether an audience is expected or not", async () => {
  const asked = await question({ audience: "batch" });
  assertRefused(await examine(asRequest(asked)), "statement.audience_mismatch");
  const expect = { nonce: NONCE, audience: "a1".repeat(32) };
  assertRefused(await examine(asRequest({ ...asked, expect })), "statement.audience_mismatch");
});

/** Values behind a getter. */
class Values {
  get measurements(): readonly string[] {
    return ["ff".repeat(48)];
  }
}

Deno.test("examine() refuses reference values that it would pass by, and those that are none", async () => {
  const long = "x".repeat(100_000);
  const cases: readonly (readonly [what: string, section: unknown, code: string])[] = [
    ["nothing", {}, "input.missing"],
    ["undefined values", { idKeyDigests: undefined }, "input.missing"],
    ["a class", new Values(), "policy.value"],
    ["a map", new Map([["idKeyDigests", ["ff".repeat(48)]]]), "policy.value"],
    ["null", null, "policy.value"],
    ["what weakens", { debug: "allow" }, "policy.unknown_key"],
    [
      "what weakens beside a value",
      { idKeyDigests: ["ff".repeat(48)], vmpl: [3] },
      "policy.unknown_key",
    ],
    ["what the policy says, too", { measurements: ["ff".repeat(48)] }, "input.conflict"],
    ["a prototype", JSON.parse('{"__proto__":{"debug":"allow"}}'), "policy.unknown_key"],
    ["a constructor", { constructor: { prototype: {} } }, "policy.unknown_key"],
    ["a long key", { [long]: 1 }, "policy.unknown_key"],
    ["values that are none", { idKeyDigests: [] }, "policy.value"],
  ];
  for (const [what, section, code] of cases) {
    const reference = { version: 1, "sev-snp": section };
    const fields = await refused(code, examine(asRequest({ reference })), what);
    assert.ok(Object.values(fields).join().length < 500, what);
  }
  const roots = [
    { version: 1, acceptRoots: ["none"], "sev-snp": { idKeyDigests: ["ff".repeat(48)] } },
    { version: 1, allowLab: true },
    JSON.parse('{"version":1,"__proto__":{"sev-snp":{"debug":"allow"}}}'),
    { version: 1, [long]: {} },
  ];
  for (const reference of roots) {
    const fields = await refused("policy.unknown_key", examine(asRequest({ reference })));
    assert.ok(Object.values(fields).join().length < 500);
  }
  assert.deepEqual(Object.keys(Object.prototype), [], "nobody's prototype has changed");
});

Deno.test("examine() refuses policies that admit nothing, or name roots that there are not", async () => {
  const cases = [
    ...[{ admitVariants: [] }, { admitVariants: null }, { admitVariants: "sev-snp" }],
    ...[{ admitVariants: ["lab"] }, { acceptRoots: [] }, { acceptRoots: ["lab"] }, {
      acceptRoots: null,
    }],
    ...[new Map([["version", 1]]), { __proto__: { version: 1 } }],
  ];
  for (const policy of cases) {
    const error = await examine(asRequest({ policy: Object.assign(policy, { version: 1 }) }))
      .then(shown, (error: unknown) => error);
    assert.ok(error instanceof InputError && error.code === "policy.value", String(error));
  }
});

Deno.test("writeEnvelope() refuses what is no bytes, which it would write as zeros", async () => {
  const [report, statement] = [new Uint8Array(1184), Uint8Array.of(1)];
  const wrong: readonly unknown[] = ["x", "AQID", null, 7, [null], ["x"], [[report]], { 0: 1 }];
  for (const other of wrong) {
    // Callers whose code is not typed give anything.
    const files = { report: other } as Readonly<Record<string, Uint8Array>>;
    const write = (): Promise<Uint8Array> => Promise.resolve(writeEnvelope("a", statement, files));
    await refused("envelope.member", Promise.resolve().then(write), String(other));
    const stated = Promise.resolve().then(() =>
      writeEnvelope("a", other as Uint8Array, { report })
    );
    await refused("envelope.member", stated, String(other));
  }
});

import assert from "node:assert/strict";
import { inlineEngine } from "../core/crypto_inline.ts";
import { sevSnp } from "../evidence/snp/mod.ts";
import { tdx } from "../evidence/tdx/mod.ts";
import { technologies } from "../evidence/registry.ts";
import { mintSnp } from "../lab/mod.ts";
import { readPolicy } from "../policy/policy.ts";
import type { Result } from "../results/result.ts";
import { labAuthority, NOW } from "../../tests/lab_authority.ts";
import { examine } from "./examine.ts";
import { exceptionsFor, warningsOf } from "./exceptions.ts";
import { NotTrustedError, verify } from "./verify.ts";

const text = (pem: string): Uint8Array => new TextEncoder().encode(pem);
const REPORT_DATA = new Uint8Array(64).fill(7);

/** POLICY of a guest that the host may debug: bit 19, beside the bit that is always set, and SMT (AMD 56860, table 10). */
const GUEST_POLICY = (1n << 19n) | (1n << 17n) | (1n << 16n);

async function debugged(): Promise<Awaited<ReturnType<typeof mintSnp>>> {
  const bends = { report: { policy: GUEST_POLICY } };
  return await mintSnp(await labAuthority(), { now: NOW, reportData: REPORT_DATA, bends });
}

const minted = debugged();

async function requestOf(policy: object, profile: "full" | "crypto-only" = "full") {
  const { report, leaf, chain, crl, root } = await minted;
  return {
    variant: "sev-snp" as const,
    evidence: { report, leaf: text(leaf), chainAskArk: text(chain), crls: [text(crl)] },
    expect: { reportData: REPORT_DATA },
    policy: { version: 1, "sev-snp": policy },
    labRoots: [text(root)],
    now: NOW,
    profile,
  };
}

const ask = async (policy: object, profile?: "full" | "crypto-only"): Promise<Result> =>
  await examine(inlineEngine, await requestOf(policy, profile));

const COSTS = "whoever controls the host can read and change the memory";

Deno.test("examine() accepts a debugged guest to the end of a day, and says first what that costs", async () => {
  const debug = { value: "allow", until: "2026-12-31", because: "migration of the build farm" };
  const { code, exceptions, warnings } = await ask({ debug });

  assert.notEqual(code, "snp.debug_enabled");
  assert.deepEqual(exceptions, [{
    key: "sev-snp.debug",
    value: "allow",
    costs: COSTS,
    until: "2026-12-31",
    ended: false,
    because: "migration of the build farm",
  }]);
  assert.deepEqual(warnings, [
    `sev-snp.debug: allow – ${COSTS} (until 2026-12-31: migration of the build farm)`,
  ]);
});

Deno.test("examine() refuses a debugged guest after that day, and says that it ended", async () => {
  const { verdict, code, exceptions, warnings } = await ask({
    debug: { value: "allow", until: "2026-01-31" },
  });
  const plain = await ask({});

  assert.deepEqual([verdict, code], ["rejected", plain.code]);
  assert.equal(plain.verdict, "rejected");
  assert.deepEqual(exceptions.map(({ key, ended }) => ({ key, ended })), [
    { key: "sev-snp.debug", ended: true },
  ]);
  assert.deepEqual(warnings, [
    "sev-snp.debug: allow ended on 2026-01-31, so that the default counts",
  ]);
});

Deno.test("examine() with signatures and chains alone has no exceptions", async () => {
  const { outcome, exceptions, warnings } = await ask({ debug: "allow" }, "crypto-only");
  assert.deepEqual([outcome, exceptions, warnings], ["genuine", [], []]);
});

Deno.test("verify() lets lab evidence be trusted no longer than the policy says", async () => {
  const request = async (until: string) => {
    const { policy, ...rest } = await requestOf({
      debug: "allow",
      measurements: [
        (await ask({ debug: "allow" })).findings.find(({ id }) => id === "snp.measurement")?.actual,
      ],
    });
    return { ...rest, policy: { ...policy, allowLab: { value: true, until } } };
  };

  const { verdict } = await verify(inlineEngine, await request("2026-12-31"));
  assert.equal(verdict, "lab-trusted");
  await assert.rejects(
    verify(inlineEngine, await request("2026-01-31")),
    (error) => error instanceof NotTrustedError && error.result.verdict === "lab-trusted",
  );
});

Deno.test("exceptionsFor() leaves out what is of other variants", () => {
  const policy = readPolicy(
    {
      version: 1,
      acceptRoots: ["amd", "provider"],
      acceptCompromised: { milan: "2030-01-31" },
      "sev-snp": { vmpl: [1] },
      tdx: { debug: "allow" },
      "azure-sev-snp": { tee: { debug: "allow" } },
    },
    technologies,
    "given",
    NOW,
  );
  const keys = (technology: typeof sevSnp | typeof tdx) =>
    exceptionsFor(policy, technology).map(({ key }) => key);

  assert.deepEqual(keys(sevSnp), ["acceptRoots", "acceptCompromised", "sev-snp.vmpl"]);
  assert.deepEqual(keys(tdx), ["acceptRoots", "tdx.debug"]);
});

Deno.test("warningsOf() says exceptions before the root's words, and nothing twice", () => {
  const { exceptions } = readPolicy(
    {
      version: 1,
      allowLab: true,
      acceptCompromised: { milan: "2030-01-31" },
      "sev-snp": { revocation: { value: "if-given", until: "2026-01-31", because: "no network" } },
    },
    technologies,
    "given",
    NOW,
  );
  const told = (asked: boolean) =>
    warningsOf(exceptions, { warnings: ["Milan"] }, asked).map((line) => line.split(/[: ]/)[0]);

  assert.deepEqual(told(false), ["allowLab", "sev-snp.revocation", "Milan"]);
  assert.deepEqual(told(true), ["sev-snp.revocation", "Milan"]);
  const over = { version: 1, acceptCompromised: { milan: "2026-01-31" } };
  const past = readPolicy(over, technologies, "given", NOW).exceptions;
  assert.match(warningsOf(past, { warnings: [] }, false).join(), /^acceptCompromised: .* ended on/);
  const [, ended] = warningsOf(exceptions, { warnings: [] }, false);
  assert.equal(
    ended,
    "sev-snp.revocation: if-given ended on 2026-01-31, so that the default counts: no network",
  );
});

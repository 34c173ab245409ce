import assert from "node:assert/strict";
import fc from "fast-check";
import { technologies } from "../../src/evidence/registry.ts";
import type { VariantId } from "../../src/evidence/variants/facts.ts";
import { attestersOf } from "../../src/results/attesters.ts";
import { readClaims, type TokenClaims } from "../../src/results/claims.ts";
import { earClaims, signResult, type TokenOptions } from "../../src/results/ear.ts";
import { EAR_PROFILES, LAB_TAG } from "../../src/results/profile.ts";
import type { Result } from "../../src/results/result.ts";
import { isBetter, type Status, tierOf } from "../../src/results/tier.ts";
import { ask, mintedOf, sectionOf } from "../variants/ask.ts";
import { labResult, NOW, OPTIONS, realResult, verifierKey } from "./tokens.ts";

function claimsOf(result: Result, options: Partial<TokenOptions> = {}): TokenClaims {
  return readClaims(earClaims(result, { ...OPTIONS, ...options }));
}

/** Status and vector by label. */
function submodsOf(result: Result, options: Partial<TokenOptions> = {}): object {
  const { appraisals } = claimsOf(result, options);
  return Object.fromEntries(appraisals.map(({ name, status, vector }) => [name, [status, vector]]));
}

/** Variants whose evidence differs in who attests: a report alone, one with a vTPM, a vTPM's document alone. */
const VARIANTS: readonly VariantId[] = ["sev-snp", "tdx", "azure-sev-snp", "aws-nitro-tpm"];

const OF_CPU = { "configuration": 2, "executables": 3, "hardware": 2, "runtime-opaque": 2 };

Deno.test("earClaims() affirms what a trusted node is, and no more: what runs was seen at boot", async () => {
  assert.deepEqual(submodsOf(await realResult("sev-snp")), { cpu0: ["affirming", OF_CPU] });
  assert.deepEqual(submodsOf(await realResult("tdx")), { cpu0: ["affirming", OF_CPU] });
});

Deno.test("earClaims() has one appraisal per attester, and what runs with the one that speaks for the node", async () => {
  assert.deepEqual(submodsOf(await realResult("azure-sev-snp")), {
    cpu0: ["affirming", OF_CPU],
    // A vTPM's hardware is no hardware; its registers are the paravisor's word.
    vtpm0: ["affirming", { executables: 3 }],
    log0: ["affirming", { executables: 3 }],
  });
  assert.deepEqual(submodsOf(await realResult("aws-nitro-tpm")), {
    vtpm0: ["affirming", { configuration: 2, executables: 3 }],
  });
});

for (const variant of VARIANTS) {
  Deno.test(`earClaims() calls lab evidence of ${variant} what it is`, async () => {
    const result = await labResult(variant);

    assert.equal(claimsOf(result).profile, LAB_TAG);
    assert.deepEqual([...new Set(claimsOf(result).appraisals.map((one) => one.status))], [
      "affirming",
    ]);
    for (const profile of EAR_PROFILES.filter((one) => one !== "casemate")) {
      for (const { status, vector } of claimsOf(result, { profile }).appraisals) {
        assert.deepEqual([status, vector.hardware], ["contraindicated", 97]);
      }
    }
  });
}

for (const { id, checks, facts } of technologies) {
  Deno.test(`attestersOf() knows whose checks those of ${id} are, and who speaks for the node`, async () => {
    const { findings } = await labResult();
    const [first] = findings;
    assert.ok(first);
    const own = checks.map(({ id }) => ({ ...first, id }));
    const [main, ...others] = attestersOf({ variant: id, findings: own });

    for (const attester of [main, ...others]) assert.ok((attester?.own.length ?? 0) > 0);
    if (facts !== undefined) assert.equal(main?.label, facts.tee === null ? "vtpm0" : "cpu0");
  });
}

Deno.test("attestersOf() calls an enclave no vTPM", async () => {
  const { findings } = await labResult("aws-nitro-tpm");
  const labels = (variant: string) => attestersOf({ variant, findings }).map(({ label }) => label);
  assert.deepEqual(labels("aws-nitro-tpm"), ["vtpm0"]);
  assert.deepEqual(labels("nitro-enclave"), ["enclave0"]);
});

/** Evidence of Azure with one thing wrong. */
async function azure(
  change: (minted: Awaited<ReturnType<typeof mintedOf>>) => Parameters<typeof ask>[1],
): Promise<Result> {
  const minted = await mintedOf("azure-sev-snp");
  return await ask(minted, change(minted) ?? {});
}

const OTHER_NONCE = new Uint8Array(32).fill(0x5f);

Deno.test("earClaims() contraindicates every part of what was refused, and affirms nothing of it", async () => {
  const replayed = await azure(() => ({ expect: { nonce: OTHER_NONCE } }));
  assert.equal(replayed.verdict, "rejected");
  assert.deepEqual(submodsOf(replayed), {
    cpu0: ["contraindicated", { hardware: 96 }],
    vtpm0: ["contraindicated", { hardware: 96 }],
    log0: ["contraindicated", {}],
  });

  const other = await azure(({ reference, policy }) => ({
    section: { ...policy, ...reference, vtpm: { registers: { sha256: { 4: ["ab".repeat(32)] } } } },
  }));
  assert.equal(other.verdict, "rejected");
  assert.deepEqual(submodsOf(other), {
    cpu0: ["contraindicated", { executables: 96 }],
    vtpm0: ["contraindicated", { executables: 96 }],
    log0: ["contraindicated", {}],
  });

  const debuggable = await ask(await mintedOf("sev-snp"), { section: { vmpl: [3] } });
  assert.equal(debuggable.verdict, "rejected");
  assert.deepEqual(submodsOf(debuggable), {
    cpu0: ["contraindicated", { configuration: 96, executables: 96 }],
  });
});

Deno.test("earClaims() claims of evidence whose signature fails that all of it failed", async () => {
  const minted = await mintedOf("sev-snp");
  const report = minted.files["report"];
  assert.ok(report instanceof Uint8Array);
  const bent = await ask(minted, {
    files: { report: report.map((b, i) => i === 0x95 ? b ^ 1 : b) },
  });
  assert.equal(bent.code, "snp.signature_mismatch");
  assert.equal(bent.claims, null);
  assert.deepEqual(submodsOf(bent), {
    cpu0: ["contraindicated", {
      "instance-identity": 99,
      "configuration": 99,
      "executables": 99,
      "hardware": 99,
    }],
  });
});

Deno.test("earClaims() contraindicates what is genuine but not enough, unless the policy says warning", async () => {
  const unpinned = await ask(await mintedOf("sev-snp"), { section: {} });
  assert.equal(unpinned.verdict, "platform-only");
  assert.deepEqual(submodsOf(unpinned), {
    cpu0: ["contraindicated", { ...OF_CPU, executables: 96 }],
  });
  assert.deepEqual(submodsOf(unpinned, { platformOnly: "warning" }), {
    cpu0: ["warning", { ...OF_CPU, executables: 33 }],
  });
});

Deno.test("earClaims() has no token for what was not examined, nor for signatures alone", async () => {
  const minted = await mintedOf("sev-snp");
  const unavailable = await ask(minted, { files: { crls: undefined } });
  assert.equal(unavailable.verdict, "unavailable");
  assert.throws(() => earClaims(unavailable, OPTIONS), { code: "results.no_token" });

  const genuine = await ask(minted, { profile: "crypto-only", section: {} });
  assert.throws(() => earClaims(genuine, OPTIONS), { code: "results.not_full" });
});

Deno.test("earClaims() claims nothing of hardware and configuration where the policy lets more through than the default", async () => {
  const exception = {
    key: "sev-snp.debug",
    value: "allow",
    costs: "whoever controls the host can read the memory",
    until: null,
    ended: false,
    because: null,
  };
  const weak = await realResult("sev-snp", { exceptions: [exception] });
  assert.deepEqual(submodsOf(weak), { cpu0: ["affirming", { executables: 3 }] });
  const ended = await realResult("sev-snp", { exceptions: [{ ...exception, ended: true }] });
  assert.deepEqual(submodsOf(ended), { cpu0: ["affirming", OF_CPU] });
  const roots = await realResult("sev-snp", { exceptions: [{ ...exception, key: "acceptRoots" }] });
  assert.deepEqual(submodsOf(roots), { cpu0: ["affirming", OF_CPU] });
});

Deno.test("earClaims() approves nothing that was loaded where the policy asks less of what runs", async () => {
  const minted = await mintedOf("azure-sev-snp");
  const { tee, vtpm } = Object(sectionOf(minted));
  const sha256 = { 4: vtpm.registers.sha256[4] };
  const less = { tee, vtpm: { ...vtpm, registers: { sha256 }, whatRuns: [4], notInLog: [4] } };
  const weak = await ask(minted, { section: less });
  assert.equal(weak.verdict, "lab-trusted");
  const parts = claimsOf(weak).appraisals.map(({ vector }) => vector.executables);
  assert.deepEqual(parts, [undefined, undefined, undefined]);

  const unheld = await ask(minted, { section: { tee, vtpm: { ...vtpm, notInLog: [4] } } });
  const byName = claimsOf(unheld).appraisals.map(({ name, vector }) => [name, vector.executables]);
  assert.deepEqual(byName, [["cpu0", 3], ["vtpm0", 3], ["log0", undefined]]);
});

Deno.test("earClaims() makes no token that its own reader refuses, whatever releases are called", async () => {
  const release = "\u{1f600}".repeat(200);
  const reference = { release, set: release, owner: null, origins: [] };
  assert.equal(claimsOf(await realResult("sev-snp", { reference })).own?.reference?.set, release);
});

Deno.test("earClaims() affirms no hardware of which a check was passed by", async () => {
  const whole = await realResult("sev-snp");
  for (const id of ["snp.revocation", "snp.tcb-order"]) {
    const findings = whole.findings.map((finding) =>
      finding.id === id ? { ...finding, kind: "unchecked", required: false } as const : finding
    );
    assert.notDeepEqual(findings, whole.findings, id);
    const [cpu] = claimsOf({ ...whole, findings }).appraisals;
    assert.equal(cpu?.vector.hardware, undefined, id);
  }
});

Deno.test("earClaims() calls evidence a lab's where anything of it is", async () => {
  const mixed = await realResult("sev-snp", { roots: ["amd", "lab"], weakestRoot: "amd" });
  assert.equal(claimsOf(mixed).profile, LAB_TAG);
  assert.equal(claimsOf(mixed, { profile: "veraison" }).appraisals[0]?.status, "contraindicated");
});

Deno.test("earClaims() says of collateral what is worst of it", async () => {
  const item = (confirmed: string | null, expires: string, stale: string | null) => ({
    key: "amd-kds/a",
    title: "A list",
    from: "cache",
    issued: "2026-11-01T00:00:00.000Z",
    expires,
    confirmed,
    stale,
  });
  const [one, other] = [
    item("2026-11-20T00:00:00.000Z", "2026-12-02T00:00:00.000Z", null),
    item("2026-11-19T00:00:00.000Z", "2026-12-01T00:00:00.000Z", "no answer"),
  ];
  const told = async (...collateral: Result["collateral"]) =>
    claimsOf(await realResult("sev-snp", { collateral })).own?.collateral;
  const worst = { expires: other.expires, stale: 1 };
  assert.deepEqual(await told(one, other), { confirmed: other.confirmed, ...worst });
  const unasked = item(null, "2026-12-03T00:00:00.000Z", null);
  assert.deepEqual(await told(one, other, unasked), { confirmed: null, ...worst });
});

Deno.test("earClaims() says that memory is hidden where debugging was seen to be off", async () => {
  const whole = await realResult("sev-snp");
  const findings = whole.findings.filter(({ id }) => id !== "snp.debug");
  const [cpu] = claimsOf({ ...whole, findings }).appraisals;
  assert.deepEqual([cpu?.vector.hardware, cpu?.vector["runtime-opaque"]], [2, undefined]);
});

Deno.test("earClaims() makes no token for a name without letters", async () => {
  const result = await realResult();
  for (const profile of EAR_PROFILES) {
    const options = { ...OPTIONS, profile, audience: "" };
    assert.throws(() => earClaims(result, options), { code: "input.missing" }, profile);
  }
});

Deno.test("attestersOf() calls files that nobody could read by whom they should be of", async () => {
  const minted = await mintedOf("aws-nitro-tpm");
  const names = Object.keys(minted.files);
  const document = names.find((name) => name === "document") ?? names[0] ?? "";
  const cut = await ask(minted, { files: { [document]: new Uint8Array([0]) } });
  assert.equal(cut.verdict, "rejected");
  const unread = cut.findings.filter(({ kind }) => kind !== "match").map((finding) =>
    finding.id.startsWith("nitro.") ? { ...finding, kind: "unchecked" } as const : finding
  );
  assert.deepEqual(attestersOf({ ...cut, findings: unread }).map(({ label }) => label), ["vtpm0"]);
});

Deno.test("tierOf() has the borders of the draft", () => {
  const tiers = {
    none: [-1, 0, 1],
    affirming: [-32, -2, 2, 31],
    warning: [-96, -33, 32, 95],
    contraindicated: [-128, -97, 96, 127],
  };
  for (const [tier, claims] of Object.entries(tiers)) {
    for (const claim of claims) assert.equal(tierOf(claim), tier, `${claim}`);
  }
});

Deno.test("earClaims() refuses nonces that no token can carry", async () => {
  for (const bytes of [1, 7, 65]) {
    const result = await realResult("sev-snp", { nonce: "5f".repeat(bytes) });
    assert.throws(() => earClaims(result, OPTIONS), { code: "results.nonce_length" });
  }
  for (const bytes of [8, 64]) {
    const result = await realResult("sev-snp", { nonce: "5f".repeat(bytes) });
    assert.ok(earClaims(result, OPTIONS)["eat_nonce"]);
  }
  assert.equal(
    earClaims(await realResult("sev-snp", { nonce: null }), OPTIONS)["eat_nonce"],
    undefined,
  );
});

Deno.test("signResult() dates a token by the moment that was judged for, and ends it after five minutes", async () => {
  const { iat, nbf, exp } = claimsOf(await realResult());
  assert.deepEqual(
    [iat, nbf, exp].map((at) => at ?? 0),
    [0, 0, 300].map((s) => NOW.getTime() / 1000 + s),
  );
  const one = await signResult(await realResult(), await verifierKey("Ed25519"), OPTIONS);
  const two = await signResult(await realResult(), await verifierKey("Ed25519"), OPTIONS);
  assert.equal(one, two, "the same result has the same claims, byte for byte");
});

Deno.test("earClaims() never says better of a part than its claims or the verdict allow, whatever failed", async () => {
  const results = await Promise.all([
    realResult("sev-snp"),
    realResult("azure-sev-snp"),
    realResult("tdx"),
  ]);
  const statuses: Readonly<Record<string, Status>> = {
    "trusted": "affirming",
    "lab-trusted": "affirming",
    "platform-only": "warning",
    "rejected": "contraindicated",
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...results),
      fc.constantFrom("trusted", "platform-only", "rejected" as const),
      fc.constantFrom(...EAR_PROFILES),
      fc.constantFrom("warning" as const, "contraindicated" as const),
      fc.array(
        fc.tuple(fc.nat(60), fc.constantFrom("match", "mismatch", "unchecked"), fc.boolean()),
      ),
      fc.boolean(),
      (result, verdict, profile, platformOnly, bends, refused) => {
        const findings = result.findings.map((finding, i) => {
          const bend = bends.find(([at]) => at === i);
          return bend === undefined ? finding : { ...finding, kind: bend[1], required: bend[2] };
        }) as Result["findings"];
        const claims = refused && verdict === "rejected" ? null : result.claims;
        const told: Result = { ...result, verdict: verdict as Result["verdict"], findings, claims };
        for (const { status, vector } of claimsOf(told, { profile, platformOnly }).appraisals) {
          assert.ok(!isBetter(status, statuses[verdict] ?? "contraindicated"));
          for (const claim of Object.values(vector)) assert.ok(!isBetter(status, tierOf(claim)));
        }
      },
    ),
    { numRuns: 60 },
  );
});

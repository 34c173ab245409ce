/**
 * Verdicts: what is worst wins, and nothing that was not checked passes for checked.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  CasemateError,
  examine,
  InputError,
  NotExaminedError,
  NotTrustedError,
  type Request,
  verify,
} from "../../../mod.ts";
import { sevSnp } from "../../../src/evidence/snp/mod.ts";
import {
  addYears,
  AMD_OIDS,
  bend,
  type CertificateDescription,
  dropExtension,
  type ReportFields,
  type SnpBends,
} from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import { assertRefused, assertVerdict, entryOf, findingOf } from "../../result.ts";
import { ask, type Changes, mint, NONCE, requestFor } from "../ask.ts";
import { flipped } from "../../bends/bytes.ts";

const YESTERDAY = new Date(NOW.getTime() - 86_400_000);
const OTHER_TCB = { fmc: null, bootloader: 9, tee: 0, snp: 23, microcode: 84 };
const NO_LIST: Changes = { files: { crls: [] } };
const UNPINNED: Changes = { section: { measurements: undefined } };
const OTHER = { section: { measurements: ["ee".repeat(48)] } };
const DENIED = { section: { vmpl: [3] } };

Deno.test("API-01 a mismatch is refused even where something else was not to be had", async () => {
  const minted = await mint();
  assertRefused(await ask(minted, { ...NO_LIST, ...OTHER }), "snp.measurement_mismatch");
  assertRefused(await ask(minted, { ...NO_LIST, ...DENIED }), "snp.vmpl");
  const unpinned = { measurements: undefined, vmpl: [3] };
  assertRefused(await ask(minted, { ...NO_LIST, section: unpinned }), "snp.vmpl");
  const nonce = { request: { expect: { nonce: Uint8Array.of(1) } } };
  assertRefused(await ask(minted, { ...NO_LIST, ...nonce }), "snp.report_data_mismatch");
});

Deno.test("API-01 what was not to be had is worse than what was not pinned, both stay visible", async () => {
  const minted = await mint();
  const result = await ask(minted, { ...NO_LIST, ...UNPINNED });
  assertVerdict(result, "unavailable", "snp.crl_missing");
  assert.equal(findingOf(result, "snp.measurement_not_pinned").kind, "unchecked");
  assertVerdict(await ask(minted, UNPINNED), "platform-only", "snp.measurement_not_pinned");
});

Deno.test("API-01 everything that is wrong is listed, not the first alone", async () => {
  const minted = await mint({ bends: { report: { vmpl: 2, policy: 0xb0000n } } });
  const result = await ask(minted, { ...NO_LIST, ...OTHER });
  const codes = result.findings.flatMap(({ code }) => code === null ? [] : [code]);
  const wrong = ["snp.crl_missing", "snp.measurement_mismatch", "snp.vmpl", "snp.debug_allowed"];
  assert.deepEqual(codes.toSorted(), wrong.toSorted());
  assert.equal(result.verdict, "rejected");
});

Deno.test("API-01 each finding is one of four kinds, stands once, and open ones carry a code if required", async () => {
  const minted = await mint();
  const report = flipped(minted.report, 0x90);
  const results = [
    await ask(minted),
    await ask(minted, NO_LIST),
    await ask(minted, UNPINNED),
    await ask(minted, { files: { report } }),
    await ask(minted, { files: { leaf: minted.der.ark } }),
    await ask(minted, { request: { profile: "crypto-only" } }),
  ];
  for (const { findings, claims } of results) {
    const ids = findings.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { id, kind, required, code } of findings) {
      assert.ok(["match", "mismatch", "unchecked", "not-applicable"].includes(kind), id);
      if (kind === "match") assert.equal(code, null, id);
      if (kind === "mismatch") assert.ok(code !== null && entryOf(code), id);
      if (kind === "unchecked" && required && claims !== null) assert.notEqual(code, null, id);
    }
  }
});

Deno.test("API-01 verify() throws what was refused, with the whole result", async () => {
  const minted = await mint();
  const rejected: readonly (readonly [Changes, string, string])[] = [
    [{ files: { report: flipped(minted.report, 0x90) } }, "snp.signature_mismatch", "rejected"],
    [OTHER, "snp.measurement_mismatch", "rejected"],
    [UNPINNED, "snp.measurement_not_pinned", "platform-only"],
  ];
  for (const [changes, code, verdict] of rejected) {
    await assert.rejects(verify(requestFor(minted, changes)), (error) => {
      assert.ok(error instanceof NotTrustedError && error instanceof CasemateError);
      assert.deepEqual([error.code, error.result.code], [code, code]);
      assert.deepEqual([error.fields["verdict"], error.result.verdict], [verdict, verdict]);
      assert.ok(error.result.findings.length > 0 && error.message === error.result.says);
      return true;
    });
  }
});

Deno.test("API-01 verify() throws another class where trust could not be examined", async () => {
  const request = requestFor(await mint(), { ...NO_LIST, policy: { allowLab: true } });
  await assert.rejects(verify(request), (error) => {
    assert.ok(error instanceof NotExaminedError);
    assert.deepEqual([error.code, error.result.verdict], ["snp.crl_missing", "unavailable"]);
    assert.ok(error.retryable);
    return true;
  });
});

Deno.test("API-01 verify() resolves over lab evidence only where the policy says so, and never as trusted", async () => {
  const minted = await mint();
  await assert.rejects(verify(requestFor(minted)), (error) => {
    assert.ok(error instanceof NotTrustedError);
    assert.equal(error.result.verdict, "lab-trusted");
    return true;
  });
  const allowed = await verify(requestFor(minted, { policy: { allowLab: true } }));
  assert.deepEqual([allowed.verdict, allowed.weakestRoot], ["lab-trusted", "lab"]);
  const policy: Record<string, unknown> = { version: 1 };
  const late = verify({ ...requestFor(minted), policy });
  policy["allowLab"] = true;
  await assert.rejects(late, NotTrustedError);
  const refused = { policy: { allowLab: true }, request: { labRoots: [] } };
  await assert.rejects(
    verify(requestFor(minted, refused)),
    (error) => error instanceof NotTrustedError && error.code === "snp.lab_on_vendor_path",
  );
  const named = requestFor(minted, { policy: { acceptRoots: ["lab"] } });
  await assert.rejects(verify(named), InputError);
});

Deno.test("API-01 the crypto-only profile has an outcome and no verdict, and passes nothing by in silence", async () => {
  const minted = await mint();
  const { expect: _, ...bare } = requestFor(minted, { request: { profile: "crypto-only" } });
  const genuine = await verify(bare);
  assert.deepEqual([genuine.verdict, genuine.outcome], [null, "genuine"]);
  const without = await examine({ ...bare, evidence: { ...bare.evidence, crls: [] } });
  const open = without.findings.find(({ id }) => id === "snp.revocation");
  assert.deepEqual([open?.kind, open?.required], ["unchecked", false]);
  const report = flipped(minted.report, 0x90);
  const request = { ...bare, evidence: { ...bare.evidence, report } };
  const forged = await examine(request);
  assert.deepEqual([forged.verdict, forged.outcome], [null, "not-genuine"]);
  await assert.rejects(verify(request), NotTrustedError);
});

Deno.test("API-01 a request that is wrong is an input error before anything is examined", async () => {
  const request = requestFor(await mint());
  const bent: readonly (readonly [string, unknown, string])[] = [
    ["an unknown technology", { ...request, variant: "sev-es" }, "input.unknown"],
    [
      "no report",
      { ...request, evidence: { ...request.evidence, report: undefined } },
      "input.missing",
    ],
    [
      "lists that are none",
      { ...request, evidence: { ...request.evidence, crls: null } },
      "input.value",
    ],
    ["lists as text", { ...request, evidence: { ...request.evidence, crls: "x" } }, "input.value"],
    [
      "a list of nothing",
      { ...request, evidence: { ...request.evidence, crls: [undefined] } },
      "input.value",
    ],
    [
      "more lab roots than the engine takes",
      { ...request, labRoots: new Array(14).fill(request.labRoots?.[0]) },
      "input.value",
    ],
    ["a file that nobody takes", {
      ...request,
      evidence: { ...request.evidence, crl: new Uint8Array(1) },
    }, "input.unknown"],
    [
      "an unknown key",
      { ...request, policy: { version: 1, revocation: "off" } },
      "policy.unknown_key",
    ],
    [
      "an unknown key of the section",
      { ...request, policy: { version: 1, "sev-snp": { crl: false } } },
      "policy.unknown_key",
    ],
    ["another version", { ...request, policy: { version: 2 } }, "policy.version"],
    ["a day that is none", {
      ...request,
      policy: { version: 1, acceptCompromised: { milan: "2026-02-30" } },
    }, "policy.value"],
  ];
  for (const [what, wrong, code] of bent) {
    await assert.rejects(
      examine(wrong as Request),
      (error) => error instanceof InputError && error.code === code,
      what,
    );
  }
});

/** For each step of `verify` one fault that is its own, as changes to leaf, list and report. */
const FAULTS: Readonly<Record<string, SnpBends>> = {
  "snp.report": { report: { version: 6 } },
  "snp.chain": { VCEK: { signature: new Uint8Array(512) } },
  "snp.leaf": { leaf: withoutHwid },
  "snp.revocation": { crl: { thisUpdate: addYears(NOW, -1), nextUpdate: YESTERDAY } },
  "snp.validity": { leaf: { notBefore: addYears(NOW, -1), notAfter: YESTERDAY } },
  "snp.leaf-kind": { report: { flags: 1 << 2 } },
  "snp.leaf-binding": { report: { reportedTcb: OTHER_TCB } },
};

function withoutHwid(leaf: CertificateDescription): CertificateDescription {
  return { ...leaf, extensions: dropExtension(leaf.extensions, AMD_OIDS.hwid) };
}

/** Both faults in one. */
function both(one: SnpBends, other: SnpBends): SnpBends {
  const leaf = (whole: CertificateDescription): CertificateDescription =>
    bend(bend(whole, one.leaf), other.leaf);
  const report = (whole: ReportFields): ReportFields => bend(bend(whole, one.report), other.report);
  return { ...one, ...other, leaf, report };
}

Deno.test("API-01 of two faults neither step is shown as done, whichever is found first", async () => {
  const faults = Object.entries(FAULTS);
  const checks = sevSnp.checks.map(({ id }) => id);
  const bent = ["snp.root", "snp.signature", ...Object.keys(FAULTS)];
  assert.deepEqual(bent.toSorted(), checks.toSorted(), "each step has its fault");
  for (const [one, first] of faults) {
    for (const [other, second] of [...faults, ["snp.root", {}], ["snp.signature", {}]] as const) {
      if (one === other) continue;
      const minted = await mint({ bends: both(first, second) });
      const report = other === "snp.signature" ? flipped(minted.report, 0x90) : minted.report;
      const labRoots = other === "snp.root" ? [] : [minted.der.ark];
      const { verdict, findings } = await ask(minted, { files: { report }, request: { labRoots } });
      assert.equal(verdict, "rejected");
      for (const { id, kind } of findings) {
        if (id === one || id === other) assert.notEqual(kind, "match", `${one}, ${other}: ${id}`);
      }
    }
  }
});

Deno.test("API-01 the same question has the same answer, in any order", async () => {
  const minted = await mint();
  const report = flipped(minted.report, 0x90);
  const first = [await ask(minted), await ask(minted, { files: { report } })];
  const second = [await ask(minted, { files: { report } }), await ask(minted)].toReversed();
  assert.deepEqual(second, first);
  const together = await Promise.all([ask(minted), ask(minted, { files: { report } })]);
  assert.deepEqual(together, first);
});

Deno.test("API-01 what is given is not changed by looking at it", async () => {
  const request = requestFor(await mint());
  const before = structuredClone(request);
  await examine(request);
  assert.deepEqual(request, before);
  assert.deepEqual(NONCE, new Uint8Array(32).fill(0xab));
});

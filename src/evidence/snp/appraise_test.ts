import assert from "node:assert/strict";
import { fakeSnpEvidence, tcb } from "../../../tests/fakes/snp_evidence.ts";
import type { AppraiseContext, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { appraise, rootOf } from "./appraise.ts";
import { type SnpPolicy, snpPolicy } from "./policy.ts";
import type { SnpEvidence } from "./report.ts";

const now = new Date("2026-11-21T12:00:00Z");
const nonce = new Uint8Array(32).fill(0xab);
const context: AppraiseContext = {
  now,
  freshness: { kind: "nonce", bytes: nonce },
  acceptCompromised: {},
};
const base = fakeSnpEvidence();
const pinned = { measurements: [base.report.measurement] };

function policy(section: object): SnpPolicy {
  return snpPolicy.decode(section, "sev-snp");
}

function finding(
  id: string,
  section: object,
  evidence: Verified<SnpEvidence> = base,
  given = context,
): Finding {
  const found = appraise(evidence, policy(section), given).filter((candidate) =>
    candidate.id === id
  );
  assert.equal(found.length, 1, `${id} stands once`);
  const [only] = found;
  assert.ok(only);
  return only;
}

function codes(
  section: object,
  evidence: Verified<SnpEvidence> = base,
  given = context,
): readonly string[] {
  return appraise(evidence, policy(section), given).flatMap(({ code }) =>
    code === null ? [] : [code]
  );
}

Deno.test("appraise() finds nothing wrong with a well-kept host and a pinned launch", () => {
  assert.deepEqual(codes(pinned), []);
});

Deno.test("appraise() says of each check what it is about, and repeats no id", () => {
  const findings = appraise(base, policy(pinned), context);
  assert.equal(new Set(findings.map(({ id }) => id)).size, findings.length);
  for (const { title, source } of findings) assert.ok(title.length > 0 && source.length > 0);
});

/** Each rule of the policy: what it demands, the report that breaks it, and the code. */
const RULES: readonly (readonly [object, Verified<SnpEvidence>, string])[] = [
  [{ measurements: ["ee".repeat(48)] }, base, "snp.measurement_mismatch"],
  [{ ...pinned, hostData: ["ee".repeat(32)] }, base, "snp.host_data_mismatch"],
  [{ ...pinned, idKeyDigests: ["ee".repeat(48)] }, base, "snp.id_key_mismatch"],
  [{ ...pinned, authorKeyDigests: ["ee".repeat(48)] }, base, "snp.author_key_mismatch"],
  [
    { ...pinned, authorKeyDigests: ["44".repeat(48)] },
    fakeSnpEvidence({ authorKeyEnabled: false }),
    "snp.author_key_mismatch",
  ],
  [{ ...pinned, minimumGuestSvn: 5 }, base, "snp.guest_svn_too_low"],
  [
    pinned,
    fakeSnpEvidence({ policy: { ...base.report.policy, debug: true } }),
    "snp.debug_allowed",
  ],
  [
    pinned,
    fakeSnpEvidence({ policy: { ...base.report.policy, migrateMa: true } }),
    "snp.migration_allowed",
  ],
  [{ ...pinned, smt: "forbid" }, base, "snp.smt_refused"],
  [
    { ...pinned, smt: "forbid" },
    fakeSnpEvidence({ policy: { ...base.report.policy, smt: false } }),
    "snp.smt_refused",
  ],
  [{ ...pinned, singleSocket: "require" }, base, "snp.single_socket_required"],
  [{ ...pinned, minimumAbi: "1.52" }, base, "snp.abi_too_low"],
  [{ ...pinned, minimumAbi: "2.0" }, base, "snp.abi_too_low"],
  [{ ...pinned, guestPolicy: { ciphertextHidingDram: true } }, base, "snp.guest_policy"],
  [pinned, fakeSnpEvidence({ vmpl: 1 }), "snp.vmpl"],
  [{ ...pinned, vmpl: [0, 1, 2, 3] }, fakeSnpEvidence({ vmpl: 0xffff_ffff }), "snp.vmpl"],
  [{ ...pinned, platformInfo: { tsmeEnabled: true } }, base, "snp.platform_info"],
  [{ ...pinned, platformInfo: { smtEnabled: false } }, base, "snp.platform_info"],
  [{ ...pinned, allowChips: ["77".repeat(64)] }, base, "snp.chip_not_allowed"],
  [{ ...pinned, denyChips: ["66".repeat(64)] }, base, "snp.chip_denied"],
  [
    { ...pinned, denyChips: ["77".repeat(64)] },
    fakeSnpEvidence({}, { chipBinding: "masked" }),
    "snp.chip_unnamed",
  ],
  [pinned, fakeSnpEvidence({}, { chipBinding: "masked" }), "snp.chip_id_masked"],
  [pinned, fakeSnpEvidence({}, { crls: [] }), "snp.crl_missing"],
  [
    pinned,
    fakeSnpEvidence({}, { chain: { ...base.chain, line: "Milan" } }),
    "snp.product_compromised",
  ],
  [
    pinned,
    fakeSnpEvidence({}, { chain: { ...base.chain, line: "Naples" } }),
    "snp.product_compromised",
  ],
];

for (const [section, evidence, code] of RULES) {
  Deno.test(`appraise() gives ${code} for ${JSON.stringify({ ...section, measurements: undefined })}`, () => {
    assert.ok(codes(section, evidence).includes(code), codes(section, evidence).join());
  });
}

Deno.test("appraise() leaves the launch unpinned visibly", () => {
  const { kind, required, code } = finding("snp.measurement", {});
  assert.deepEqual({ kind, required, code }, {
    kind: "unchecked",
    required: true,
    code: "snp.measurement_not_pinned",
  });
});

Deno.test("appraise() compares the nonce with all 64 bytes of report data", () => {
  assert.equal(finding("snp.report-data", pinned).kind, "match");
  const longer = fakeSnpEvidence({ reportData: "ab".repeat(32) + "00".repeat(31) + "01" });
  assert.equal(finding("snp.report-data", pinned, longer).code, "snp.report_data_mismatch");
  const short = { ...context, freshness: { kind: "nonce", bytes: nonce.subarray(0, 31) } } as const;
  assert.equal(finding("snp.report-data", pinned, base, short).code, "snp.report_data_mismatch");
});

Deno.test("appraise() caps the verdict without freshness", () => {
  const none = { ...context, freshness: { kind: "none" } } as const;
  const { kind, required, code } = finding("snp.report-data", pinned, base, none);
  assert.deepEqual({ kind, required, code }, {
    kind: "unchecked",
    required: true,
    code: "freshness.not_checked",
  });
});

Deno.test("appraise() names a policy that was loosened as unchecked, not as a match", () => {
  const debug = fakeSnpEvidence({ policy: { ...base.report.policy, debug: true } });
  const { kind, required } = finding("snp.debug", { ...pinned, debug: "allow" }, debug);
  assert.deepEqual({ kind, required }, { kind: "unchecked", required: false });
});

Deno.test("SNP-07 appraise() judges each TCB and each component on its own", () => {
  const floors = {
    ...pinned,
    minimumTcb: { genoa: { reported: { snp: 23, microcode: 84 }, launch: { snp: 23 } } },
  };
  assert.deepEqual(codes(floors), []);
  // As one 64-bit number this TCB would be higher: microcode is its top byte.
  const mixed = fakeSnpEvidence({ reportedTcb: tcb(10, 0, 22, 84), launchTcb: tcb(10, 0, 23, 84) });
  assert.deepEqual(codes(floors, mixed), ["snp.tcb_too_low"]);
  assert.equal(finding("snp.minimum-tcb.reported", floors, mixed).actual, "snp 22");
  assert.equal(finding("snp.minimum-tcb.launch", floors, mixed).kind, "match");
  const launch = fakeSnpEvidence({ launchTcb: tcb(10, 0, 20, 84) });
  assert.equal(finding("snp.minimum-tcb.launch", floors, launch).code, "snp.tcb_too_low");
});

Deno.test("SNP-07 appraise() refuses TCBs out of order", () => {
  const bent = [
    fakeSnpEvidence({ reportedTcb: tcb(11, 0, 23, 84) }),
    fakeSnpEvidence({ committedTcb: tcb(10, 1, 23, 84) }),
    fakeSnpEvidence({ launchTcb: tcb(10, 0, 23, 85) }),
  ];
  for (const evidence of bent) assert.ok(codes(pinned, evidence).includes("snp.tcb_order"));
});

Deno.test("SNP-07 appraise() refuses provisional firmware unless allowed", () => {
  const newer = fakeSnpEvidence({ currentTcb: tcb(10, 0, 24, 84) });
  assert.deepEqual(codes(pinned, newer), ["snp.firmware_provisional"]);
  const build = fakeSnpEvidence({ currentVersion: { major: 1, minor: 55, build: 41 } });
  assert.deepEqual(codes(pinned, build), ["snp.firmware_provisional"]);
  assert.deepEqual(codes({ ...pinned, provisionalFirmware: "allow" }, newer), []);
});

Deno.test("SNP-05 appraise() refuses floors that were written for another product line", () => {
  const floors = { ...pinned, minimumTcb: { turin: { reported: { fmc: 1 } } } };
  assert.deepEqual(codes(floors), ["snp.tcb_floor_missing"]);
  const fmc = { ...pinned, minimumTcb: { genoa: { reported: { fmc: 0 } } } };
  assert.deepEqual(codes(fmc), ["snp.tcb_too_low"]);
});

Deno.test("SNP-21 rootOf() has root none for a compromised line, and AMD's only until the accepted day has passed", () => {
  const milan = fakeSnpEvidence({}, { chain: { ...base.chain, line: "Milan" } });
  assert.equal(rootOf(base, context).root, "amd");
  assert.equal(rootOf(milan, context).root, "none");
  const until = (day: string) => rootOf(milan, { ...context, acceptCompromised: { milan: day } });
  assert.equal(until("2026-11-21").root, "amd");
  assert.match(until("2026-11-21").warnings.join(), /accepts this until 2026-11-21/);
  assert.equal(until("2026-11-20").root, "none");
  const accepting = { ...context, acceptCompromised: { milan: "2026-12-31" } };
  assert.deepEqual(codes(pinned, milan, accepting), []);
  const product = finding("snp.product", pinned, milan, accepting);
  assert.deepEqual(
    [product.kind, product.required],
    ["unchecked", false],
    "an accepted risk is no pass",
  );
});

Deno.test("SNP-18 appraise() requires an author key that the firmware says was used", () => {
  assert.deepEqual(
    codes({ ...pinned, idKeyDigests: ["33".repeat(48)], authorKeyDigests: ["44".repeat(48)] }),
    [],
  );
});

Deno.test("appraise() passes a VLEK, which names no chip, and refuses it where chips are listed", () => {
  const vlek = fakeSnpEvidence({ signingKey: "VLEK" }, {
    chipBinding: "not-in-certificate",
    leaf: { ...base.leaf, form: "VLEK", hwid: null, cspId: "CN=double" },
  });
  assert.deepEqual(codes(pinned, vlek), []);
  assert.deepEqual(codes({ ...pinned, allowChips: ["66".repeat(64)] }, vlek), [
    "snp.chip_unnamed",
  ]);
});

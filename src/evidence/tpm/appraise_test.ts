import assert from "node:assert/strict";
import { FAKE_LOG, fakeTpmEvidence, type TpmDouble } from "../../../tests/fakes/tpm_evidence.ts";
import type { AppraiseContext } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import type { ComparedRegister, ReplayState } from "../logs/mod.ts";
import { appraise, rootOf } from "./appraise.ts";
import { CERTIFICATE_CHECKS, LOG_CHECKS } from "./checks.ts";
import { type TpmPolicy, tpmPolicy } from "./policy.ts";

const context: AppraiseContext = {
  now: new Date("2026-11-21T12:00:00Z"),
  freshness: { kind: "nonce", bytes: new Uint8Array(32).fill(0xab) },
  acceptCompromised: {},
};
const proven = fakeTpmEvidence();
const value = (register: number): string => register.toString(16).padStart(2, "0").repeat(32);
const pins = { "4": [value(4)], "11": [value(11)] };
const pinned = { registers: { sha256: pins } };
const other = "ee".repeat(32);

function policy(section: object): TpmPolicy {
  return tpmPolicy.decode(section, "tpm");
}

function appraised(section: object, differs: TpmDouble = {}, given = context): readonly Finding[] {
  return appraise(fakeTpmEvidence(differs), policy(section), given);
}

function codes(section: object, differs: TpmDouble = {}, given = context): readonly string[] {
  const found = appraised(section, differs, given);
  return found.flatMap(({ code, required }) => code === null || !required ? [] : [code]);
}

function finding(id: string, section: object, differs: TpmDouble = {}, given = context): Finding {
  const [found, ...others] = appraised(section, differs, given).filter((one) => one.id === id);
  assert.ok(found, `${id} is there`);
  assert.equal(others.length, 0, `${id} is there once`);
  return found;
}

/** The log with what came of some registers. */
function compared(...states: readonly ReplayState[]): TpmDouble {
  const registers = FAKE_LOG.registers.map((one, i): ComparedRegister => ({
    ...one,
    state: states[i] ?? "explained",
  }));
  return { log: { registers } };
}

const sha1 = { bank: "sha1", register: 11, value: "aa".repeat(20) } as const;

Deno.test("appraise() finds nothing wrong with a well-kept machine and pinned registers", () => {
  assert.deepEqual(codes(pinned), []);
  const texts = { registers: [`sha256:4=${value(4)}`, `sha256:11=${value(11)}`] };
  assert.deepEqual(codes(texts), []);
});

Deno.test("appraise() says of each check what it is about, and repeats no id", () => {
  const differs: TpmDouble = {
    evidence: {
      registers: [...proven.registers, sha1],
      notQuoted: [{ bank: "sha384", register: 11 }],
    },
  };
  const findings = appraised(pinned, differs);
  assert.equal(new Set(findings.map(({ id }) => id)).size, findings.length);
  for (const { title, source } of findings) assert.ok(title.length > 0 && source.length > 0);
});

/** Each rule of the policy: what it demands, what breaks it, and the codes. */
const RULES: readonly (readonly [object, TpmDouble, readonly string[]])[] = [
  [{}, {}, ["tpm.registers_not_pinned"]],
  [{ registers: { sha256: { "4": pins["4"] } } }, {}, ["tpm.registers_not_pinned"]],
  [{ ...pinned, whatRuns: [4, 11, 7] }, {}, ["tpm.registers_not_pinned"]],
  [
    { registers: { sha256: { ...pins, "11": [other] } } },
    {},
    ["tpm.register_mismatch", "tpm.register_mismatch"],
  ],
  [{ registers: { sha256: { ...pins, "7": [other] } } }, {}, ["tpm.register_mismatch"]],
  [{ registers: { sha256: { ...pins, "0": [other] } } }, {}, ["tpm.register_not_quoted"]],
  [
    { registers: { sha256: pins, sha384: { "11": ["ee".repeat(48)] } } },
    {},
    ["tpm.register_not_quoted", "tpm.register_not_quoted"],
  ],
  [{ ...pinned, selection: ["sha256:4,11"] }, {}, ["tpm.selection_mismatch"]],
  [{ ...pinned, selection: ["sha384:4,7,11"] }, {}, ["tpm.selection_mismatch"]],
  [pinned, { clock: { safe: false } }, ["tpm.clock_not_safe"]],
  [{ ...pinned, resetCount: 6 }, {}, ["tpm.reset_mismatch"]],
  [{ ...pinned, resetCount: 7, restartCount: 1 }, {}, ["tpm.reset_mismatch"]],
  [{ ...pinned, firmwareVersions: ["2026010100000002"] }, {}, ["tpm.firmware_mismatch"]],
  [
    { ...pinned, qualifiedSigners: [`000b${other}`] },
    {},
    ["tpm.qualified_signer_mismatch"],
  ],
  [{ ...pinned, akNames: [`000b${other}`] }, {}, ["tpm.ak_name_mismatch"]],
  [
    { ...pinned, akNames: [proven.publicArea?.name] },
    { evidence: { publicArea: null } },
    ["tpm.ak_name_mismatch"],
  ],
  [
    pinned,
    { certificate: { revocationChecked: false, revocationLists: [] } },
    ["tpm.revocation_not_checked"],
  ],
  [
    pinned,
    { evidence: { publicArea: null, certificate: null } },
    ["tpm.attributes_not_shown"],
  ],
  [pinned, { quote: { qualifyingData: "ab".repeat(31) } }, ["tpm.qualifying_data_mismatch"]],
  [
    pinned,
    { quote: { qualifyingData: `${"ab".repeat(32)}00` } },
    ["tpm.qualifying_data_mismatch"],
  ],
  [pinned, { quote: { qualifyingData: "" } }, ["tpm.qualifying_data_mismatch"]],
  [{ ...pinned, eventLog: "require" }, { evidence: { log: null } }, ["tpm.event_log_missing"]],
  [{ ...pinned, secureBoot: "require" }, { evidence: { log: null } }, ["tpm.secure_boot_unknown"]],
  [
    { ...pinned, secureBoot: "require" },
    { secureBoot: { complete: false } },
    ["tpm.secure_boot_unknown"],
  ],
  [
    { ...pinned, secureBoot: "require" },
    { secureBoot: { enabled: false } },
    ["tpm.secure_boot_off"],
  ],
  [
    { ...pinned, secureBoot: "require" },
    { secureBoot: { enabled: false, complete: false } },
    ["tpm.secure_boot_off"],
  ],
  [pinned, compared("mismatch"), ["logs.replay_mismatch"]],
  [pinned, compared("unexplained"), []],
  [pinned, compared("unexplained", "mismatch"), ["logs.replay_mismatch"]],
  [pinned, compared("no-bank", "mismatch"), ["logs.replay_mismatch"]],
  [pinned, compared("no-bank"), ["logs.bank_missing"]],
  [pinned, compared("untouched", "untouched", "untouched"), ["logs.bank_missing"]],
  [{ ...pinned, notInLog: [4] }, compared("explained", "mismatch"), ["logs.replay_mismatch"]],
  [
    { ...pinned, eventLog: "require" },
    { log: { remarks: [{ kind: "separator-missing", register: 7, event: null }] } },
    ["logs.separator_missing"],
  ],
  [
    { ...pinned, eventLog: "require" },
    { log: { remarks: [{ kind: "separator-repeated", register: 7, event: 3 }] } },
    ["logs.separator_repeated"],
  ],
  [
    { ...pinned, eventLog: "require" },
    {
      log: {
        remarks: [
          { kind: "separator-missing", register: 0, event: null },
          { kind: "separator-error", register: 7, event: 3 },
        ],
      },
    },
    ["logs.separator_error"],
  ],
];

for (const [index, [section, differs, expected]] of RULES.entries()) {
  Deno.test(`appraise() gives ${expected.join(", ")}, rule ${index}`, () => {
    assert.deepEqual(codes(section, differs), expected);
  });
}

/** Each way to let through what a default refuses, or to demand what is there. */
const ALLOWED: readonly (readonly [object, TpmDouble])[] = [
  [{ registers: { sha256: { ...pins, "11": [other, value(11)] } } }, {}],
  [{ registers: { sha256: { "7": [value(7)] } }, whatRuns: [7] }, {}],
  [{ ...pinned, selection: ["sha256:11,4,7"] }, {}],
  [{ ...pinned, clock: "any" }, { clock: { safe: false } }],
  [{ ...pinned, resetCount: 7, restartCount: 0 }, {}],
  [{ ...pinned, firmwareVersions: ["2026010100000001"] }, {}],
  [{ ...pinned, qualifiedSigners: [proven.quote.qualifiedSigner] }, {}],
  [{ ...pinned, akNames: [proven.publicArea?.name] }, {}],
  [{ ...pinned, akRevocation: "skip" }, { certificate: { revocationChecked: false } }],
  [pinned, { certificate: { revocationLists: [] } }],
  [pinned, { evidence: { publicArea: null } }],
  [pinned, { evidence: { certificate: null } }],
  [pinned, { evidence: { log: null } }],
  [{ ...pinned, eventLog: "require", secureBoot: "require" }, {}],
  [{ ...pinned, notInLog: [4] }, compared("mismatch")],
  [{ ...pinned, notInLog: [4] }, compared("no-bank")],
  [pinned, compared("untouched")],
  [pinned, { secureBoot: { enabled: false } }],
  [pinned, { log: { remarks: [{ kind: "separator-missing", register: 7, event: null }] } }],
];

for (const [index, [section, differs]] of ALLOWED.entries()) {
  Deno.test(`appraise() demands no more than the policy, case ${index}`, () => {
    assert.deepEqual(codes(section, differs), []);
  });
}

Deno.test("appraise() takes no register that was not quoted, whatever was given", () => {
  const differs: TpmDouble = { evidence: { notQuoted: [{ bank: "sha384", register: 11 }] } };
  const section = { registers: { sha256: pins, sha384: { "11": ["0b".repeat(48)] } } };
  const found = finding("tpm.registers.sha384.11", section, differs);
  assert.deepEqual([found.kind, found.actual], ["mismatch", "not quoted"]);
  const aside = finding("tpm.registers-not-quoted", section, differs);
  assert.deepEqual([aside.kind, aside.required, aside.actual], ["unchecked", false, "sha384:11"]);
});

Deno.test("appraise() takes no register of SHA-1 for what runs", () => {
  const registers = [...proven.registers.filter(({ register }) => register !== 11), sha1];
  const section = { ...pinned, whatRuns: [11] };
  const found = finding("tpm.what-runs", section, { evidence: { registers } });
  assert.deepEqual([found.kind, found.code], ["mismatch", "tpm.register_not_quoted"]);
  const aside = finding("tpm.registers-sha1", section, { evidence: { registers } });
  assert.deepEqual([aside.kind, aside.required], ["unchecked", false]);
});

Deno.test("appraise() says which steps had nothing to be done with, and passes none of them", () => {
  const evidence = { certificate: null, log: null };
  for (const { id } of [...CERTIFICATE_CHECKS, ...LOG_CHECKS]) {
    const found = finding(id, pinned, { evidence });
    assert.deepEqual([found.kind, found.required, found.code], ["unchecked", false, null], id);
  }
});

Deno.test("appraise() counts no revocation as checked where no certificate names a list", () => {
  const found = finding("tpm.ak-revocation", pinned, { certificate: { revocationLists: [] } });
  assert.deepEqual([found.kind, found.required], ["unchecked", false]);
  assert.equal(finding("tpm.ak-revocation", pinned).kind, "match");
});

Deno.test("appraise() passes no data of a log that has SHA-1 alone", () => {
  const found = finding("logs.data", pinned, { log: { banks: ["sha1"] } });
  assert.deepEqual([found.kind, found.required], ["unchecked", false]);
});

Deno.test("appraise() takes what the policy lets through as open, not as a match", () => {
  const open: readonly (readonly [string, object, TpmDouble])[] = [
    ["tpm.clock", { ...pinned, clock: "any" }, { clock: { safe: false } }],
    ["tpm.secure-boot", pinned, { secureBoot: { enabled: false } }],
    [
      "tpm.ak-revocation",
      { ...pinned, akRevocation: "skip" },
      { certificate: { revocationChecked: false } },
    ],
  ];
  for (const [id, section, differs] of open) {
    assert.equal(finding(id, section, differs).kind, "unchecked", id);
  }
});

Deno.test("appraise() says where the key stands, and that other hierarchies disguise counters", () => {
  const place = (evidence: TpmDouble["evidence"] = {}): string | null =>
    finding("tpm.qualified-signer", pinned, { evidence }).actual;
  assert.match(place() ?? "", /a primary key of the endorsement hierarchy/);
  assert.match(place({ hierarchy: null }) ?? "", /under another key/);
  assert.match(place({ hierarchy: null, publicArea: null }) ?? "", /not known/);
  const boot = (evidence: TpmDouble["evidence"] = {}): string | null =>
    finding("tpm.boot", pinned, { evidence }).actual;
  assert.match(boot({ hierarchy: "owner" }) ?? "", /disguised/);
  assert.doesNotMatch(boot() ?? "", /disguised/);
});

Deno.test("appraise() without a question is at most platform-only", () => {
  const given: AppraiseContext = { ...context, freshness: { kind: "none" } };
  assert.deepEqual(codes(pinned, {}, given), ["freshness.not_checked"]);
});

Deno.test("rootOf() is provider, lab under a lab's root, none without a certificate", () => {
  const root = (differs: TpmDouble): string => rootOf(fakeTpmEvidence(differs), context).root;
  assert.equal(root({}), "provider");
  assert.equal(root({ certificate: { lab: true } }), "lab");
  assert.equal(root({ evidence: { certificate: null } }), "none");
  const bare = appraised(pinned, { evidence: { certificate: null } });
  assert.ok(bare.every(({ root }) => root === "none"));
});

import assert from "node:assert/strict";
import { type Schema, Validator } from "@cfworker/json-schema";
import { FILES, toArguments } from "./evidence_files.ts";
import { runCli } from "./fake_host.ts";
import { overReal, realCase } from "../snp/corpus.ts";

type Data = Record<string, unknown>;

async function schema(name: string): Promise<Validator> {
  const text = await Deno.readTextFile(new URL(`../../docs/schemas/${name}`, import.meta.url));
  const parsed: Schema = JSON.parse(text);
  return new Validator(parsed, "2020-12", false);
}

const result = await schema("result.v1.json");
const policy = await schema("policy.v1.json");

async function verify(line: string): Promise<Data> {
  const { out } = await runCli([...toArguments(line), "-o", "json"], { files: FILES });
  return JSON.parse(out);
}

function expectValid(validator: Validator, data: unknown): void {
  const { valid, errors } = validator.validate(data);
  assert.ok(valid, JSON.stringify(errors, null, 1));
}

/** Command lines whose results differ in shape. */
const LINES: Readonly<Record<string, string>> = {
  "lab-trusted": "evidence verify snp @files @pin",
  "platform-only": "evidence verify snp @files @nonce",
  "unavailable":
    "evidence verify snp --report report.bin --leaf leaf.pem --chain-ask-ark chain.pem --lab-root lab-root.pem @pin",
  "rejected by appraisal": "evidence verify snp @files --nonce 01",
  "rejected by verification": "evidence verify snp --report bent.bin @rest @pin",
  "rejected by parsing": "evidence verify snp --report short.bin @rest @pin",
  "genuine": "evidence verify snp @files --profile crypto-only",
  "not-genuine": "evidence verify snp --report bent.bin @rest --profile crypto-only",
  "lab-trusted TDX 1.0": "evidence verify tdx @td @pins",
  "lab-trusted TDX 1.5": "evidence verify tdx --quote quote5.bin @collateral @pins",
  "lab-trusted on an accepted status":
    "evidence verify tdx --quote quote.bin @without-tcb-info --tcb-info tcb-behind.json @pins --policy td-behind.yaml",
  "platform-only TDX": "evidence verify tdx @td @nonce @mrtd",
  "unavailable collateral": "evidence verify tdx --quote quote.bin --lab-root intel-root.pem @pins",
  "rejected TD by appraisal": "evidence verify tdx --quote quote-debug.bin @collateral @pins",
  "rejected quote by verification": "evidence verify tdx --quote quote-bent.bin @collateral @pins",
  "rejected quote by parsing": "evidence verify tdx --quote quote-short.bin @collateral @pins",
  "genuine TDX": "evidence verify tdx @td --profile crypto-only",
  "lab-trusted TPM": "evidence verify tpm @quote @log @cert @registers",
  "lab-trusted TPM with a CEL":
    "evidence verify tpm @quote --event-log boot-cel.json @cert @registers",
  "lab-trusted TPM without a log": "evidence verify tpm @quote @cert @registers",
  "trusted TPM under one's own root":
    "evidence verify tpm @quote @log @vendor --ak-cert-root vendor-root.pem @registers --policy tpm-provider.yaml",
  "platform-only TPM without a certificate": "evidence verify tpm @quote @registers",
  "platform-only TPM of a bare key":
    "evidence verify tpm @msg @sig --ak-pub ak.pem @pcrs @registers",
  "unavailable lists of a TPM":
    "evidence verify tpm @quote --ak-cert ak-cert.pem --ak-cert-issuer ak-issuer.pem --lab-root tpm-root.pem @registers",
  "rejected TPM by appraisal":
    "evidence verify tpm @quote --event-log boot-later.log @cert @registers",
  "rejected TPM by verification":
    "evidence verify tpm --tpm-quote-msg quote-bent.msg @sig @ak @pcrs @registers",
  "rejected event log": "evidence verify tpm @quote --event-log boot-edited.log @registers",
  "genuine TPM": "evidence verify tpm @quote @log @cert --profile crypto-only",
  "lab-trusted TPM by both engines":
    "evidence verify tpm @quote @log @cert @registers --engine both",
  "lab-trusted by both engines": "evidence verify snp @files @pin --engine both",
  "lab-trusted TDX by the portable engine": "evidence verify tdx @td @pins --engine portable",
  "rejected by both engines":
    "evidence verify tdx --quote quote-bent.bin @collateral @pins --engine both",
};

for (const [name, line] of Object.entries(LINES)) {
  Deno.test(`result.v1.json describes a result: ${name}`, async () => {
    const data = await verify(line);

    expectValid(result, data);
    assert.equal(data["verdict"] ?? data["outcome"], name.split(" ")[0]);
  });
}

Deno.test(
  overReal("result.v1.json describes results over real reports of all lines and versions"),
  async () => {
    for (
      const name of [
        "snp/milan-v2-virtee",
        "snp/milan-v3-microsoft",
        "snp/genoa-v5-lunal",
        "snp/turin-v5-microsoft",
      ]
    ) {
      const { files, now } = realCase(name);
      const given = { r: files.report, l: files.leaf, c: files.chainAskArk };
      const line =
        `evidence verify snp --report r --leaf l --chain-ask-ark c --no-freshness --at ${now.toISOString()} -o json`;
      const { out, err } = await runCli(line.split(" "), { files: given });

      assert.equal(err, "");
      const data: Data = JSON.parse(out);
      expectValid(result, data);
      assert.notEqual(data["claims"], null, `${name}: ${data["says"]}`);
    }
  },
);

type Change = (data: Data) => void;

/** Changes that no genuine result has. */
const BENDS: Readonly<Record<string, Change>> = {
  "an unknown key": (data) => void (data["trusted"] = true),
  "an unknown verdict": (data) => void (data["verdict"] = "fine"),
  "another version": (data) => void (data["v"] = 2),
  "a missing finding list": (data) => void delete data["findings"],
  "a verdict and an outcome": (data) => void (data["outcome"] = "genuine"),
  "neither verdict nor outcome": (data) => void (data["verdict"] = null),
  "a finding with an unknown key": (data) =>
    void Object.assign((data["findings"] as Data[])[0] ?? {}, { note: "" }),
  "a finding of an unknown kind": (data) =>
    void Object.assign((data["findings"] as Data[])[0] ?? {}, { kind: "ok" }),
  "claims with an unknown key": (data) => void Object.assign(data["claims"] as Data, { note: "" }),
  "claims with a short measurement": (data) =>
    void Object.assign((data["claims"] as Data)["report"] as Data, { measurement: "00" }),
};

for (const [name, change] of Object.entries(BENDS)) {
  Deno.test(`result.v1.json refuses ${name}`, async () => {
    const data = await verify("evidence verify snp @files @pin");
    change(data);

    assert.equal(result.validate(data).valid, false);
  });
}

function member(data: Data, ...path: readonly string[]): Data {
  return path.reduce((found, name) => found[name] as Data, data);
}

/** The same of TDX. */
const TDX_BENDS: Readonly<Record<string, Change>> = {
  "a quote with an unknown key": (data) =>
    void (member(data, "claims", "quote")["measurement"] = "00"),
  "a short MRTD": (data) => void (member(data, "claims", "quote", "body")["mrTd"] = "00"),
  "three RTMRs": (data) => void (member(data, "claims", "quote", "body")["rtmrs"] as []).pop(),
  "a TD attribute that is no boolean": (data) =>
    void (member(data, "claims", "quote", "body", "tdAttributes")["debug"] = "no"),
  "an unknown TCB status": (data) =>
    void (member(data, "claims", "collateral", "tcb")["status"] = "Fine"),
  "collateral without its lists": (data) =>
    void delete member(data, "claims", "collateral")["rootCrl"],
  "a PCK certificate without FMSPC": (data) => void delete member(data, "claims", "pck")["fmspc"],
  "a report of SNP": (data) => void (member(data, "claims")["report"] = {}),
};

for (const [name, change] of Object.entries(TDX_BENDS)) {
  Deno.test(`result.v1.json refuses TDX claims with ${name}`, async () => {
    const data = await verify("evidence verify tdx @td @pins");
    expectValid(result, data);
    change(data);

    assert.equal(result.validate(data).valid, false);
  });
}

/** The same of TPMs. */
const TPM_BENDS: Readonly<Record<string, Change>> = {
  "a quote with an unknown key": (data) => void (member(data, "claims", "quote")["pcrs"] = {}),
  "a nonce that is no hex": (data) =>
    void (member(data, "claims", "quote")["qualifyingData"] = "a question"),
  "a clock that is a number": (data) =>
    void (member(data, "claims", "quote", "clock")["clock"] = 86400123),
  "a register of no bank": (data) =>
    void Object.assign(registersOf(data)[0] ?? {}, { bank: "md5" }),
  "a register beyond 23": (data) =>
    void Object.assign(registersOf(data)[0] ?? {}, { register: 24 }),
  "a short register": (data) => void Object.assign(registersOf(data)[0] ?? {}, { value: "00" }),
  "an attribute that is no boolean": (data) =>
    void (member(data, "claims", "publicArea", "attributes")["restricted"] = 1),
  "a certificate without its mark": (data) =>
    void delete member(data, "claims", "certificate")["lab"],
  "a log without its events": (data) => void delete member(data, "claims", "log")["events"],
  "an unknown claim of a log": (data) =>
    void (member(data, "claims", "log", "claims")["kernel"] = "mine"),
  "an unknown format of a log": (data) => void (member(data, "claims", "log")["format"] = "ima"),
};

function registersOf(data: Data): readonly Data[] {
  return member(data, "claims")["registers"] as readonly Data[];
}

for (const [name, change] of Object.entries(TPM_BENDS)) {
  Deno.test(`result.v1.json refuses TPM claims with ${name}`, async () => {
    const data = await verify("evidence verify tpm @quote @log @cert @registers");
    expectValid(result, data);
    change(data);

    assert.equal(result.validate(data).valid, false);
  });
}

Deno.test("policy.v1.json agrees with the decoder on what is a policy", () => {
  expectValid(policy, { version: 1 });
  expectValid(policy, {
    version: 1,
    acceptRoots: ["amd", "provider"],
    "sev-snp": { vmpl: [0, 2], measurements: ["ab".repeat(48)] },
    tdx: {
      mrTd: ["ab".repeat(48)],
      tcbStatuses: ["UpToDate", "OutOfDate"],
      outOfDateGraceDays: 30,
      trailingBytes: "forbid",
      attributes: { perfmon: false },
    },
    tpm: {
      registers: { sha256: { 11: ["ab".repeat(32)] }, sha384: { 4: ["cd".repeat(48)] } },
      whatRuns: [11],
      selection: ["sha256:0,4,11"],
      secureBoot: "require",
    },
  });
  for (
    const bad of [
      {},
      { version: 2 },
      { version: 1, extra: 1 },
      {
        version: 1,
        "sev-snp": { vmpl: [] },
      },
      { version: 1, "sev-snp": { measurments: [] } },
      {
        version: 1,
        tdx: { mrTd: ["ab"] },
      },
      { version: 1, tdx: { mrtd: [] } },
      { version: 1, tpm: { registers: { sha256: { 11: ["ab"] } } } },
      { version: 1, tpm: { registers: { sha1: { 11: ["ab".repeat(20)] } } } },
      { version: 1, tpm: { registers: { sha256: { 24: ["ab".repeat(32)] } } } },
      { version: 1, tpm: { pcrs: {} } },
      {
        version: 1,
        tdx: { tcbStatuses: ["Revoked"] },
      },
    ]
  ) {
    assert.equal(policy.validate(bad).valid, false, JSON.stringify(bad));
  }
});

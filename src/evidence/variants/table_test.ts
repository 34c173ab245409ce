import assert from "node:assert/strict";
import { renderPage } from "../../../scripts/generate_variants.ts";
import { runCli } from "../../../tests/cli/fake_host.ts";
import { LAB_VARIANTS } from "../../lab/mod.ts";
import type { AnyTechnology } from "../evidence.ts";
import { ROOT_STRENGTH, weakestRoot } from "../finding.ts";
import { technologies } from "../registry.ts";
import type { VariantFacts, VariantId } from "./facts.ts";
import { AK_PROOFS, QUALIFYING_DATA_RULES, REPORT_DATA_RULES, WHAT_RUNS } from "./rules.ts";
import { VARIANTS } from "./table.ts";

const ALL: readonly VariantFacts[] = Object.values(VARIANTS);

/** Rules and roots of a variant in the order of the protocol's columns. */
type Row = readonly [
  reportData: VariantFacts["reportData"],
  akProof: VariantFacts["akProof"],
  qualifyingData: VariantFacts["qualifyingData"],
  whatRuns: VariantFacts["whatRuns"],
  roots: string,
  runtimeRegister: VariantFacts["runtimeRegister"],
];

/** The table of protocol §4 and the register of §3, written from the text; roots as CPU, channel, what runs. */
const PROTOCOL: Readonly<Record<VariantId, Row>> = {
  "sev-snp": ["binding", "no-key", "no-quote", "launch-digest", "amd amd amd", null],
  "tdx": ["binding", "no-key", "no-quote", "mrtd-and-rtmrs", "intel intel intel", "RTMR 3"],
  "gcp-tdx": ["binding", "no-key", "no-quote", "rtmrs", "intel intel intel", "RTMR 3"],
  "aws-sev-snp": ["binding", "nitro-document", "document", "pcrs", "amd amd provider", "PCR 15"],
  "gcp-sev-snp": [
    ...["ak-and-binding", "certificate", "binding-and-report", "pcrs"] as const,
    ...["amd amd provider", "PCR 15"] as const,
  ],
  "azure-sev-snp": [
    ...["paravisor", "runtime-data", "binding-and-hcl", "pcrs"] as const,
    ...["amd paravisor paravisor", "PCR 15"] as const,
  ],
  "azure-tdx": [
    ...["paravisor", "runtime-data", "binding-and-hcl", "pcrs"] as const,
    ...["intel paravisor paravisor", "PCR 15"] as const,
  ],
  "aws-nitro-tpm": ["none", "nitro-document", "document", "pcrs", "- provider provider", "PCR 15"],
  "azure-trusted-launch": [
    ...["none", "certificate", "binding", "pcrs", "- provider provider", "PCR 15"] as const,
  ],
  "gcp-sev-es": ["none", "certificate", "binding", "pcrs", "- provider provider", "PCR 15"],
  "qemu-vtpm": ["none", "enrolment", "binding", "pcrs", "- none none", "PCR 15"],
  "openstack": ["none", "enrolment", "binding", "pcrs", "- none none", "PCR 15"],
};

Deno.test("each variant answers, proves and rests as protocol §3 and §4 have it", () => {
  const rows = ALL.map(
    ({ id, reportData, akProof, qualifyingData, whatRuns, roots, runtimeRegister }) => [
      ...[id, reportData, akProof, qualifyingData, whatRuns],
      `${roots.cpu ?? "-"} ${roots.channel} ${roots.whatRuns}`,
      runtimeRegister,
    ],
  );
  assert.deepEqual(rows, Object.entries(PROTOCOL).map(([id, row]) => [id, ...row]));
});

Deno.test("the rules in words have the formulas of protocol §4", () => {
  assert.equal(REPORT_DATA_RULES["binding"], 'SHA-512 H("casemate/report/v1", "", binding)');
  assert.equal(
    REPORT_DATA_RULES["ak-and-binding"],
    'SHA-512 H("casemate/report/v1", AK Name, binding)',
  );
  assert.equal(QUALIFYING_DATA_RULES["binding"], 'SHA-256 H("casemate/quote/v1", binding, "")');
  assert.equal(
    QUALIFYING_DATA_RULES["binding-and-report"],
    'SHA-256 H("casemate/quote/v1", binding, SHA-256(report))',
  );
  assert.equal(
    QUALIFYING_DATA_RULES["binding-and-hcl"],
    'SHA-256 H("casemate/quote/v1", binding, SHA-256(HCL report))',
  );
});

Deno.test("no variant is called stronger than what it is measured by", () => {
  for (const { id, title, roots, tee, trusted, whatRuns, measurements } of ALL) {
    assert.equal(roots.cpu === null, tee === null, id);
    if (tee === null) assert.doesNotMatch(`${title} ${trusted}`, /confidential,|^Confidential/, id);
    const pinned = measurements.filter((measurement) => measurement.pinned);
    assert.ok(pinned.length > 0, `${id}: what says what runs must be pinned`);
    const strongest = Math.max(...pinned.map(({ root }) => ROOT_STRENGTH[root]));
    assert.ok(ROOT_STRENGTH[roots.whatRuns] <= strongest, id);
    if (whatRuns === "pcrs") {
      const registers = pinned.filter(({ root }) => root === roots.whatRuns);
      assert.deepEqual(registers.map(({ register }) => register), ["PCR 4", "PCR 11"], id);
    }
    const weakest = weakestRoot([roots.channel, roots.whatRuns]);
    if (weakest === "provider") assert.match(trusted, /AWS|Google|Microsoft/, id);
    if (weakest === "paravisor") assert.match(trusted, /paravisor/, id);
    if (weakest === "none") {
      assert.match(trusted, /^Not confidential: .* by (?:a TPM that )?nobody/, id);
    }
  }
});

Deno.test("each variant has one technology, whose facts are its row, and the lab mints it", () => {
  const known: readonly AnyTechnology[] = technologies;
  const withFacts = known.filter(({ facts }) => facts !== undefined);
  assert.deepEqual(withFacts.map(({ id }) => id).toSorted(), Object.keys(VARIANTS).toSorted());
  for (const [id, row] of Object.entries(VARIANTS)) {
    const technology = known.find((one) => one.id === id);
    assert.equal(technology?.facts, row, id);
    assert.equal(row.id, id);
    const confidential = row.tee !== null;
    assert.equal(technology?.trustedMeans, confidential ? "Confidential" : "Measured", id);
    for (const says of row.provesNot) {
      // A variant that is a technology says it in the technology's own words.
      if (id === "sev-snp" || id === "tdx") continue;
      assert.ok(technology?.proves.no.includes(says), `${id}: ${says}`);
    }
  }
  assert.deepEqual(LAB_VARIANTS.toSorted(), Object.keys(VARIANTS).toSorted());
});

Deno.test("docs/variants.md is what the table says", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/variants.md", import.meta.url));
  assert.equal(page, `${renderPage().trimEnd()}\n`);
});

/** Text as it was before it was wrapped. */
function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

Deno.test("casemate evidence explain tells all that the table says of a variant", async () => {
  for (const facts of ALL) {
    const { exitCode, out } = await runCli(["evidence", "explain", facts.id], { width: 400 });
    assert.equal(exitCode, 0, facts.id);
    const parts = [
      ...[facts.title, facts.trusted, facts.hardware.says],
      ...[...facts.proves, ...facts.provesNot, ...facts.risks],
      ...facts.measurements.flatMap(({ what, by, register }) => [what, by, register]),
      ...[REPORT_DATA_RULES[facts.reportData], AK_PROOFS[facts.akProof]],
      ...[QUALIFYING_DATA_RULES[facts.qualifyingData], WHAT_RUNS[facts.whatRuns]],
    ];
    for (const part of parts) assert.ok(unwrapped(out).includes(part), `${facts.id}: ${part}`);
  }
});

Deno.test("casemate evidence explain -o json is the table", async () => {
  const { out } = await runCli(["evidence", "explain", "-o", "json"]);
  assert.deepEqual(JSON.parse(out).variants, JSON.parse(JSON.stringify(ALL)));
});

/** The protocol itself, where it is at hand. */
const TEXT = await Deno.readTextFile(new URL("../../../../shared/protocol.md", import.meta.url))
  .catch((error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });

/** Words of the protocol's text for each rule; its cells say more. */
const WORDS: Readonly<Record<string, RegExp>> = {
  "binding": /^SHA-512 H\("casemate\/report\/v1", "", binding\)$|^same$/,
  "ak-and-binding": /^SHA-512 H\("casemate\/report\/v1", AK Name, binding\)$/,
  "paravisor":
    /^made by the paravisor at boot; user-data = binding .* for every purpose but `serve`/,
  "none": /^–$/,
  "no-key": /^–$/,
  "nitro-document": /^NitroTPM attestation document: nonce = binding/,
  "certificate": /certificate/,
  "runtime-data": /^HCLAkPub in runtime data$/,
  "enrolment": /^none unless an EK enrolment/,
};

Deno.test({
  name: `the text of protocol §4 has these rows and roots${
    TEXT === null ? " (ignored: it is not at hand)" : ""
  }`,
  ignore: TEXT === null,
  fn() {
    const rows = (TEXT ?? "").split("\n").filter((line) => /^\| [a-z].* \|$/.test(line)).map((
      line,
    ) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
    for (const { id, reportData, akProof, roots } of ALL) {
      const row = rows.find(([ids = ""]) => ids.split(", ").includes(id));
      assert.ok(row, id);
      const [, data = "", proof = "", , , words = ""] = row;
      assert.match(data, WORDS[reportData] ?? /^$/, id);
      assert.match(proof, WORDS[akProof] ?? /^$/, id);
      for (const root of new Set([roots.cpu ?? roots.channel, roots.channel, roots.whatRuns])) {
        assert.match(words, new RegExp(`\\b${root}\\b`), id);
      }
    }
  },
});

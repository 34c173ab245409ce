/**
 * Each variant accepts what its row of the table says that it must answer, and
 * the answer that any other rule would give is refused. The engine is made to
 * read the answer of a rule where the evidence has its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../mod.ts";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import { bindingOf, qualifyingDataOf, reportDataOf } from "../../src/evidence/statement/binding.ts";
import type {
  QualifyingDataRule,
  ReportDataRule,
  VariantId,
} from "../../src/evidence/variants/facts.ts";
import { VARIANTS } from "../../src/evidence/variants/table.ts";
import { LAB_VARIANTS, type MintedVariant } from "../../src/lab/mod.ts";
import { examine } from "../../src/verifier/examine.ts";
import { shown } from "../result.ts";
import { ask, mintedOf, NONCE, requestFor } from "./ask.ts";

/** Members of the engine's answers, hex; null is what an absent member is. */
type Read = Readonly<Record<string, string | null>>;

/** Asks an engine that reads these in place of what stands there. */
function askReading(read: Read, evidence: MintedVariant): Promise<Result> {
  return examine({
    run: async (operation, parts) => {
      const text = JSON.stringify(await inlineEngine.run(operation, parts));
      return JSON.parse(
        text,
        (name: string, value: unknown) => Object.hasOwn(read, name) ? read[name] : value,
      );
    },
  }, requestFor(evidence));
}

/** What a verifier has at hand to compute an answer with. */
interface Known {
  readonly binding: Uint8Array;
  readonly akName: Uint8Array;
  /** The report, or the HCL report. */
  readonly report: Uint8Array;
  /** What report data begin with that the paravisor made. */
  readonly runtimeHash: string;
}

async function knownOf(evidence: MintedVariant): Promise<Known> {
  const { claims } = await ask(evidence);
  const { akName = "00", vtpm, hcl } = Object(claims);
  const { report, hclReport, tpmQuoteMsg } = evidence.files;
  const beside = hclReport ?? report ?? tpmQuoteMsg;
  return {
    binding: bindingOf(NONCE, evidence.statement),
    akName: fromHex(vtpm?.publicArea?.name ?? akName),
    report: beside instanceof Uint8Array ? beside : new Uint8Array(1),
    runtimeHash: hcl?.runtime.hash ?? "00".repeat(32),
  };
}

const REPORT_DATA: Readonly<Record<ReportDataRule, (known: Known) => string>> = {
  "binding": ({ binding }) => toHex(reportDataOf(binding, new Uint8Array())),
  "ak-and-binding": ({ binding, akName }) => toHex(reportDataOf(binding, akName)),
  "paravisor": ({ runtimeHash }) => runtimeHash.padEnd(128, "0"),
  "none": ({ binding }) => toHex(binding),
};

const QUALIFYING_DATA: Readonly<
  Record<Exclude<QualifyingDataRule, "document" | "no-quote">, (known: Known) => string>
> = {
  "binding": ({ binding }) => toHex(qualifyingDataOf(binding, null)),
  "binding-and-report": ({ binding, report }) => toHex(qualifyingDataOf(binding, report)),
  "binding-and-hcl": ({ binding, report }) => toHex(qualifyingDataOf(binding, report)),
};

/** Answers that are none of the rules', but nearly. */
const NEARLY: readonly ((known: Known) => string)[] = [
  // The hardware's part of an HCL report.
  ({ binding, report }) => toHex(qualifyingDataOf(binding, report.subarray(32, 1216))),
  ({ binding }) => toHex(binding),
  ({ binding }) => toHex(binding.subarray(0, 32)),
  ({ binding, report }) => toHex(qualifyingDataOf(binding, plainHash("sha256", report))),
  ({ binding }) => toHex(qualifyingDataOf(binding, new Uint8Array())),
  () => "",
];

/** Variants of which something is so. */
function variantsWith(holds: (variant: VariantId) => boolean): readonly VariantId[] {
  return LAB_VARIANTS.filter(holds);
}

for (const variant of variantsWith((id) => VARIANTS[id].tee !== null)) {
  Deno.test(`${variant} takes report data by the rule of its row, and by no other`, async () => {
    const evidence = await mintedOf(variant);
    const known = await knownOf(evidence);
    const own = REPORT_DATA[VARIANTS[variant].reportData](known);
    const others = Object.values(REPORT_DATA).map((rule) => rule(known));
    for (const reportData of new Set([...others, "00".repeat(64)])) {
      const result = await askReading({ reportData }, evidence);
      const expected = reportData === own ? "lab-trusted" : "rejected";
      assert.equal(result.verdict, expected, shown(result));
    }
    assert.ok(others.includes(own));
  });
}

const QUOTING = variantsWith((id) => VARIANTS[id].qualifyingData in QUALIFYING_DATA);

for (const variant of QUOTING) {
  Deno.test(`${variant} takes qualifying data by the rule of its row, and by no other`, async () => {
    const { qualifyingData: rule } = VARIANTS[variant];
    assert.ok(rule !== "document" && rule !== "no-quote");
    const evidence = await mintedOf(variant);
    const known = await knownOf(evidence);
    const own = QUALIFYING_DATA[rule](known);
    const all = [...Object.values(QUALIFYING_DATA), ...NEARLY].map((make) => make(known));
    const refused = new Set(all.filter((data) => data !== own));
    assert.ok(refused.size >= NEARLY.length);
    for (const qualifyingData of [own, ...refused]) {
      const result = await askReading({ qualifyingData }, evidence);
      const expected = qualifyingData === own ? "null" : "tpm.qualifying_data_mismatch";
      assert.equal(String(result.code), expected, shown(result));
    }
  });
}

for (const variant of variantsWith((id) => VARIANTS[id].qualifyingData === "document")) {
  Deno.test(`${variant} takes a document whose nonce is the binding itself, and user data by its row`, async () => {
    const evidence = await mintedOf(variant);
    const known = await knownOf(evidence);
    const { binding, report } = known;
    const userData = variant === "aws-sev-snp" ? toHex(plainHash("sha256", report)) : null;
    const nonce = toHex(binding);
    const right = await askReading({ nonce, userData }, evidence);
    assert.equal(right.verdict, "lab-trusted", shown(right));
    const hashed = [
      REPORT_DATA["binding"](known),
      QUALIFYING_DATA["binding"](known),
      `${nonce}00`,
      toHex(NONCE),
      "",
      null,
    ];
    for (const other of hashed) {
      const result = await askReading({ nonce: other, userData }, evidence);
      assert.equal(result.code, "nitro.nonce_mismatch", shown(result));
    }
    const besides = [
      `${userData ?? ""}00`,
      toHex(plainHash("sha256", new Uint8Array(1))),
      toHex(plainHash("sha384", report)),
      nonce,
      "",
      userData === null ? toHex(plainHash("sha256", report)) : null,
    ];
    for (const other of besides) {
      const result = await askReading({ nonce, userData: other }, evidence);
      assert.equal(result.code, "nitro.user_data_mismatch", shown(result));
    }
  });
}

Deno.test("a key that names AWS and is no VLEK is none of AWS's", async () => {
  const result = await askReading({ form: "VCEK" }, await mintedOf("aws-sev-snp"));
  assert.equal(result.code, "ec2.csp_mismatch", shown(result));
});

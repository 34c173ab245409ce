/**
 * Command lines about envelopes, statements and variants that are answered, as data.
 *
 * @module
 */

import type { Case } from "./cases.ts";

const VERIFY = "evidence verify";

/** The same evidence in each form that carries it. */
const CARRIERS = ["node.json", "node.cmw.json", "node.cmw", "node.pem", "node.der", "-"];

/** Verdicts and their exit codes. */
export const ENVELOPE_VERDICTS: readonly Case[] = [
  ...CARRIERS.map((file): Case => ({
    name: `${file} is lab-trusted and ends with 0`,
    line: `${VERIFY} ${file} @asked @terms`,
    exit: 0,
    out: ["LAB-TRUSTED", "✔ Made for this purpose", "✔ Signer of the paravisor", "✔ What runs"],
    never: ["✘", "What the files seem to be"],
  })),
  {
    name: "the same from files of its own",
    line: `${VERIFY} azure-sev-snp @files --statement statement.json @asked @terms`,
    exit: 0,
    out: ["LAB-TRUSTED", "✔ Made for this verifier", "✔ Node belongs to this cluster"],
    never: ["✘"],
  },
  {
    name: "the variant that was wanted",
    line: `${VERIFY} node.json --variant azure-sev-snp @asked @terms`,
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "flags stand before the envelope as well as behind it",
    line: `${VERIFY} @asked @terms node.json`,
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "lists and a region's certificate beside an envelope",
    line: `${VERIFY} aws.json @aws @lists --identity-cert region.der`,
    exit: 0,
    out: ["LAB-TRUSTED", "✔ Identity document of this instance", "✔ Has this role"],
  },
  {
    name:
      "a region's certificate that is missing ends with 4 where the policy asks whose instance it is",
    line: `${VERIFY} aws.json @aws @lists`,
    exit: 4,
    out: ["UNAVAILABLE", "certificate of the region", "ec2.identity_missing"],
  },
  {
    name: "a leaf beside an envelope that has none",
    line: `${VERIFY} no-leaf.json --leaf leaf.der @asked @terms`,
    exit: 0,
    out: ["LAB-TRUSTED"],
  },
  {
    name: "another nonce ends with 3",
    line: `${VERIFY} node.json --nonce ${"5f".repeat(32)} --purpose join @terms`,
    exit: 3,
    out: ["REJECTED", "✘ Answers this question", "tpm.qualifying_data_mismatch"],
  },
  {
    name: "evidence for a join is none for serving, which ends with 3",
    line: `${VERIFY} node.json @nonce @terms`,
    exit: 3,
    out: ["REJECTED", "✘ Made for this purpose", "statement.purpose_mismatch"],
  },
  {
    name: "another cluster ends with 3",
    line: `${VERIFY} node.json @nonce --purpose join --cluster-id ${"ee".repeat(32)} @terms`,
    exit: 3,
    out: ["REJECTED", "✘ Node belongs to this cluster", "byte 0 is the first that differs"],
  },
  {
    name: "a variant that the policy does not admit ends with 3",
    line: `${VERIFY} node.json @asked --policy tdx-only.json @root`,
    exit: 3,
    out: ["REJECTED", "✘ Variant", "expected  azure-tdx", "trust.variant_not_admitted"],
  },
  {
    name: "lab evidence in an envelope without --lab-root ends with 3",
    line: `${VERIFY} node.json @asked --policy azure.json --reference azure-reference.json`,
    exit: 3,
    out: ["REJECTED", "--lab-root", "What the files seem to be", "hclReport", "HCL report of"],
    never: ["LAB-TRUSTED", "would prove"],
  },
  {
    name: "a statement that is none, in an envelope, ends with 3",
    line: `${VERIFY} no-statement.json @asked @terms`,
    exit: 3,
    out: ["REJECTED", "✘ Statement well formed", "statement.member"],
  },
  {
    name: "a statement that is none, as file, ends with 3",
    line: `${VERIFY} azure-sev-snp @files --statement statement-damaged.json @asked @terms`,
    exit: 3,
    out: ["REJECTED", "✘ Statement well formed", "statement-damaged.json: damaged"],
  },
  {
    name: "another chain beside an envelope goes before its own, and ends with 3",
    line: `${VERIFY} node.json @asked @terms --chain-ask-ark aws-chain.der`,
    exit: 3,
    out: ["REJECTED", "--chain-ask-ark  aws-chain.der: 2 X.509 certificates", "leaf"],
    never: ["chainAskArk"],
  },
  {
    name: "no revocation list ends with 4",
    line: `${VERIFY} no-crl.json @asked @terms`,
    exit: 4,
    out: ["UNAVAILABLE", "snp.crl_missing", "--crl"],
    never: ["would prove"],
  },
  {
    name: "nothing that says what should run ends with 6",
    line: `${VERIFY} node.json @asked @policy`,
    exit: 6,
    out: ["PLATFORM ONLY", "not pinned"],
    never: ["would prove"],
  },
  {
    name: "no question about an envelope ends with 6",
    line: `${VERIFY} node.json --no-freshness @terms`,
    exit: 6,
    out: ["PLATFORM ONLY", "freshness.not_checked"],
  },
  {
    name: "crypto-only of an envelope ends with 0 and is no verdict",
    line: `${VERIFY} node.json --profile crypto-only @root`,
    exit: 0,
    out: ["GENUINE\n", "nothing else was examined"],
    never: ["TRUSTED"],
  },
  {
    name: "an envelope in JSON",
    line: `${VERIFY} node.json @asked @terms -o json`,
    exit: 0,
    out: ['"verdict": "lab-trusted"', '"binding": "nonce"', '"purpose": "join"'],
  },
];

/** What is not a verdict. */
export const ENVELOPE_ANSWERS: readonly Case[] = [
  {
    name: "help of envelopes",
    line: `${VERIFY} --help`,
    exit: 0,
    out: [
      "Usage: casemate evidence verify [options] ENVELOPE",
      "casemate evidence verify COMMAND [options]",
      "What the statement must say:",
      "Endorsements and roots, which go before those in the envelope:",
      "--variant <VARIANT>",
      "none but Google's is built in",
      "AMD SEV-SNP on Azure, with its paravisor",
      "casemate lab envelope azure-sev-snp",
    ],
    never: ["of the statement:", "--hcl-report"],
  },
  {
    name: "help of a variant, whose example takes no two things of which one stands for the other",
    line: `${VERIFY} azure-sev-snp --help`,
    exit: 0,
    out: [
      "verify evidence and show the verdict: AMD SEV-SNP on Azure, with its paravisor",
      "--hcl-report hcl-report.file",
      "--statement statement.json --nonce HEX",
    ],
    never: ["--runtime-data runtime-data.file", "--nonce 5f1e00"],
  },
  {
    name: "the variants",
    line: "evidence explain",
    exit: 0,
    out: [
      "azure-trusted-launch  Measured, by Microsoft's word; never run on hardware",
      "qemu-vtpm             Not confidential",
      "casemate evidence explain VARIANT says more",
    ],
  },
  {
    name: "a variant that the default policy accepts",
    line: "evidence explain tdx",
    exit: 0,
    out: ["acceptRoots  nothing, the default is enough", "tdx          MRTD, RTMR 1, RTMR 2"],
  },
  {
    name: "a variant whose policy must name roots and a project",
    line: "evidence explain gcp-sev-snp",
    exit: 0,
    out: ["acceptRoots  [amd, provider]", "PCR 4, PCR 11, project", "What it does not prove"],
  },
  {
    name: "a variant in JSON",
    line: "evidence explain azure-tdx -o json",
    exit: 0,
    out: ['"id": "azure-tdx"', '"whatRuns": "paravisor"'],
  },
  ...[
    ["node.json", "Envelope of azure-sev-snp"],
    ["node.cmw.json", "CMW record in JSON of azure-sev-snp"],
    ["node.cmw", "CMW record in CBOR of azure-sev-snp"],
    ["node.pem", "X.509 certificate that carries evidence of azure-sev-snp"],
    ["node.der", "X.509 certificate that carries evidence of azure-sev-snp"],
  ].map(([file, title]): Case => ({
    name: `show of ${file}`,
    line: `evidence show ${file}`,
    exit: 0,
    out: [
      `${title} (not verified)`,
      "Goes into: casemate evidence verify FILE",
      "phase             cluster",
      "hclReport     2600  HCL report of Azure's paravisor",
    ],
  })),
  {
    name: "show of an envelope of a variant that is not known",
    line: "evidence show unknown.json",
    exit: 0,
    out: ["Envelope of azure-sev-snp-2", "not known here"],
    never: ["Goes into"],
  },
  {
    name: "show of an envelope with a damaged statement",
    line: "evidence show no-statement.json",
    exit: 0,
    out: ["damaged  a member of the statement is missing", "HCL report of Azure's paravisor"],
  },
  {
    name: "show of a statement",
    line: "evidence show statement.json",
    exit: 0,
    out: [
      "Statement of a node (not verified)",
      "casemate evidence verify azure-sev-snp --statement FILE",
      "purpose           join",
      "nodeName          (empty)",
    ],
  },
  {
    name: "show of a certificate with a bare quote",
    line: "evidence show quote-cert.der",
    exit: 0,
    out: ["X.509 certificate that carries a bare quote, and no statement", "TDX quote"],
  },
  {
    name: "show of an HCL report",
    line: "evidence show hcl.bin",
    exit: 0,
    out: ["HCL report of Azure's paravisor (not verified)", "--hcl-report FILE", "HCLAkPub"],
  },
  ...[
    ["enclave.cbor", "Attestation document of a Nitro Enclave", "nitro-enclave --document"],
    ["nitro-tpm.cbor", "Attestation document of a NitroTPM", "aws-nitro-tpm --document"],
    [
      "identity.json",
      "Identity document of an EC2 instance",
      "aws-nitro-tpm --identity-document",
    ],
    ["endorsement.pb", "Endorsement of firmware by Google", "gcp-tdx --firmware-endorsement"],
    ["ccel.bin", "Event log of a confidential VM", "gcp-tdx --event-log"],
  ].map(([file, title = "", takes]): Case => ({
    name: `show of ${file}`,
    line: `evidence show ${file}`,
    exit: 0,
    out: [title, "(not verified)", `Goes into: casemate evidence verify ${takes} FILE`],
  })),
  {
    name: "show of an envelope in JSON",
    line: "evidence show node.cmw -o json",
    exit: 0,
    out: ['"kind": "cmw-cbor"', '"usedBy": "casemate evidence verify"'],
  },
];

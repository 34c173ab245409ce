/**
 * Judges SEV-SNP cases of a corpus: a report, its leaf, ASK and ARK.
 *
 * @module
 */

import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { appraise } from "../../src/evidence/snp/appraise.ts";
import { snpPolicy } from "../../src/evidence/snp/policy.ts";
import type { SnpEvidence } from "../../src/evidence/snp/report.ts";
import type { Anchor } from "../../src/evidence/anchors.ts";
import { type SnpFiles, verify, verifyUnder } from "../../src/evidence/snp/verify.ts";
import { describeCertificates } from "../../src/core/x509.ts";
import type { Verified } from "../../src/evidence/evidence.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { RejectedError } from "../../src/core/errors.ts";
import type { Judge } from "./judge.ts";
import type { Case } from "./manifest.ts";

/** SEV-SNP reports, whatever cloud they are from. */
export const snpJudge: Judge = {
  techs: ["snp", "aws-snp"],
  takes: (files) => ["report", "leaf", "chain_ask_ark"].every((role) => files[role] !== undefined),
  judge,
  // Names of the corpus's checks first, then words of its prose.
  reasons: {
    "report_sig_by_leaf": ["snp.signature_mismatch", "snp.signature_encoding"],
    "leaf_sig_by_ask": ["snp.leaf_signature", "snp.leaf_shape"],
    "ask_sig_by_ark": ["snp.ask_signature"],
    "ark_self_signed": ["snp.ark_signature", "snp.root_unknown", "snp.root_mismatch"],
    "key_type_matches_report": ["snp.key_type_mismatch"],
    "tcb_ext_equals_reported": ["snp.tcb_mismatch"],
    "chip_id_equals_hwid": ["snp.chip_id_mismatch"],
    "length": ["snp.report_length", "x509.malformed"],
    "truncated": ["snp.report_length", "x509.malformed", "input.encoding", "input.empty"],
    "trailing": ["snp.report_length", "x509.malformed", "snp.signature_encoding"],
    "version": ["snp.report_version"],
    "signature algorithm": ["snp.signature_algorithm", "snp.chain_algorithm"],
    "pss": ["snp.chain_algorithm"],
    "out of range": ["snp.signature_encoding"],
    "padding": ["snp.signature_encoding", "snp.reserved_not_zero"],
    "non-canonical": ["x509.malformed"],
    "malformed": [
      "x509.malformed",
      "x509.crl_malformed",
      "snp.leaf_extension",
      "input.encoding",
    ],
    "expired": ["snp.certificate_expired", "snp.crl_expired"],
    "stale": ["snp.crl_expired"],
    "not yet valid": ["snp.certificate_not_yet_valid", "snp.crl_not_yet_valid"],
    "future": ["snp.certificate_not_yet_valid", "snp.crl_not_yet_valid"],
    "debug": ["snp.debug_allowed"],
    "migrat": ["snp.migration_allowed"],
    "vmpl": ["snp.vmpl", "snp.reserved_not_zero"],
    "revoked": ["snp.revoked"],
    "crl": [
      "snp.crl_issuer",
      "snp.crl_signature",
      "snp.crl_expired",
      "snp.crl_not_yet_valid",
      "snp.crl_shape",
      "snp.crl_scope",
      "snp.revoked",
      "x509.crl_malformed",
    ],
    "reserved": ["snp.reserved_not_zero", "snp.policy_malformed", "snp.signature_encoding"],
    "policy bit": ["snp.policy_malformed"],
    "unsigned": ["snp.unsigned"],
    "mask_chip_key": ["snp.unsigned"],
    "signing key": ["snp.unsigned", "snp.signing_key_unknown", "snp.key_type_mismatch"],
    "product": ["snp.product_mismatch"],
    "cpuid": ["snp.product_mismatch"],
    "extension": ["snp.leaf_extension", "snp.leaf_shape", "snp.chain_shape"],
    "hwid": ["snp.chip_id_mismatch", "snp.leaf_extension"],
    "tcb": ["snp.tcb_mismatch"],
    "order": ["snp.chain_order", "snp.chain_shape"],
    "root": ["snp.root_unknown", "snp.root_mismatch", "snp.lab_on_vendor_path"],
    "lab": ["snp.lab_on_vendor_path"],
    "wrong chain": ["snp.leaf_signature", "snp.product_mismatch"],
  },
};

async function judge(input: Case): Promise<unknown> {
  const files = readFiles(input);
  const now = input.verifyAt ?? new Date();
  const supplied = input.params["trusted_root"] !== undefined;
  if (!supplied) return await verify(inlineEngine, files, { now, labRoots: [] });
  const proven = await verifyUnder(inlineEngine, files, await caseRoot(files), now);
  refuseByPolicy(proven, now);
  return proven;
}

function readFiles(input: Case): SnpFiles {
  const { report, leaf, chain_ask_ark: chainAskArk } = input.files;
  const lists = Object.entries(input.files).filter(([role]) => /(^|_)crls?(_|$)/.test(role));
  return sevSnp.readFiles({ report, leaf, chainAskArk, crls: lists.map(([, file]) => file) });
}

/** The ARK that the case brings: trusted because the case says so, for this case alone. */
async function caseRoot(files: SnpFiles): Promise<readonly Anchor[]> {
  const [, ark] = await describeCertificates(inlineEngine, files.chainAskArk);
  if (ark === undefined) {
    throw new RejectedError("The chain brings no root", { code: "x509.count" });
  }
  const { sha256, spkiSha256 } = ark.summary;
  return [{ line: "", certificateSha256: sha256, spkiSha256, lab: false }];
}

/** VMPL 0, no debug, no migration: what the corpus asks for beside signatures in cases under their own root. */
function refuseByPolicy(proven: Verified<SnpEvidence>, now: Date): void {
  const policy = snpPolicy.decode({ vmpl: [0], debug: "forbid", migration: "forbid" }, "corpus");
  const findings = appraise(proven, policy, {
    now,
    freshness: { kind: "none" },
    acceptCompromised: {},
  });
  const asked = ["snp.vmpl", "snp.debug", "snp.migration"];
  const broken = findings.find(({ id, kind }) => asked.includes(id) && kind !== "match");
  if (broken === undefined) return;
  throw new RejectedError(`${broken.title}: ${broken.actual}`, { code: broken.code ?? broken.id });
}

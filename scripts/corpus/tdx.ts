/**
 * Judges quotes of a corpus: TDX and SGX, with their collateral.
 *
 * @module
 */

import type { Engine } from "../../src/core/crypto.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { RejectedError } from "../../src/core/errors.ts";
import { tdx, verifySgxQuote } from "../../src/evidence/tdx/mod.ts";
import type { Judge } from "./judge.ts";
import type { Case } from "./manifest.ts";

/** Roles by the corpus's names for them. */
const ROLES: Readonly<Record<string, string>> = {
  quote: "quote",
  tcb_info: "tcbInfo",
  qe_identity: "qeIdentity",
  tcb_chain: "tcbChain",
  pck_crl: "pckCrl",
  pck_crl_chain: "pckCrlChain",
  root_crl: "rootCrl",
};

/** Quotes of trust domains and of enclaves. */
export const tdxJudge: Judge = {
  techs: ["tdx", "sgx"],
  takes: (files) => files["quote"] !== undefined && files["tcb_info"] !== undefined,
  judge: (input) => judgeQuote(inlineEngine, input),
  // Names of the corpus's checks first, then words of its prose.
  reasons: {
    "quote_sig": ["tdx.signature_mismatch", "tdx.signature_encoding"],
    "att_key_bound_by_qe_report": ["tdx.attestation_key_binding", "tdx.attestation_key_invalid"],
    "qe_report_sig_by_pck": ["tdx.qe_report_signature"],
    "tcb_info_sig": ["tdx.tcb_info_signature"],
    "qe_identity_sig": ["tdx.qe_identity_signature"],
    "tcb_level_found": ["tdx.tcb_level_not_found"],
    "qe identity id": ["tdx.qe_identity_id", "tdx.qe_mismatch"],
    "pck_crl issuer": ["tdx.crl_issuer", "tdx.crl_signature"],
    "fmspc mismatch": ["tdx.fmspc_mismatch"],
    "attestation key type": ["tdx.attestation_key_type"],
    "tee type": ["tdx.tee_type"],
    "length": ["tdx.quote_length", "tdx.certification_data"],
    "version": ["tdx.quote_version"],
    "out of range": ["tdx.signature_encoding"],
    "collateral expired": ["tdx.collateral_expired", "tdx.crl_expired"],
    "collateral not yet": ["tdx.collateral_not_yet_valid", "tdx.crl_not_yet_valid"],
    "revoked": ["tdx.revoked", "tdx.tcb_revoked"],
    "expired": ["tdx.certificate_expired", "tdx.collateral_expired", "tdx.crl_expired"],
    "malformed": ["x509.malformed", "x509.crl_malformed", "tdx.pck_extension", "input.encoding"],
    "root": ["tdx.root_unknown", "tdx.root_mismatch", "tdx.tcb_chain_root"],
    "chain": ["tdx.chain_signature", "tdx.chain_order", "tdx.chain_shape", "x509.count"],
    "module": ["tdx.module_mismatch", "tdx.module_unknown", "tdx.module_level_not_found"],
    "crl": [
      "tdx.crl_issuer",
      "tdx.crl_signature",
      "tdx.crl_shape",
      "tdx.crl_expired",
      "tdx.crl_not_yet_valid",
      "x509.crl_malformed",
    ],
  },
};

/**
 * Judges a quote with an engine.
 *
 * @param engine The engine.
 * @param input The case.
 * @throws {RejectedError} when the evidence is refused.
 */
export async function judgeQuote(engine: Engine, input: Case): Promise<unknown> {
  const given = Object.entries(ROLES).flatMap(([role, own]) => {
    const file = input.files[role];
    return file === undefined ? [] : [[own, file] as const];
  });
  const files = tdx.readFiles(Object.fromEntries(given));
  const context = { now: input.verifyAt ?? new Date(), labRoots: [] };
  if (input.tech === "sgx") return await verifySgxQuote(engine, files, context);
  const proven = await tdx.verify(engine, files, context);
  if (input.nonceHex !== null) refuseOther(proven.quote.body.reportData, input.nonceHex);
  return proven;
}

/** The nonce that a caller expects, zero-padded. */
function refuseOther(reportData: string, nonce: string): void {
  if (reportData === nonce.padEnd(reportData.length, "0")) return;
  throw new RejectedError(`The report data are ${reportData}, expected ${nonce}`, {
    code: "tdx.report_data_mismatch",
  });
}

/**
 * Names of the files of a TPM case.
 *
 * @module
 */

import type { MintedTpm, TpmFile } from "../../../src/lab/mod.ts";
import type { Evidence } from "../source.ts";

/** By role. Roots that an operator believes are no lab's, so no case has one. */
export const FILE_NAMES = {
  tpmQuoteMsg: "quote.msg",
  tpmQuoteSig: "quote.sig",
  akPub: "ak.pub",
  pcrs: "pcrs.json",
  eventLog: "eventlog.bin",
  akCert: "ak_cert.der",
  akCertIssuers: ["issuing.der", "root.der"],
  akCertCrls: ["issuing_crl.der", "root_crl.der"],
} as const;

/** A role. */
export type TpmRole = keyof typeof FILE_NAMES;

/** The lab root. */
export const ROOT = "root.der";

/** By what a bend is in. */
export const BENT_FILES: Readonly<Record<TpmFile, string>> = {
  quote: FILE_NAMES.tpmQuoteMsg,
  signature: FILE_NAMES.tpmQuoteSig,
  akPublic: FILE_NAMES.akPub,
  pcrs: FILE_NAMES.pcrs,
  eventLog: FILE_NAMES.eventLog,
  ak: FILE_NAMES.akCert,
  issuing: FILE_NAMES.akCertIssuers[0],
  root: ROOT,
  issuingCrl: FILE_NAMES.akCertCrls[0],
  rootCrl: FILE_NAMES.akCertCrls[1],
};

/**
 * The files of minted evidence.
 *
 * @param minted The evidence.
 */
export function evidenceOf(
  { quote, signature, akPublic, pcrs, eventLog, der }: MintedTpm,
): Evidence {
  const [issuingCrl, rootCrl] = FILE_NAMES.akCertCrls;
  return {
    [FILE_NAMES.tpmQuoteMsg]: quote,
    [FILE_NAMES.tpmQuoteSig]: signature,
    [FILE_NAMES.akPub]: akPublic,
    [FILE_NAMES.pcrs]: new TextEncoder().encode(JSON.stringify(pcrs, null, 2)),
    [FILE_NAMES.eventLog]: eventLog,
    [FILE_NAMES.akCert]: der.ak,
    [FILE_NAMES.akCertIssuers[0]]: der.issuing,
    [ROOT]: der.root,
    [issuingCrl]: der.issuingCrl,
    [rootCrl]: der.rootCrl,
  };
}

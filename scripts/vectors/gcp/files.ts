/**
 * Names of the files of Google's cases.
 *
 * @module
 */

import type { FilesByRole } from "../../../src/evidence/evidence.ts";
import { pem } from "../../../src/lab/pem.ts";
import type { CaseFile } from "../../../tests/vectors.ts";
import type { Evidence } from "../source.ts";

/** Quotes of a vTPM, by role. */
export const VTPM_FILES: CaseFile["files"] = {
  tpmQuoteMsg: "quote.msg",
  tpmQuoteSig: "quote.sig",
  akPub: "ak.pub",
  pcrs: "pcrs.json",
  eventLog: "eventlog.bin",
  akCert: "ak_cert.der",
  akCertIssuers: ["issuing.der"],
  akCertCrls: ["issuing_crl.der", "root_crl.der"],
};

/** The same in one container. */
export const CONTAINER_FILES: CaseFile["files"] = {
  ...VTPM_FILES,
  attestationPb: "attestation.pb",
};

/** Endorsement of the firmware; a root of the operator's stands in a case that has no lab's. */
export const ENDORSEMENT_FILES: CaseFile["files"] = {
  firmwareEndorsement: "endorsement.pb",
  firmwareEndorsementRoots: ["endorsement_root.der"],
};

/** Of SEV-SNP, by role. */
export const SNP_FILES: CaseFile["files"] = {
  report: "report.bin",
  leaf: "leaf.der",
  chainAskArk: "chain.der",
  crls: ["crl.der"],
  ...VTPM_FILES,
  ...ENDORSEMENT_FILES,
};

/** Of TDX, by role. */
export const TDX_FILES: CaseFile["files"] = {
  quote: "quote.bin",
  tcbInfo: "tcb_info.json",
  qeIdentity: "qe_identity.json",
  tcbChain: "tcb_chain.der",
  pckCrl: "pck_crl.der",
  pckCrlChain: "pck_crl_chain.der",
  rootCrl: "root_crl.der",
  eventLog: "ccel.bin",
  ccelTable: "ccel_table.bin",
  ...ENDORSEMENT_FILES,
};

/** The lab roots, PEM. */
export const ROOTS = "roots.pem";

/** The statement. */
export const STATEMENT = "statement.json";

/** What no evidence has. */
export const NO_ROOTS = ["firmwareEndorsementRoots"] as const;

/**
 * Files by their names.
 *
 * @param names Names by role.
 * @param files Files by role.
 */
export function byName(names: CaseFile["files"], files: FilesByRole): Evidence {
  return Object.fromEntries(
    Object.entries(files).flatMap(([role, file]) => {
      const given = file instanceof Uint8Array ? [file] : file ?? [];
      const called = [names[role] ?? []].flat();
      return given.map((bytes, i) => [called[i] ?? `${role}_${i}`, bytes] as const);
    }),
  );
}

/**
 * Names of the files of some roles.
 *
 * @param names Names by role.
 * @param roles The roles.
 */
export function namesOf(names: CaseFile["files"], roles: readonly string[]): readonly string[] {
  return roles.flatMap((role) => role === "statement" ? [STATEMENT] : names[role] ?? []);
}

/**
 * Lab roots in one file.
 *
 * @param roots DER of each.
 */
export function rootsFile(...roots: readonly Uint8Array[]): Uint8Array {
  return new TextEncoder().encode(roots.map((root) => pem("CERTIFICATE", root)).join(""));
}

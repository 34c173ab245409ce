/**
 * That a report and a leaf belong together (56860 §3.8, 57230 §3).
 *
 * @module
 */

import type { SnpEvidence, SnpLeaf, SnpReport } from "../report.ts";
import type { Chain } from "./chain.ts";
import { hasProcessor, hasProduct } from "../line.ts";
import { refuseSnp } from "./refuse.ts";
import { isSigned, type ParsedReport } from "./report.ts";
import { tcbText } from "../tcb_layout.ts";

/**
 * Refuses a report that the platform did not sign.
 *
 * @param report The report.
 * @throws {RejectedError} `snp.unsigned`
 */
export function checkSigned(report: ParsedReport): void {
  if (isSigned(report)) return;
  const isMasked = report.fields.maskChipKey;
  const reason = isMasked ? "MASK_CHIP_KEY is set" : "the signing key is NONE";
  throw refuseSnp("snp.unsigned", { reason });
}

/**
 * The report must name the kind of key that the leaf is.
 *
 * @param report The report.
 * @param leaf The leaf.
 * @throws {RejectedError} `snp.key_type_mismatch`
 */
export function checkKeyType({ fields }: ParsedReport, leaf: SnpLeaf): void {
  if (fields.signingKey === leaf.form) return;
  throw refuseSnp("snp.key_type_mismatch", { report: fields.signingKey, leaf: leaf.form });
}

/**
 * Product name of the leaf and processor of the report must be of the root's line.
 *
 * @param report The report.
 * @param chain The chain.
 * @throws {RejectedError} `snp.product_mismatch`
 */
export function checkProduct({ fields: { cpuid } }: ParsedReport, { line, leaf }: Chain): void {
  const root = line.name;
  if (!hasProduct(line, leaf.productName)) {
    throw refuseSnp("snp.product_mismatch", { root, leaf: leaf.productName });
  }
  if (cpuid === null || hasProcessor(line, cpuid)) return;
  const hex = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
  const report = `CPUID family ${hex(cpuid.family)}, model ${hex(cpuid.model)}`;
  throw refuseSnp("snp.product_mismatch", { root, report });
}

/**
 * The key was derived for the TCB that the report claims, in every component.
 *
 * @param report The report.
 * @param leaf The leaf.
 * @throws {RejectedError} `snp.tcb_mismatch`
 */
export function checkTcb({ reportedTcb }: SnpReport, leaf: SnpLeaf): void {
  // The eight bytes and the layout are the same where the components are; the FMC tells the layout.
  if (reportedTcb.raw === leaf.tcb.raw && reportedTcb.fmc === leaf.tcb.fmc) return;
  throw refuseSnp("snp.tcb_mismatch", { report: tcbText(reportedTcb), leaf: tcbText(leaf.tcb) });
}

/**
 * The key was derived for the chip that the report names. On Turin the chip id
 * is 8 bytes, followed by zeros in the report.
 *
 * @param report The report.
 * @param leaf The leaf.
 * @returns How they name it.
 * @throws {RejectedError} `snp.chip_id_mismatch`
 */
export function checkChip({ chipId }: SnpReport, leaf: SnpLeaf): SnpEvidence["chipBinding"] {
  if (leaf.hwid === null) return "not-in-certificate";
  if (/^0*$/.test(chipId)) return "masked";
  if (chipId === leaf.hwid.padEnd(chipId.length, "0")) return "matches";
  throw refuseSnp("snp.chip_id_mismatch", { report: chipId, leaf: leaf.hwid });
}

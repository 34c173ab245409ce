/**
 * Lab evidence of AMD SEV-SNP.
 *
 * @module
 */

export {
  caSerials,
  crlUri,
  describeArk,
  describeCrl,
  describeIntermediate,
  intermediateName,
  type IntermediateOptions,
  LAB_LINES,
  type LabLine,
  type LeafForm,
} from "./amd_hierarchy.ts";
export {
  AMD_OIDS,
  amdExtension,
  describeLeaf,
  type LeafOptions,
  type TcbVersion,
} from "./amd_leaf.ts";
export {
  type AmdAuthority,
  type AmdAuthorityOptions,
  type AmdCaBends,
  type AmdCaKeys,
  type AmdCaName,
  bendAmdAuthority,
  createAmdAuthority,
  exportAmdAuthority,
  importAmdAuthority,
  type StoredAmdAuthority,
} from "./authority.ts";
export type { FirmwareVersion, Tcb, TcbComponent } from "../../evidence/snp/report.ts";
export {
  type MintedDer,
  type MintedSnp,
  mintSnp,
  type MintSnpOptions,
  type SnpBends,
} from "./snp.ts";
export {
  REPORT_BYTES,
  type ReportFields,
  SIGNATURE_OFFSET,
  signSnpReport,
  writeSnpReport,
  writeTcb,
} from "./snp_report.ts";

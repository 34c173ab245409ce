/**
 * The lab: the project's own issuer of test evidence.
 *
 * It makes evidence shaped like the vendors', under roots of its own, right or
 * bent on purpose. Lab evidence proves nothing about hardware: each certificate
 * carries the critical {@linkcode LAB_MARK_OID}, vendor paths refuse it, and a
 * verdict over it is never `trusted`.
 *
 * @module
 */

export {
  addYears,
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
} from "./snp/amd_hierarchy.ts";
export {
  AMD_OIDS,
  amdExtension,
  describeLeaf,
  type LeafOptions,
  type TcbVersion,
} from "./snp/amd_leaf.ts";
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
  type LabCa,
  type StoredAmdAuthority,
  type StoredLabCa,
} from "./snp/authority.ts";
export { type Bend, bend } from "./bend.ts";
export { type CertificateDescription, writeCertificate } from "./certificate.ts";
export { type CrlDescription, type RevokedCertificate, writeCrl } from "./crl.ts";
export * as der from "./der_writer.ts";
export type { Der } from "./der_writer.ts";
export type { FirmwareVersion, Tcb, TcbComponent } from "../evidence/snp/report.ts";
export * from "./extension.ts";
export {
  generateLabKey,
  LAB_KEY_KINDS,
  type LabKey,
  type LabKeyKind,
  readLabKey,
  signBytes,
  type SigningMethod,
} from "./lab_key.ts";
export { LAB_ORGANIZATION, labName, type Name, type NameAttribute, writeName } from "./name.ts";
export { pem } from "./pem.ts";
export {
  AMD_PSS,
  ecdsa,
  type PssHash,
  type PssParameters,
  rsaPkcs1,
  rsaPss,
  seal,
  type SignatureAlgorithm,
  type Signed,
} from "./signature.ts";
export {
  type MintedDer,
  type MintedSnp,
  mintSnp,
  type MintSnpOptions,
  type SnpBends,
} from "./snp/snp.ts";
export {
  REPORT_BYTES,
  type ReportFields,
  SIGNATURE_OFFSET,
  signSnpReport,
  writeSnpReport,
  writeTcb,
} from "./snp/snp_report.ts";

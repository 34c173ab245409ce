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

export * from "./azure/mod.ts";
export { type Bend, bend } from "./bend.ts";
export type { LabCa, StoredLabCa } from "./ca.ts";
export { type CertificateDescription, writeCertificate } from "../core/x509_writer/certificate.ts";
export { type CrlDescription, type RevokedCertificate, writeCrl } from "./crl.ts";
export { addYears } from "./dates.ts";
export * as der from "../core/x509_writer/der.ts";
export type { Der } from "../core/x509_writer/der.ts";
export * from "./extension.ts";
export * from "./gce_endorsement/mod.ts";
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
  type SignatureHash,
  type Signed,
} from "./signature.ts";
export * from "./aws/mod.ts";
export * from "./gcp/mod.ts";
export * from "./nitro/mod.ts";
export * from "./snp/mod.ts";
export * from "./tdx/mod.ts";
export * from "./tpm/mod.ts";
export * from "./variants/mod.ts";

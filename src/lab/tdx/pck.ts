/**
 * What a PCK certificate says (Intel "SGX PCK Certificate and Certificate
 * Revocation List Profile Specification" §1.3).
 *
 * @module
 */

import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import { addYears } from "../dates.ts";
import {
  boolean,
  type Der,
  enumerated,
  integer,
  octetString,
  oid,
  sequence,
} from "../../core/x509_writer/der.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoints,
  type Extension,
  labMark,
  strictKeyUsage,
  subjectKeyIdentifier,
} from "../extension.ts";
import { exactly } from "../fields.ts";
import type { LabKey } from "../lab_key.ts";
import { ecdsa } from "../signature.ts";
import {
  intelCaName,
  intelCrlUri,
  intelKeyIdentifier,
  intelName,
  intelSerial,
  type PckCa,
} from "./hierarchy.ts";

/** Intel's extension. */
export const SGX_EXTENSION_OID = "1.2.840.113741.1.13.1";

/** Members of Intel's extension, dotted, to drop or replace them by. */
export const SGX_OIDS = {
  ppid: `${SGX_EXTENSION_OID}.1`,
  tcb: `${SGX_EXTENSION_OID}.2`,
  pceSvn: `${SGX_EXTENSION_OID}.2.17`,
  cpuSvn: `${SGX_EXTENSION_OID}.2.18`,
  pceId: `${SGX_EXTENSION_OID}.3`,
  fmspc: `${SGX_EXTENSION_OID}.4`,
  sgxType: `${SGX_EXTENSION_OID}.5`,
  platformInstanceId: `${SGX_EXTENSION_OID}.6`,
  configuration: `${SGX_EXTENSION_OID}.7`,
  dynamicPlatform: `${SGX_EXTENSION_OID}.7.1`,
  cachedKeys: `${SGX_EXTENSION_OID}.7.2`,
  smtEnabled: `${SGX_EXTENSION_OID}.7.3`,
} as const;

/** Components of the TCB that have an SVN. */
const COMPONENTS = 16;

/** Years that a PCK certificate holds. */
const PCK_YEARS = 7;

/** Flags of a platform; null is not written. */
export interface PckConfiguration {
  /** Packages may be added after it was made. */
  readonly dynamicPlatform: boolean | null;
  /** Intel keeps the platform's root keys. */
  readonly cachedKeys: boolean | null;
  /** Multithreading is on. */
  readonly smtEnabled: boolean | null;
}

/** What Intel certifies of a platform. */
export interface PckFields {
  /** PPID, 16 bytes. */
  readonly ppid: Uint8Array;
  /** SVNs of the 16 components. */
  readonly components: readonly number[];
  /** PCESVN. */
  readonly pceSvn: number;
  /** CPUSVN, 16 bytes. */
  readonly cpuSvn: Uint8Array;
  /** PCE-ID, 2 bytes. */
  readonly pceId: Uint8Array;
  /** FMSPC, 6 bytes. */
  readonly fmspc: Uint8Array;
  /** SGX type: 0 standard, 1 scalable, 2 scalable with integrity. */
  readonly sgxType: number;
  /** Platform instance id, 16 bytes; null is not written, as under the Processor CA. */
  readonly platformInstanceId: Uint8Array | null;
  /** Configuration; null is not written, as under the Processor CA. */
  readonly configuration: PckConfiguration | null;
}

/** A member of Intel's extension: an identifier, and the DER of a value. */
export interface SgxEntry {
  /** Object identifier, dotted. */
  readonly oid: string;
  /** DER of the value. */
  readonly value: Uint8Array;
}

/** What a PCK certificate is described by. */
export interface PckOptions {
  /** Who issues it. */
  readonly ca: PckCa;
  /** The platform's key, P-256. */
  readonly key: LabKey;
  /** Key of the CA. */
  readonly issuerKey: LabKey;
  /** What is certified. */
  readonly fields: PckFields;
  /** Start of validity. */
  readonly now: Date;
}

/**
 * The leaf: a PCK certificate.
 *
 * @param options Issuer, keys and what is certified.
 */
export async function describePck(options: PckOptions): Promise<CertificateDescription> {
  const { ca, key, issuerKey, fields, now } = options;
  return {
    version: 3,
    serial: await intelSerial(key),
    issuer: intelCaName(ca),
    subject: intelName("Intel SGX PCK Certificate"),
    notBefore: now,
    notAfter: addYears(now, PCK_YEARS),
    publicKey: key.spki,
    extensions: [
      authorityKeyIdentifier(await intelKeyIdentifier(issuerKey.spki)),
      crlDistributionPoints(intelCrlUri(ca)),
      subjectKeyIdentifier(await intelKeyIdentifier(key.spki)),
      strictKeyUsage("digitalSignature", "nonRepudiation"),
      basicConstraints(false),
      sgxExtension(sgxEntries(fields)),
      labMark(),
    ],
    algorithm: ecdsa("SHA-256"),
    signWith: issuerKey,
  };
}

/**
 * Intel's extension, which is not critical.
 *
 * @param entries Its members, as {@linkcode sgxEntries} makes them.
 */
export function sgxExtension(entries: readonly SgxEntry[]): Extension {
  return { oid: SGX_EXTENSION_OID, critical: false, value: writeEntries(entries) };
}

/**
 * The members of Intel's extension in Intel's order.
 *
 * @param fields What is certified.
 * @throws {RangeError} if a byte string does not have the size of its field.
 */
export function sgxEntries(fields: PckFields): readonly SgxEntry[] {
  const { platformInstanceId, configuration } = fields;
  return [
    { oid: SGX_OIDS.ppid, value: octetString(exactly(16, fields.ppid)) },
    { oid: SGX_OIDS.tcb, value: writeEntries(tcbEntries(fields)) },
    { oid: SGX_OIDS.pceId, value: octetString(exactly(2, fields.pceId)) },
    { oid: SGX_OIDS.fmspc, value: octetString(exactly(6, fields.fmspc)) },
    { oid: SGX_OIDS.sgxType, value: enumerated(fields.sgxType) },
    ...(platformInstanceId === null ? [] : [{
      oid: SGX_OIDS.platformInstanceId,
      value: octetString(exactly(16, platformInstanceId)),
    }]),
    ...(configuration === null ? [] : [{
      oid: SGX_OIDS.configuration,
      value: writeEntries(configurationEntries(configuration)),
    }]),
  ];
}

/**
 * The members of the TCB: 16 SVNs, PCESVN, CPUSVN.
 *
 * @param fields What is certified.
 * @throws {RangeError} if there are not 16 SVNs, or CPUSVN does not have 16 bytes.
 */
export function tcbEntries(
  fields: Pick<PckFields, "components" | "pceSvn" | "cpuSvn">,
): readonly SgxEntry[] {
  const { components, pceSvn, cpuSvn } = fields;
  if (components.length !== COMPONENTS) {
    throw new RangeError(`Cannot write TCB: ${components.length} components, not ${COMPONENTS}`);
  }
  return [
    ...components.map((svn, i) => ({ oid: `${SGX_OIDS.tcb}.${i + 1}`, value: integer(svn) })),
    { oid: SGX_OIDS.pceSvn, value: integer(pceSvn) },
    { oid: SGX_OIDS.cpuSvn, value: octetString(exactly(16, cpuSvn)) },
  ];
}

/** The flags that are written. */
function configurationEntries(configuration: PckConfiguration): readonly SgxEntry[] {
  return (["dynamicPlatform", "cachedKeys", "smtEnabled"] as const).flatMap((name) => {
    const flag = configuration[name];
    return flag === null ? [] : [{ oid: SGX_OIDS[name], value: boolean(flag) }];
  });
}

/**
 * A list of members of Intel's extension, nested ones too.
 *
 * @param entries The members in order.
 */
export function writeEntries(entries: readonly SgxEntry[]): Der {
  return sequence(...entries.map(({ oid: id, value }) => sequence(oid(id), value)));
}

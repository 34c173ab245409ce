/**
 * What AMD's certificates say, line by line, under the lab's own names
 * (AMD publication 57230, "VCEK Certificate and KDS Interface Specification").
 *
 * Only descriptions: {@linkcode writeCertificate} and {@linkcode writeCrl}
 * make bytes of them, and tests bend them in between.
 *
 * @module
 */

import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import type { CrlDescription } from "../crl.ts";
import { addDays, addYears } from "../dates.ts";
import {
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoints,
  crlNumber,
  issuingDistributionPoint,
  keyIdentifier,
  keyUsage,
  labMark,
  subjectKeyIdentifier,
} from "../extension.ts";
import type { LabKey } from "../lab_key.ts";
import { labName } from "../name.ts";
import { AMD_PSS, rsaPss } from "../signature.ts";

/** Product lines that have a root of their own. */
export type LabLine = "Milan" | "Genoa" | "Turin";

/** Forms of the key that signs reports: of one chip, or loaded by a cloud provider. */
export type LeafForm = "VCEK" | "VLEK";

/** Number of a line in AMD's serial numbers. */
const LINE_NUMBERS: Readonly<Record<LabLine, bigint>> = { Milan: 1n, Genoa: 2n, Turin: 3n };

/** Years that AMD's roots and intermediates hold. */
const CA_YEARS = 25;

/** Days that a CRL of the lab holds. */
const CRL_DAYS = 365;

/**
 * The lab's product lines.
 */
export const LAB_LINES: readonly LabLine[] = ["Milan", "Genoa", "Turin"];

/**
 * Serial numbers, in AMD's manner.
 *
 * @param line Product line.
 * @returns Of the ARK, the ASK (`VCEK`) and the ASVK (`VLEK`).
 */
export function caSerials(
  line: LabLine,
): { readonly ARK: bigint; readonly VCEK: bigint; readonly VLEK: bigint } {
  const base = LINE_NUMBERS[line] << 16n;
  return { ARK: base, VCEK: base | 0x001n, VLEK: base | 0x101n };
}

/**
 * Common name of the intermediate that issues leaves of a form.
 *
 * @param line Product line.
 * @param form Form of the leaf.
 */
export function intermediateName(line: LabLine, form: LeafForm): string {
  return form === "VCEK" ? `SEV-${line}` : `SEV-VLEK-${line}`;
}

/**
 * Address of the CRL, in AMD's manner; nothing answers there.
 *
 * @param line Product line.
 * @param form Form of the leaf.
 */
export function crlUri(line: LabLine, form: LeafForm): string {
  return `lab:${form.toLowerCase()}/v1/${line}/crl`;
}

/**
 * The root: ARK.
 *
 * @param line Product line.
 * @param key Its key, which also signs it.
 * @param now Start of validity.
 */
export async function describeArk(
  line: LabLine,
  key: LabKey,
  now: Date,
): Promise<CertificateDescription> {
  return {
    version: 3,
    serial: caSerials(line).ARK,
    issuer: labName(`ARK-${line}`),
    subject: labName(`ARK-${line}`),
    notBefore: now,
    notAfter: addYears(now, CA_YEARS),
    publicKey: key.spki,
    extensions: [
      keyUsage("keyCertSign", "cRLSign"),
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
      basicConstraints(true),
      crlDistributionPoints(crlUri(line, "VCEK")),
      labMark(),
    ],
    algorithm: rsaPss(AMD_PSS),
    signWith: key,
  };
}

/** What an intermediate is described by. */
export interface IntermediateOptions {
  /** Product line. */
  readonly line: LabLine;
  /** Form of the leaves that it issues: `VCEK` is the ASK, `VLEK` the ASVK. */
  readonly form: LeafForm;
  /** Its own key. */
  readonly key: LabKey;
  /** Key of the root. */
  readonly ark: LabKey;
  /** Start of validity. */
  readonly now: Date;
}

/**
 * The intermediate: ASK, or ASVK.
 *
 * @param options Line, form, keys and time.
 */
export async function describeIntermediate(
  options: IntermediateOptions,
): Promise<CertificateDescription> {
  const { line, form, key, ark, now } = options;
  return {
    version: 3,
    serial: caSerials(line)[form],
    issuer: labName(`ARK-${line}`),
    subject: labName(intermediateName(line, form)),
    notBefore: now,
    notAfter: addYears(now, CA_YEARS),
    publicKey: key.spki,
    extensions: [
      subjectKeyIdentifier(await keyIdentifier(key.spki)),
      authorityKeyIdentifier(await keyIdentifier(ark.spki)),
      basicConstraints(true, 0),
      keyUsage("keyCertSign"),
      crlDistributionPoints(crlUri(line, form)),
      labMark(),
    ],
    algorithm: rsaPss(AMD_PSS),
    signWith: ark,
  };
}

/**
 * The revocation list for the intermediate of a form, signed by the ARK; it revokes nothing.
 *
 * @param line Product line.
 * @param form Form of the leaf.
 * @param ark Key of the root.
 * @param now Time of issue.
 */
export async function describeCrl(
  line: LabLine,
  form: LeafForm,
  ark: LabKey,
  now: Date,
): Promise<CrlDescription> {
  return {
    version: 2,
    issuer: labName(`ARK-${line}`),
    thisUpdate: now,
    nextUpdate: addDays(now, CRL_DAYS),
    revoked: [],
    extensions: [
      authorityKeyIdentifier(await keyIdentifier(ark.spki)),
      crlNumber(1),
      issuingDistributionPoint(crlUri(line, form)),
    ],
    algorithm: rsaPss(AMD_PSS),
    signWith: ark,
  };
}

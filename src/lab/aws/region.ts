/**
 * The lab's key of a region, which signs identity documents in AWS's place: a
 * certificate that signs itself, with RSA-2048, as AWS publishes one for each region.
 *
 * @module
 */

import type { LabCa } from "../ca.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import { addYears } from "../dates.ts";
import { labMark } from "../extension.ts";
import { generateLabKey, type LabKey } from "../lab_key.ts";
import type { Name } from "../name.ts";
import { rsaPkcs1 } from "../signature.ts";

/** Name in the certificate, where AWS has its own. */
export const LAB_REGION_NAME: Name = [
  { type: "2.5.4.6", value: "US", encoding: "printable" },
  { type: "2.5.4.8", value: "Lab", encoding: "printable" },
  { type: "2.5.4.10", value: "Casemate lab, not AWS", encoding: "printable" },
];

/** Serial number of the certificate. */
export const LAB_REGION_SERIAL = 0x00b1_69cc_4015n;

/** Years that it holds. */
const YEARS = 30;

/**
 * The certificate of a region.
 *
 * @param key Its key, RSA-2048.
 * @param now Start of validity.
 */
export function describeRegion(key: LabKey, now: Date): CertificateDescription {
  return {
    version: 3,
    serial: LAB_REGION_SERIAL,
    issuer: LAB_REGION_NAME,
    subject: LAB_REGION_NAME,
    notBefore: now,
    notAfter: addYears(now, YEARS),
    publicKey: key.spki,
    extensions: [labMark()],
    algorithm: rsaPkcs1("SHA-256"),
    signWith: key,
  };
}

/**
 * Makes a region.
 *
 * @param now Start of validity of its certificate.
 */
export async function createRegion(now: Date): Promise<LabCa> {
  const key = await generateLabKey("RSA-2048");
  return { key, certificate: await writeCertificate(describeRegion(key, now)) };
}

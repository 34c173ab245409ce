/**
 * Certificates and revocation lists for a person to look at; nothing is verified.
 *
 * @module
 */

import type { DescribedCertificate, DescribedCrl, DescribedItem } from "../x509.ts";
import { keyText, signatureText } from "./algorithm_text.ts";
import { type Certificate, readCertificate, serialText, summaryOf } from "./certificate.ts";
import { type Crl, crlNumber, MAX_CRL_BYTES, readCrl } from "./crl.ts";
import { fingerprintOf } from "./digest.ts";
import { type Item, itemsOf, type Place, refuseAt } from "./encoding.ts";
import { basicConstraints, distributionPoint, issuingPoint, keyUsage } from "./extensions.ts";
import { argumentsOf } from "./frame.ts";
import { isMarked } from "./lab_mark.ts";
import { readIf, readOr } from "../malformed.ts";
import { momentText } from "./moment.ts";
import { nameText } from "./name.ts";

/** Most serial numbers of a list that are shown. */
const MAX_SERIALS = 100;

const PLACE: Place = { name: "file", kind: null, limit: MAX_CRL_BYTES };

/**
 * Describes a file: the operation `x509_describe`.
 *
 * @param parts The file, PEM or DER.
 * @throws {RejectedError} `x509.malformed`, `x509.crl_malformed`, `x509.count`
 * @throws {InputError} `input.*`
 */
export function x509Describe(
  parts: readonly Uint8Array[],
): { readonly items: readonly DescribedItem[] } {
  const [file = new Uint8Array()] = argumentsOf(parts, 1);
  const items = itemsOf(file, PLACE);
  return { items: items.map(describe) };
}

function describe({ kind, der }: Item): DescribedItem {
  const isCrl = kind === "crl";
  const certificate = isCrl ? undefined : readCertificate(der, "in the file");
  return readOr(
    () => certificate === undefined ? describeCrl(readCrl(der)) : describeCertificate(certificate),
    (reason) => refuseAt(PLACE, isCrl ? "x509.crl_malformed" : "x509.malformed", { reason }),
  );
}

function describeCertificate(certificate: Certificate): DescribedCertificate {
  const { extensions, version, algorithm, key } = certificate;
  const constraints = basicConstraints(extensions);
  return {
    kind: "certificate",
    summary: summaryOf(certificate),
    version,
    signatureAlgorithm: signatureText(algorithm),
    keyAlgorithm: keyText(key),
    isCa: constraints?.ca ?? false,
    pathLen: constraints?.pathLen ?? null,
    keyUsage: keyUsage(extensions) ?? [],
    // A certificate with several points or other kinds of names is shown without them.
    crlDistributionPoint: readIf(() => distributionPoint(extensions)) ?? null,
    extensions: extensions.map(({ id, critical, value }) => ({
      oid: id,
      critical,
      bytes: value.length,
    })),
    lab: isMarked(certificate),
  };
}

function describeCrl(crl: Crl): DescribedCrl {
  const { der, issuer, thisUpdate, nextUpdate, extensions, entries, algorithm } = crl;
  return {
    kind: "crl",
    issuer: nameText(issuer),
    thisUpdate: momentText(thisUpdate),
    nextUpdate: nextUpdate === null ? null : momentText(nextUpdate),
    number: crlNumber(crl),
    // A list with a narrower scope is shown without it; verification refuses it.
    scope: readIf(() => issuingPoint(extensions)) ?? null,
    revoked: entries.slice(0, MAX_SERIALS).map(({ serial }) => serialText(serial)),
    revokedCount: entries.length,
    sha256: fingerprintOf(der),
    signatureAlgorithm: signatureText(algorithm),
  };
}

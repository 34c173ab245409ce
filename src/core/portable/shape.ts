/**
 * What RFC 5280 demands of certificates in a chain, whoever issued them.
 *
 * @module
 */

import { equal } from "../bytes.ts";
import type { Certificate } from "./certificate.ts";
import { basicConstraints, checkCritical, EXTENSION, keyUsage, type Usage } from "./extensions.ts";
import { LAB_MARK } from "./lab_mark.ts";
import { Malformed } from "../malformed.ts";
import { commonName, nameText } from "./name.ts";

/** Extensions that are understood in every certificate; where the lab mark may stand was decided with the root. */
const UNDERSTOOD: readonly string[] = [
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  LAB_MARK,
];

/**
 * Checks version, issuer and common name (§4.1.2, §6.1.3 a 4).
 *
 * @param certificate The certificate.
 * @param issuer Who must have issued it.
 * @param name Common name that it must have.
 * @throws {Malformed} saying for a person what is wrong.
 */
export function checkNames(certificate: Certificate, issuer: Certificate, name: string): void {
  checkVersion(certificate);
  if (commonName(certificate.subject) !== name) {
    const actual = nameText(certificate.subject);
    throw new Malformed(`its common name is not ${name} but ${actual}`);
  }
  if (!equal(certificate.issuer.der, issuer.subject.der)) {
    const [actual, expected] = [nameText(certificate.issuer), nameText(issuer.subject)];
    throw new Malformed(`its issuer is ${actual}, not ${expected}`);
  }
}

/**
 * Checks the version (§4.1.2.1), and that there is none of what nobody uses (§4.1.2.8).
 *
 * @param certificate The certificate.
 * @throws {Malformed} saying for a person what is wrong.
 */
export function checkVersion({ version, hasUniqueId }: Certificate): void {
  if (version !== 3) throw new Malformed("it is not of version 3");
  if (hasUniqueId) throw new Malformed("it has a unique identifier");
}

/**
 * Checks an authority. Key usage is checked where it is present (§6.1.4 n).
 *
 * @param certificate The certificate.
 * @param usages What its key must be allowed to do.
 * @param known Identifiers of further extensions that its technology understands, dotted.
 * @returns Its path length; null where it has none.
 * @throws {Malformed} saying for a person what is wrong.
 */
export function checkAuthority(
  certificate: Certificate,
  usages: readonly Usage[],
  known: readonly string[] = [],
): number | null {
  const { extensions } = certificate;
  const constraints = basicConstraints(extensions);
  if (constraints?.ca !== true) throw new Malformed("it may not issue certificates");
  const allowed = keyUsage(extensions);
  if (allowed !== undefined && !usages.every((usage) => allowed.includes(usage))) {
    throw new Malformed("its key may not sign what it has to");
  }
  checkCritical(extensions, [...UNDERSTOOD, ...known]);
  return constraints.pathLen;
}

/**
 * Checks an authority of a path: version, authority, path length (§6.1.4 l and m).
 *
 * @param certificate The certificate.
 * @param below How many authorities stand between it and the path's first certificate.
 * @param known Identifiers of further extensions that its technology understands, dotted.
 * @throws {Malformed} saying for a person what is wrong.
 */
export function checkIssuer(
  certificate: Certificate,
  below: number,
  known: readonly string[] = [],
): void {
  checkVersion(certificate);
  const pathLen = checkAuthority(certificate, ["keyCertSign"], known);
  if (pathLen !== null && pathLen < below) {
    throw new Malformed(`the path length is ${pathLen}, and ${below} authorities follow`);
  }
}

/**
 * Checks a certificate whose key signs something else than certificates.
 *
 * @param certificate The certificate.
 * @param known Identifiers of further extensions that its technology understands, dotted.
 * @throws {Malformed} saying for a person what is wrong.
 */
export function checkEnd(certificate: Certificate, known: readonly string[]): void {
  const { extensions } = certificate;
  if (basicConstraints(extensions)?.ca === true) {
    throw new Malformed("it may issue certificates");
  }
  const allowed = keyUsage(extensions);
  if (allowed !== undefined && !allowed.includes("digitalSignature")) {
    throw new Malformed("its key may not sign");
  }
  checkCritical(extensions, [...UNDERSTOOD, ...known]);
}

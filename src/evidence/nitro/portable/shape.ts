/**
 * What the certificates of a document must be (RFC 5280; AWS, "Verifying the
 * root of trust", §3.2.3), and in which order they stand.
 *
 * @module
 */

import type { ErrorFields } from "../../../core/errors.ts";
import { CURVE_P384, curveOf, pointOf } from "../../../core/portable/algorithm.ts";
import { signatureText } from "../../../core/portable/algorithm_text.ts";
import type { Named } from "../../../core/portable/anchors.ts";
import type { Certificate } from "../../../core/portable/certificate.ts";
import { ECDSA_P384, EcdsaKey, isEcdsa } from "../../../core/portable/ecdsa.ts";
import { EXTENSION, findExtension, keyUsage } from "../../../core/portable/extensions.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { signatureFault } from "../../../core/portable/path.ts";
import { checkEnd, checkIssuer, checkVersion } from "../../../core/portable/shape.ts";
import { refuseNitro } from "./refuse.ts";

/**
 * Demands that the bundle is the path above the certificate that signed, the
 * root first: what is on no path would be signed and looked at by nobody.
 *
 * @param path From the certificate that signed to the root.
 * @param bundle As it stands in the document.
 * @throws {RejectedError} `nitro.chain_order`
 */
export function checkOrder(path: readonly Named[], bundle: readonly Certificate[]): void {
  const authorities = path.slice(1).map(([, certificate]) => certificate).reverse();
  const isSame = authorities.length === bundle.length &&
    authorities.every((certificate, i) => certificate === bundle[i]);
  if (isSame) return;
  const reason = `${bundle.length} certificates are not the ${authorities.length} of the path`;
  throw refuseNitro("nitro.chain_order", { reason });
}

/**
 * Checks the authorities of a path from below, then the certificate that signed.
 *
 * @param path From the certificate that signed to the root.
 * @returns The key of the certificate that signed.
 * @throws {RejectedError} `nitro.chain_shape`, `nitro.leaf_shape`
 */
export function checkShapes([leaf, ...authorities]: readonly Named[]): EcdsaKey {
  if (leaf === undefined) throw new TypeError("A path has a certificate");
  for (const [below, [name, certificate]] of authorities.entries()) {
    readOr(
      () => checkNitroIssuer(certificate, below),
      (reason) => refuseNitro("nitro.chain_shape", { certificate: name, reason }),
    );
  }
  const [name, certificate] = leaf;
  return readOr(
    () => checkLeaf(certificate),
    (reason) => refuseNitro("nitro.leaf_shape", { certificate: name, reason }),
  );
}

/** AWS's say all of it, so that nothing is left to a default. */
function checkNitroIssuer(certificate: Certificate, below: number): void {
  const { extensions } = certificate;
  checkIssuer(certificate, below);
  if (findExtension(extensions, EXTENSION.basicConstraints)?.critical !== true) {
    throw new Malformed("its basic constraints are not critical");
  }
  if (keyUsage(extensions) === undefined) throw new Malformed("it names no key usage");
}

function checkLeaf(certificate: Certificate): EcdsaKey {
  const { extensions, key } = certificate;
  checkVersion(certificate);
  checkEnd(certificate, []);
  if (keyUsage(extensions) === undefined) throw new Malformed("it names no key usage");
  return EcdsaKey.read(pointOf(key, CURVE_P384), ECDSA_P384);
}

/**
 * What can be said of a signature of the chain that does not hold, or that is
 * of another kind than AWS's; null where it holds.
 *
 * @param certificate The certificate.
 * @param issuer Who must have signed it.
 */
export async function nitroFault(
  certificate: Certificate,
  issuer: Certificate,
): Promise<ErrorFields | null> {
  const { algorithm } = certificate;
  if (curveOf(issuer.key) !== CURVE_P384.oid) {
    return { reason: "its issuer's key is not of P-384" };
  }
  if (algorithm === undefined || !isEcdsa(algorithm, ECDSA_P384)) {
    return { reason: `it is signed with ${signatureText(algorithm)}` };
  }
  return await signatureFault(certificate, issuer);
}

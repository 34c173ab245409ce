/**
 * The certificate that signs TCB info and QE identity, and the one that a PCK
 * CRL came with: both under the root of the quote's own chain.
 *
 * @module
 */

import { equal } from "../../../core/bytes.ts";
import { checkMarks } from "../../../core/portable/anchors.ts";
import { type Certificate, summaryOf } from "../../../core/portable/certificate.ts";
import { MAX_CHAIN_BYTES, type Place } from "../../../core/portable/encoding.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { nameText, shorten } from "../../../core/portable/name.ts";
import { checkEnd, checkNames } from "../../../core/portable/shape.ts";
import {
  type Authority,
  hasSigned,
  INTEL_NAMES,
  isSignedByEcdsa,
  keyOf,
  readCertificates,
} from "./certificates.ts";
import type { Chain } from "./chain.ts";
import { refuseRoot, refuseTdx } from "./refuse.ts";

/** Name of the certificate in refusals. */
export const TCB_SIGNING = "TCB signing";
/** Name of the CA that came with a list. */
export const LIST_CA = "CA of the list";

const TCB_PLACE: Place = { name: "tcb-chain", kind: "certificate", limit: MAX_CHAIN_BYTES };
const CRL_PLACE: Place = { name: "pck-crl-chain", kind: "certificate", limit: MAX_CHAIN_BYTES };

/** The first and second certificate of a file; there are no others. */
function readTwo(
  file: Uint8Array,
  place: Place,
  name: string,
): readonly [Certificate, Certificate] {
  const [first, second] = readCertificates(file, place, [name, "root"]);
  if (first === undefined || second === undefined) throw new TypeError("A file has two items");
  return [first, second];
}

/**
 * Verifies the chain of the documents: the same root, the shape, the signature.
 *
 * @param file TCB signing certificate, then root; PEM or DER.
 * @param chain The root that it must stand under, as the quote's chain has it.
 * @throws {RejectedError} `tdx.tcb_chain_*`, `tdx.lab_*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export function verifyTcbChain(
  file: Uint8Array,
  chain: Pick<Chain, "root" | "lab">,
): Authority {
  const { root } = chain;
  const [certificate, second] = readTwo(file, TCB_PLACE, TCB_SIGNING);
  if (!equal(second.der, root.certificate.der)) throw refuseSecond(certificate, second, chain);
  checkMarks(chain.lab, [[TCB_SIGNING, certificate]], refuseRoot);
  const key = readOr(() => {
    checkNames(certificate, root.certificate, INTEL_NAMES.tcbSigning);
    checkEnd(certificate, []);
    if (!isSignedByEcdsa(certificate)) {
      throw new Malformed("it is not signed with Intel's algorithm");
    }
    return keyOf(certificate);
  }, misshapen);
  if (!hasSigned(root.key, certificate)) {
    const input = TCB_PLACE.name;
    throw refuseTdx("tdx.tcb_chain_signature", { input, certificate: TCB_SIGNING });
  }
  return { certificate, key };
}

/** The other way round it is still under the root, but not as Intel hands it out. */
function refuseSecond(
  first: Certificate,
  second: Certificate,
  { root }: Pick<Chain, "root">,
): Error {
  if (equal(first.der, root.certificate.der)) {
    return misshapen("the root stands before what it signed");
  }
  const text = (one: Certificate): string => {
    const { subject, sha256 } = summaryOf(one);
    return `${subject} (${sha256})`;
  };
  return refuseTdx("tdx.tcb_chain_root", {
    input: TCB_PLACE.name,
    expected: text(root.certificate),
    actual: text(second),
  });
}

function misshapen(reason: string): Error {
  const place = { input: TCB_PLACE.name, certificate: TCB_SIGNING };
  return refuseTdx("tdx.tcb_chain_shape", { ...place, reason });
}

/**
 * Verifies the chain that a PCK CRL came with: the same root, and a certificate
 * of the quote's CA, be it an older or newer one.
 *
 * @param file CA, then root; PEM or DER.
 * @param chain The quote's chain.
 * @returns The CA.
 * @throws {RejectedError} `tdx.crl_issuer`, `tdx.crl_signature`, `tdx.lab_*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export function verifyCrlChain(file: Uint8Array, chain: Chain): Certificate {
  const [ca, root] = readTwo(file, CRL_PLACE, LIST_CA);
  if (!equal(root.der, chain.root.certificate.der)) {
    throw refuseForeign(chain.root.certificate, root);
  }
  const expected = chain.intermediate.certificate;
  const isSame = equal(ca.subject.der, expected.subject.der) &&
    equal(ca.key.der, expected.key.der);
  if (!isSame) throw refuseForeign(expected, ca);
  checkMarks(chain.lab, [[LIST_CA, ca]], refuseRoot);
  if (hasSigned(chain.root.key, ca)) return ca;
  throw refuseTdx("tdx.crl_signature", { input: CRL_PLACE.name, certificate: LIST_CA });
}

function refuseForeign(expected: Certificate, actual: Certificate): Error {
  const text = (one: Certificate): string =>
    `${shorten(nameText(one.subject))} with key ${summaryOf(one).spkiSha256}`;
  return refuseTdx("tdx.crl_issuer", {
    input: CRL_PLACE.name,
    expected: text(expected),
    actual: text(actual),
  });
}

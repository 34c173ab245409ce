/**
 * Bends of certificates and revocation lists.
 *
 * @module
 */

import type { Bend } from "../../bend.ts";
import type { CertificateDescription } from "../../../core/x509_writer/certificate.ts";
import type { CrlDescription } from "../../crl.ts";
import { addDays, addYears } from "../../dates.ts";
import {
  basicConstraints,
  deltaCrlIndicator,
  dropExtension,
  extendedKeyUsage,
  LAB_MARK_OID,
  replaceExtension,
  strictKeyUsage,
} from "../../extension.ts";
import { TCG_OIDS, tpmName, tpmRevoked, tpmSerial } from "../hierarchy.ts";
import type { BendContext, NamedTpmBend, NamedTpmBends } from "./named_bend.ts";

type Words = readonly [says: string, code: string];
type Made<T> = (context: BendContext) => Bend<T> | Promise<Bend<T>>;

/** A bend of the certificate of the key or of the issuing CA. */
const certificate = (
  which: "ak" | "issuing",
  [says, code]: Words,
  make: Made<CertificateDescription>,
): NamedTpmBend => ({
  says,
  code: `tpm.${code}`,
  files: [which],
  bends: async (context) => ({ [which]: await make(context) }),
});

/** A bend of a revocation list. */
const list = (
  which: "issuingCrl" | "rootCrl",
  [says, code]: Words,
  make: Made<CrlDescription>,
): NamedTpmBend => ({
  says,
  code: `tpm.${code}`,
  files: [which],
  bends: async (context) => ({ [which]: await make(context) }),
});

const unmarked = (): Bend<CertificateDescription> => (description) => ({
  ...description,
  extensions: dropExtension(description.extensions, LAB_MARK_OID),
});

/** Certificates. */
const CERTIFICATES: NamedTpmBends = {
  "ak-other": certificate("ak", ["The certificate is of another key", "ak_key_mismatch"], (
    { keys },
  ) => ({ publicKey: keys.ek.spki })),
  "ak-expired": certificate(
    "ak",
    ["The key's certificate expired yesterday", "certificate_expired"],
    ({ now }) => ({ notBefore: addYears(now, -1), notAfter: addDays(now, -1) }),
  ),
  "ak-tomorrow": certificate(
    "ak",
    ["The key's certificate holds from tomorrow on", "certificate_not_yet_valid"],
    ({ now }) => ({ notBefore: addDays(now, 1) }),
  ),
  "ak-unmarked": certificate(
    "ak",
    ["The key's certificate lacks the lab mark", "lab_extension_missing"],
    unmarked,
  ),
  "ak-authority": certificate(
    "ak",
    ["The key's certificate may issue others", "ak_certificate_shape"],
    () => (ak) => ({ ...ak, extensions: replaceExtension(ak.extensions, basicConstraints(true)) }),
  ),
  "ak-purpose": certificate(
    "ak",
    ["The key's certificate is one for servers", "ak_certificate_shape"],
    () => (ak) => ({
      ...ak,
      extensions: replaceExtension(ak.extensions, extendedKeyUsage("1.3.6.1.5.5.7.3.1")),
    }),
  ),
  "ak-no-purpose": certificate(
    "ak",
    ["The key's certificate names no purpose", "ak_certificate_shape"],
    () => (ak) => ({
      ...ak,
      extensions: dropExtension(ak.extensions, extendedKeyUsage(TCG_OIDS.akCertificate).oid),
    }),
  ),
  "ak-forged": certificate(
    "ak",
    ["The key's certificate is signed by itself in the CA's name", "chain_signature"],
    ({ keys }) => ({ signWith: keys.ek }),
  ),
  "issuing-unmarked": certificate(
    "issuing",
    ["The CA lacks the lab mark", "lab_extension_missing"],
    unmarked,
  ),
  "issuing-no-authority": certificate(
    "issuing",
    ["The CA may not issue certificates", "chain_shape"],
    () => (ca) => ({ ...ca, extensions: replaceExtension(ca.extensions, basicConstraints(false)) }),
  ),
  "issuing-usage": certificate(
    "issuing",
    ["The CA's key may not sign certificates", "chain_shape"],
    () => (ca) => ({
      ...ca,
      extensions: replaceExtension(ca.extensions, strictKeyUsage("cRLSign")),
    }),
  ),
  "issuing-expired": certificate(
    "issuing",
    ["The CA expired yesterday", "certificate_expired"],
    ({ now }) => ({ notBefore: addYears(now, -1), notAfter: addDays(now, -1) }),
  ),
  "foreign-root": certificate(
    "issuing",
    ["A root that nobody gave issued the CA", "root_unknown"],
    () => ({ issuer: tpmName("Foreign Root CA") }),
  ),
  "issuing-name": certificate(
    "issuing",
    ["The CA has another name than its certificates say", "root_unknown"],
    () => ({ subject: tpmName("Another CA") }),
  ),
};

/** Revocation lists. */
const LISTS: NamedTpmBends = {
  "ak-revoked": list("issuingCrl", ["The key's certificate is revoked", "revoked"], async (
    { keys, now },
  ) => ({ revoked: [tpmRevoked(await tpmSerial(keys.ak), now)] })),
  "issuing-revoked": list("rootCrl", ["The CA is revoked", "revoked"], async (
    { issuing, now },
  ) => ({ revoked: [tpmRevoked(await tpmSerial(issuing), now)] })),
  "crl-expired": list("issuingCrl", ["The CA's list expired yesterday", "crl_expired"], (
    { now },
  ) => ({ thisUpdate: addDays(now, -8), nextUpdate: addDays(now, -1) })),
  "crl-tomorrow": list("issuingCrl", ["The CA's list is of tomorrow", "crl_not_yet_valid"], (
    { now },
  ) => ({ thisUpdate: addDays(now, 1) })),
  "crl-endless": list("issuingCrl", ["The CA's list says of no end", "crl_shape"], () => ({
    nextUpdate: null,
  })),
  "crl-delta": list("issuingCrl", ["The CA's list adds to another", "crl_shape"], () => (crl) => ({
    ...crl,
    extensions: [...crl.extensions, deltaCrlIndicator(1)],
  })),
  "crl-forged": list(
    "issuingCrl",
    ["The CA's list is signed by another key", "crl_signature"],
    ({ keys }) => ({ signWith: keys.ek }),
  ),
  "crl-issuer": list("issuingCrl", ["The list is of another authority", "crl_issuer"], () => ({
    issuer: tpmName("Another CA"),
  })),
};

/** All of them. */
export const CERTIFICATE_BENDS: NamedTpmBends = { ...CERTIFICATES, ...LISTS };

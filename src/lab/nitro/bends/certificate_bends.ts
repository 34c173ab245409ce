/**
 * Bends of certificates; the document brings them, so they are in it.
 *
 * @module
 */

import type { Bend } from "../../bend.ts";
import type { CertificateDescription } from "../../../core/x509_writer/certificate.ts";
import { addDays, addYears } from "../../dates.ts";
import {
  basicConstraints,
  dropExtension,
  type Extension,
  EXTENSION_OIDS,
  LAB_MARK_OID,
  replaceExtension,
  strictKeyUsage,
} from "../../extension.ts";
import { generateLabKey } from "../../lab_key.ts";
import { ecdsa } from "../../signature.ts";
import { nitroName } from "../hierarchy.ts";
import type { NamedNitroBend, NamedNitroBends, NitroBendContext } from "./named_bend.ts";

type Which = "leaf" | "instance" | "zone" | "region" | "root";
type Made = (
  context: NitroBendContext,
) => Bend<CertificateDescription> | Promise<Bend<CertificateDescription>>;

const certificate = (
  which: Which,
  [says, code]: readonly [says: string, code: string],
  make: Made,
): NamedNitroBend => ({
  says,
  code: `nitro.${code}`,
  files: ["document"],
  bends: async (context) => ({ [which]: await make(context) }),
});

/** With an extension in place of that of the same identifier. */
const replaced = (extension: Extension): Made => () => (description) => ({
  ...description,
  extensions: replaceExtension(description.extensions, extension),
});

/** Without an extension. */
const dropped = (oid: string): Made => () => (description) => ({
  ...description,
  extensions: dropExtension(description.extensions, oid),
});

/** With one more. */
const added = (extension: Extension): Made => () => (description) => ({
  ...description,
  extensions: [...description.extensions, extension],
});

/** Under the arc of examples, as the lab mark is. */
const UNKNOWN: Extension = {
  oid: "2.999.67.99",
  critical: true,
  value: Uint8Array.of(5, 0),
};

const { basicConstraints: CONSTRAINTS, keyUsage: USAGE } = EXTENSION_OIDS;

/** The certificate of the key that signs. */
const LEAF: NamedNitroBends = {
  "leaf-authority": certificate(
    "leaf",
    ["The document's certificate may issue others", "leaf_shape"],
    replaced(basicConstraints(true)),
  ),
  "leaf-usage": certificate(
    "leaf",
    ["The document's key may only agree on keys", "leaf_shape"],
    replaced(strictKeyUsage("keyAgreement")),
  ),
  "leaf-no-usage": certificate(
    "leaf",
    ["The document's certificate does not say what its key may do", "leaf_shape"],
    dropped(USAGE),
  ),
  "leaf-critical": certificate(
    "leaf",
    ["The document's certificate has a critical extension that nobody knows", "leaf_shape"],
    added(UNKNOWN),
  ),
  "leaf-p256": certificate(
    "leaf",
    ["The document's key is of P-256", "leaf_shape"],
    async () => ({ publicKey: (await generateLabKey("P-256")).spki }),
  ),
  "leaf-other": certificate(
    "leaf",
    ["The certificate is of another key", "signature_mismatch"],
    ({ keys }) => ({ publicKey: keys.instance.spki }),
  ),
  "leaf-forged": certificate(
    "leaf",
    ["The document's certificate is signed by itself in the instance's name", "chain_signature"],
    ({ keys }) => ({ signWith: keys.leaf }),
  ),
  "leaf-sha256": certificate(
    "leaf",
    ["The document's certificate is signed with SHA-256", "chain_signature"],
    () => ({ algorithm: ecdsa("SHA-256") }),
  ),
  "leaf-expired": certificate(
    "leaf",
    ["The document's certificate expired yesterday", "certificate_expired"],
    ({ now }) => ({ notBefore: addDays(now, -2), notAfter: addDays(now, -1) }),
  ),
  "leaf-tomorrow": certificate(
    "leaf",
    ["The document's certificate holds from tomorrow on", "certificate_not_yet_valid"],
    ({ now }) => ({ notBefore: addDays(now, 1), notAfter: addDays(now, 2) }),
  ),
  "leaf-unmarked": certificate(
    "leaf",
    ["The document's certificate lacks the lab mark", "lab_extension_missing"],
    dropped(LAB_MARK_OID),
  ),
};

/** The authorities. */
const AUTHORITIES: NamedNitroBends = {
  "instance-no-authority": certificate(
    "instance",
    ["The instance may not issue certificates", "chain_shape"],
    replaced(basicConstraints(false)),
  ),
  "instance-usage": certificate(
    "instance",
    ["The instance's key may not sign certificates", "chain_shape"],
    replaced(strictKeyUsage("digitalSignature")),
  ),
  "instance-no-usage": certificate(
    "instance",
    ["The instance's certificate does not say what its key may do", "chain_shape"],
    dropped(USAGE),
  ),
  "zone-path-length": certificate(
    "zone",
    ["The zone may not certify instances that certify others", "chain_shape"],
    replaced(basicConstraints(true, 0)),
  ),
  "region-not-critical": certificate(
    "region",
    ["The region's basic constraints may be overlooked", "chain_shape"],
    replaced({ ...basicConstraints(true, 2), critical: false }),
  ),
  "region-no-constraints": certificate(
    "region",
    ["The region says nothing of issuing certificates", "chain_shape"],
    dropped(CONSTRAINTS),
  ),
  "zone-critical": certificate(
    "zone",
    ["The zone's certificate has a critical extension that nobody knows", "chain_shape"],
    added(UNKNOWN),
  ),
  "zone-forged": certificate(
    "zone",
    ["The zone's certificate is signed by itself in the region's name", "chain_signature"],
    ({ authority }) => ({ signWith: authority.zone.key }),
  ),
  "instance-expired": certificate(
    "instance",
    ["The instance's certificate expired yesterday", "certificate_expired"],
    ({ now }) => ({ notBefore: addYears(now, -1), notAfter: addDays(now, -1) }),
  ),
  "zone-unmarked": certificate(
    "zone",
    ["The zone lacks the lab mark", "lab_extension_missing"],
    dropped(LAB_MARK_OID),
  ),
  "region-foreign": certificate(
    "region",
    ["A root that nobody gave issued the region's certificate", "root_unknown"],
    () => ({ issuer: nitroName("foreign.nitro-enclaves") }),
  ),
  "root-other": certificate(
    "root",
    ["The root has the pinned key, and another certificate", "root_unknown"],
    () => ({ serial: 7n }),
  ),
};

/** All of them. */
export const CERTIFICATE_BENDS: NamedNitroBends = { ...LEAF, ...AUTHORITIES };

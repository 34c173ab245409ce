/**
 * Judges the key that signed: what shows that it lives in a TPM, and where in it.
 *
 * @module
 */

import type { Verified } from "../evidence.ts";
import type { Judgement } from "../judgement.ts";
import { CERTIFICATE_CHECKS } from "./checks.ts";
import type { TpmCode } from "./codes.ts";
import type { TpmPolicy } from "./policy.ts";
import type { CertifiedKey, TpmEvidence } from "./report.ts";

/** Why a step that needs the certificate was not done. */
const NO_CERTIFICATE = "no certificate was given";

/**
 * Judges certificate, attributes, Name and Qualified Name.
 *
 * @param proven What `verify` established.
 * @param policy The `tpm` section.
 */
export function judgeKey(
  proven: Verified<TpmEvidence>,
  policy: TpmPolicy,
): readonly Judgement<TpmCode>[] {
  return [
    ...judgeCertificate(proven.certificate, policy),
    judgeAttributes(proven, policy),
    judgeName(proven, policy),
    judgeSigner(proven, policy),
  ];
}

/** Without a certificate nobody says that the key lives in a TPM: that is the root's finding, so these are open and no more. */
function judgeCertificate(
  certificate: CertifiedKey | null,
  policy: TpmPolicy,
): readonly Judgement<TpmCode>[] {
  if (certificate !== null) return [judgeRevocation(certificate, policy)];
  return CERTIFICATE_CHECKS.map((check) => ({
    ...check,
    holds: null,
    required: false,
    expected: null,
    actual: NO_CERTIFICATE,
    code: null,
  }));
}

function judgeRevocation(
  { revocationChecked, revocationLists }: CertifiedKey,
  { akRevocation }: TpmPolicy,
): Judgement<TpmCode> {
  const lists = revocationLists.map(({ issuer, nextUpdate }) => `${issuer} until ${nextUpdate}`);
  // Where no certificate names a list there is none to be had, and nothing was looked up.
  const none = revocationChecked && lists.length === 0;
  return {
    id: "tpm.ak-revocation",
    title: "Not revoked",
    link: "chain",
    holds: revocationChecked && !none ? true : null,
    required: !none && (revocationChecked || akRevocation === "required"),
    expected: "the lists that the certificates name",
    actual: none
      ? "the certificates name no list"
      : lists.length === 0
      ? "no list was given"
      : `lists of ${lists.join("; ")}`,
    code: "tpm.revocation_not_checked",
    source: "RFC 5280 §6.3",
  };
}

/** `verify` refuses a public area with other attributes, so that one alone shows them. */
function judgeAttributes(proven: TpmEvidence, policy: TpmPolicy): Judgement<TpmCode> {
  const { publicArea, certificate } = proven;
  return {
    id: "tpm.attributes",
    title: "Restricted, and bound to its TPM",
    link: "key",
    holds: publicArea !== null || certificate !== null ? true : null,
    expected: "fixedTPM, fixedParent, sensitiveDataOrigin, restricted, sign",
    actual: attributesFrom(proven, policy),
    code: "tpm.attributes_not_shown",
    source: "TPM 2.0 Library Part 2 §8.3",
  };
}

/** Anybody can write a public area; its Name stands for all of it, and its key for whoever certified it. */
function attributesFrom(
  { publicArea, certificate }: TpmEvidence,
  { akNames }: TpmPolicy,
): string {
  if (publicArea === null) {
    return certificate === null ? "only the bare key was given" : "by its certificate";
  }
  if (akNames?.includes(publicArea.name) === true) {
    return "by its public area, whose Name is pinned";
  }
  return certificate === null ? "by its public area, which nobody certifies" : "by its public area";
}

function judgeName({ publicArea }: TpmEvidence, { akNames }: TpmPolicy): Judgement<TpmCode> {
  return {
    id: "tpm.ak-name",
    title: "Name of the key",
    link: "key",
    // A bare key has no Name, and so is none that was enrolled.
    holds: akNames === null ? null : publicArea !== null && akNames.includes(publicArea.name),
    required: akNames !== null,
    expected: akNames === null ? null : akNames.join(" or "),
    actual: publicArea === null ? "not known: only the bare key was given" : publicArea.name,
    code: "tpm.ak_name_mismatch",
  };
}

/** The Qualified Name tells where the key stands; what a TPM of another hierarchy says of its counters is disguised. */
function judgeSigner(
  { quote, hierarchy, publicArea }: TpmEvidence,
  { qualifiedSigners }: TpmPolicy,
): Judgement<TpmCode> {
  const { qualifiedSigner } = quote;
  const place = hierarchy !== null
    ? `a primary key of the ${hierarchy} hierarchy`
    : publicArea === null
    ? "of a key whose Name is not known"
    : "of a key under another key";
  return {
    id: "tpm.qualified-signer",
    title: "Place of the key in the TPM",
    link: "key",
    holds: qualifiedSigners === null ? null : qualifiedSigners.includes(qualifiedSigner),
    required: qualifiedSigners !== null,
    expected: qualifiedSigners === null ? null : qualifiedSigners.join(" or "),
    actual: `${qualifiedSigner}, ${place}`,
    code: "tpm.qualified_signer_mismatch",
    source: qualifiedSigners === null ? "TPM 2.0 Library Part 1 §16.3" : "policy",
  };
}

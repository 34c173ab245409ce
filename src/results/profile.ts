/**
 * Profiles of attestation results: what a token calls itself, and how its
 * claims are named.
 *
 * draft-ietf-rats-ear-04 names them with underscores (`ear_status`), as does
 * NVIDIA's form. Its implementations before that, of Veraison in Go and of
 * Trustee, have dots (`ear.status`).
 *
 * @module
 */

/** A profile by the name that callers use. */
export type EarProfile = "casemate" | "ietf" | "veraison" | "trustee";

/** All profiles, the default first. */
export const EAR_PROFILES: readonly EarProfile[] = ["casemate", "ietf", "veraison", "trustee"];

/** `eat_profile` of each (RFC 9711 §6). */
export const PROFILE_TAGS: Readonly<Record<EarProfile, string>> = {
  casemate: "tag:casemate.dev,2026:ear",
  ietf: "tag:ietf.org,2026:rats/ear#04",
  veraison: "tag:github.com,2023:veraison/ear",
  trustee: "tag:github.com,2024:confidential-containers/Trustee",
};

/** `eat_profile` of tokens of this project about lab evidence: who does not know it cannot take them for real ones. */
export const LAB_TAG = "tag:casemate.dev,2026:lab-ear";

/** Names of claims. */
export interface ClaimNames {
  /** Status of an appraisal. */
  readonly status: string;
  /** Its trustworthiness vector. */
  readonly vector: string;
  /** The policy that it was made by. */
  readonly policy: string;
  /** Whether that is a list. */
  readonly policyList: boolean;
  /** What the evidence says. */
  readonly evidence: string;
  /** The verifier's software. */
  readonly verifier: string;
}

/** Names of draft-ietf-rats-ear-04 §3. */
const UNDERSCORED: ClaimNames = {
  status: "ear_status",
  vector: "ear_trustworthiness_vector",
  policy: "ear_appraisal_policy_ids",
  policyList: true,
  evidence: "ear_attester_claims",
  verifier: "ear_verifier_id",
};

/** Names of the drafts before, as Veraison and Trustee have them. */
const DOTTED: ClaimNames = {
  status: "ear.status",
  vector: "ear.trustworthiness-vector",
  policy: "ear.appraisal-policy-id",
  policyList: false,
  evidence: "ear.veraison.annotated-evidence",
  verifier: "ear.verifier-id",
};

/** How each profile names claims. */
export const CLAIM_NAMES: Readonly<Record<EarProfile, ClaimNames>> = {
  casemate: UNDERSCORED,
  ietf: UNDERSCORED,
  veraison: DOTTED,
  trustee: DOTTED,
};

/** Profiles whose consumers look for what the evidence says beside the verdict. */
export const ANNOTATED: readonly EarProfile[] = ["veraison", "trustee"];

/**
 * Trustworthiness vectors (draft-ietf-rats-ar4si §2.3.4): what findings say of
 * each aspect. Less is claimed rather than more: where the policy lets something
 * through that a strict default refuses, nothing is claimed about that aspect.
 *
 * @module
 */

import type { Finding, Root } from "../evidence/finding.ts";
import type { Attester } from "./attesters.ts";
import type { Result } from "./result.ts";
import type { Aspect, TrustVector } from "./tier.ts";

/** What becomes of genuine evidence that is not enough to trust. */
export type PlatformOnly = "contraindicated" | "warning";

/** What a vector is made with. */
export interface VectorOptions {
  /** What becomes of `platform-only`. */
  readonly platformOnly: PlatformOnly;
  /** Whether lab evidence must look like what nobody knows, since the profile has no word for it. */
  readonly unknownLab: boolean;
}

/** Findings about what was loaded. */
const EXECUTABLES =
  /^(?:snp\.(?:measurement|id-key|author-key|guest-svn)|tdx\.(?:mrtd|rtmr[0-3])|tpm\.(?:registers|what-runs)(?:\.|$)|nitro\.what-runs(?:\.|$)|logs\.)/;

/** Findings about which machine it is, where somebody expected a certain one. */
const INSTANCE = /^(?:snp\.chip-list|tdx\.platform-list|tpm\.ak-name|ec2\.account|gce\.project)$/;

/** Checks of which each that there is must hold before an aspect is affirmed; a policy may have passed it by. */
const NEEDS: Readonly<Partial<Record<Aspect, RegExp>>> = {
  "hardware":
    /^(?:snp\.(?:product|revocation|tcb-order|provisional-firmware)|tdx\.(?:revocation|tcb|tcb-status)|(?:nitro|tpm)\.(?:ak-)?revocation)$/,
  "configuration":
    /^(?:snp\.(?:vmpl|debug|migration)|tdx\.(?:debug|profiling|migration|attributes-reserved|xfam))$/,
};

/** Claims that affirm (§2.3.4): genuine hardware, approved at boot (3, not 2: what runs later was not seen), approved configuration. */
const AFFIRMED: Readonly<Partial<Record<Aspect, number>>> = {
  "instance-identity": 2,
  "configuration": 2,
  "executables": 3,
  "hardware": 2,
};

/** Claims that contraindicate. */
const CONTRAINDICATED: Readonly<Partial<Record<Aspect, number>>> = {
  "instance-identity": 97,
  "configuration": 96,
  "executables": 96,
  "hardware": 96,
};

/** Claims that warn; there is none for identity. */
const WARNED: Readonly<Partial<Record<Aspect, number>>> = {
  "configuration": 32,
  "executables": 33,
  "hardware": 32,
};

/** "Cryptographic validation of the Evidence has failed", of every aspect. */
const CRYPTO_FAILED = 99;

/** "Not recognized, but it should be". */
const UNRECOGNIZED_HARDWARE = 97;

/** Roots that can speak for hardware; the lab imitates them under a profile of its own. */
const OF_HARDWARE: readonly Root[] = ["amd", "intel", "lab"];

/** Settings that weaken no check: whose word is believed stands in the token apart. */
const ASIDE = /^(?:acceptRoots|allowLab|admitVariants|tokens)(?:\.|$)/;

/** Settings without which not all that was loaded need be known: registers that say what runs, and what a log is held against. */
const ON_EXECUTABLES = /(?:^|\.)whatRuns$/;
const ON_LOG = /(?:^|\.)notInLog$/;

const JUDGED: readonly Aspect[] = [
  "instance-identity",
  "configuration",
  "executables",
  "hardware",
];

/**
 * The vector of one attester.
 *
 * @param attester What was found about it.
 * @param result What the verification said.
 * @param options How to say what is neither good nor bad.
 */
export function vectorOf(
  attester: Attester,
  result: Pick<Result, "verdict" | "claims" | "exceptions">,
  options: VectorOptions,
): TrustVector {
  if (result.claims === null) {
    return Object.fromEntries(JUDGED.map((aspect) => [aspect, CRYPTO_FAILED]));
  }
  const claims = JUDGED.map((aspect) => [aspect, claimOf(aspect, attester, result, options)]);
  const judged: TrustVector = Object.fromEntries(claims.filter(([, claim]) => claim !== undefined));
  const hidden = isHidden(attester, judged) ? { "runtime-opaque": 2 } : {};
  const lab = options.unknownLab ? { "hardware": UNRECOGNIZED_HARDWARE } : {};
  return { ...judged, ...hidden, ...lab };
}

function claimOf(
  aspect: Aspect,
  { label, main, own, all }: Attester,
  { verdict, exceptions }: Pick<Result, "verdict" | "exceptions">,
  { platformOnly }: VectorOptions,
): number | undefined {
  const bad = all.some((finding) => aspectOf(finding) === aspect && isBad(finding));
  const enough = verdict !== "platform-only";
  if (bad || (main && aspect === "executables" && !enough)) {
    return (!enough && platformOnly === "warning" ? WARNED : CONTRAINDICATED)[aspect];
  }
  const weakened = exceptions.some(({ key, ended }) => !ended && weakens(key, aspect, label));
  // What runs in a node is often said by the TPM beside its processor.
  const heard = aspect === "executables" ? all : own;
  const affirmed = heard.filter((finding) => aspectOf(finding) === aspect && isGood(finding));
  // What refused evidence is beside that is no claim: it may be of another machine, or of another day.
  if (verdict === "rejected" || weakened) return undefined;
  if (affirmed.length === 0 || !needsHold(aspect, own)) return undefined;
  const spoken = affirmed.every(({ root }) => OF_HARDWARE.includes(root));
  return aspect === "hardware" && !spoken ? undefined : AFFIRMED[aspect];
}

/** Whether a setting that is weaker than the default lets more through about an aspect. */
function weakens(key: string, aspect: Aspect, label: Attester["label"]): boolean {
  if (aspect === "executables") {
    return ON_EXECUTABLES.test(key) || (label === "log0" && ON_LOG.test(key));
  }
  return (aspect === "hardware" || aspect === "configuration") && !ASIDE.test(key);
}

function aspectOf({ id, link }: Finding): Aspect {
  if (EXECUTABLES.test(id)) return "executables";
  if (INSTANCE.test(id)) return "instance-identity";
  return link === "guest" || id.startsWith("statement.") ? "configuration" : "hardware";
}

/** A required check that failed or was not done. */
function isBad({ kind, required }: Finding): boolean {
  return required && (kind === "mismatch" || kind === "unchecked");
}

function isGood({ kind, required }: Finding): boolean {
  return required && kind === "match";
}

function needsHold(aspect: Aspect, own: readonly Finding[]): boolean {
  const needed = own.filter(({ id }) => NEEDS[aspect]?.test(id) === true);
  return needed.every(({ kind }) => kind === "match" || kind === "not-applicable");
}

/** Memory is encrypted and hidden from the host where a genuine processor runs a guest that it must not debug. */
function isHidden({ own }: Attester, { hardware, configuration }: TrustVector): boolean {
  const sealed = own.some(({ id, kind }) => /^(?:snp|tdx)\.debug$/.test(id) && kind === "match");
  return sealed && hardware === AFFIRMED.hardware && configuration === AFFIRMED.configuration;
}

/**
 * Variants that are a TPM and nothing else: what differs is who stands behind it.
 *
 * @module
 */

import { type Decoder, object, optional } from "../../core/decode.ts";
import type {
  AppraiseContext,
  RootContext,
  Rooted,
  RuntimeRegister,
  Technology,
  Verified,
} from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { tell } from "../pairing/findings.ts";
import {
  codesOf,
  flagsOf,
  type Part,
  portableOf,
  type Proves,
  referencesOf,
} from "../pairing/parts.ts";
import { partRoots, rootedIn } from "../pairing/roots.ts";
import type { VariantFacts, VariantId } from "../variants/facts.ts";
import type { TpmFiles } from "./files.ts";
import { tpm } from "./mod.ts";
import { type TpmPolicy, tpmPolicy } from "./policy.ts";
import type { TpmEvidence } from "./report.ts";
import { verify } from "./verify.ts";

/** What is proven of a variant that is a TPM and nothing else. */
export interface VtpmEvidence {
  /** Quote, key, registers and log. */
  readonly vtpm: TpmEvidence;
}

/** What an appraisal of it demands. */
export interface VtpmPolicy {
  /** Of quote, key, registers and log. */
  readonly vtpm: TpmPolicy;
}

/** A variant that is a TPM and nothing else. */
export type VtpmVariant<Id extends VariantId> = Technology<Id, TpmFiles, VtpmEvidence, VtpmPolicy>;

/** The TPM in its place. */
export const VTPM: Part = { member: "vtpm", technology: tpm };

/** Defaults of the TPM's section. */
const DEFAULTS: TpmPolicy = tpmPolicy.decode({}, "vtpm");

/** Reads the section of such a variant. */
export const vtpmPolicy: Decoder<VtpmPolicy> = object<VtpmPolicy>({
  vtpm: optional(tpmPolicy, DEFAULTS, "What quote, key, registers and event log must show"),
});

/**
 * A variant that is a TPM and nothing else.
 *
 * @param id Its id.
 * @param facts What is known of it.
 * @param proves What it proves beside what every quote does.
 */
export function vtpmVariant<Id extends VariantId>(
  id: Id,
  facts: VariantFacts,
  proves: Proves,
): VtpmVariant<Id> {
  return {
    id,
    command: id,
    title: facts.title,
    trustedMeans: "Measured",
    reportDataBytes: tpm.reportDataBytes,
    padsNonce: false,
    facts,
    references: referencesOf([VTPM]),
    productLines: [],
    files: tpm.files,
    flags: flagsOf([VTPM]),
    checks: tpm.checks,
    codes: codesOf([VTPM]),
    policy: vtpmPolicy,
    proves: { yes: [...tpm.proves.yes, ...proves.yes], no: [...tpm.proves.no, ...proves.no] },
    readFiles: tpm.readFiles,
    verify: async (engine, files, context) => {
      const evidence: VtpmEvidence = { vtpm: await verify(engine, files, context) };
      return evidence as Verified<VtpmEvidence>;
    },
    undone: tpm.undone,
    root: (proven, context) => rootOf(proven, facts, context),
    appraise: (proven, policy, context) => appraise(proven, policy, { ...context, facts }),
    runtimeRegisters: ({ vtpm }) => runtimeRegistersOf(vtpm),
    machine: ({ vtpm }) => vtpm.key.spkiSha256,
    tell: ({ vtpm }) => tpm.tell?.(vtpm as Verified<TpmEvidence>) ?? [],
    show: () => Promise.resolve(null),
    portable: portableOf([VTPM]),
  };
}

function rootOf({ vtpm }: VtpmEvidence, facts: VariantFacts, context: RootContext): Rooted {
  const { root } = tpm.root(vtpm as Verified<TpmEvidence>, context);
  return rootedIn(partRoots(facts, null, root), [], []);
}

/** The question is the quote's own: it says what its qualifying data must be. */
function appraise(
  proven: Verified<VtpmEvidence>,
  policy: VtpmPolicy,
  { facts, ...context }: AppraiseContext & { readonly facts: VariantFacts },
): readonly Finding[] {
  const { root } = rootOf(proven, facts, context);
  // What `vtpm` holds was verified by the technology, in `verify` above.
  const findings = tpm.appraise(proven.vtpm as Verified<TpmEvidence>, policy.vtpm, context);
  return tell(findings, { root });
}

/** PCR that holds the phase of the boot (protocol §3). */
const RUNTIME_REGISTER = 15;

/**
 * Quoted registers that hold the phase of the boot, in banks that are predicted.
 *
 * @param evidence What `verify` established.
 */
export function runtimeRegistersOf({ registers }: TpmEvidence): readonly RuntimeRegister[] {
  return registers.flatMap(({ bank, register, value }) =>
    register === RUNTIME_REGISTER && (bank === "sha256" || bank === "sha384")
      ? [{ bank, register, value }]
      : []
  );
}

/**
 * What is known of a variant before any evidence is seen: who measures what,
 * on whose word it rests, what that proves and what it does not.
 *
 * @module
 */

import type { Root } from "../finding.ts";

/** Ids of the variants (protocol §1); `lab` is none, since a lab imitates the others. */
export type VariantId =
  | "sev-snp"
  | "tdx"
  | "gcp-tdx"
  | "aws-sev-snp"
  | "gcp-sev-snp"
  | "azure-sev-snp"
  | "azure-tdx"
  | "aws-nitro-tpm"
  | "azure-trusted-launch"
  | "gcp-sev-es"
  | "qemu-vtpm"
  | "openstack";

/** What stands in the report data of the TEE (protocol §4). */
export type ReportDataRule = "binding" | "ak-and-binding" | "paravisor" | "none";

/** What shows that the attestation key lives in a TPM. */
export type AkProof = "nitro-document" | "certificate" | "runtime-data" | "enrolment" | "no-key";

/** What the quote's qualifying data are. */
export type QualifyingDataRule =
  | "binding-and-report"
  | "binding-and-hcl"
  | "binding"
  | "document"
  | "no-quote";

/** What says what runs. */
export type WhatRuns = "launch-digest" | "mrtd-and-rtmrs" | "rtmrs" | "pcrs";

/**
 * Part of the chain from the processor up to the cluster that a check or a
 * measurement is about: the processor, the TPM (or the paravisor that runs it),
 * the firmware, what it started, kernel and command line, the node, the cluster.
 */
export type Layer = "silicon" | "tpm" | "firmware" | "boot" | "kernel" | "node" | "cluster";

/** One thing that is measured before or while the node starts. */
export interface Measurement {
  /** Part of the chain that it is about. */
  readonly layer: Layer;
  /** What is measured. */
  readonly what: string;
  /** Who measures it. */
  readonly by: string;
  /** Where the measurement stands. */
  readonly register: string;
  /** On whose word it rests. */
  readonly root: Root;
  /** Whether a verdict of `trusted` needs it pinned. */
  readonly pinned: boolean;
}

/** What is known of a variant. */
export interface VariantFacts {
  /** Its id. */
  readonly id: VariantId;
  /** Full name. */
  readonly title: string;
  /** Whose CPU protects the memory; null where none does. */
  readonly tee: "sev-snp" | "tdx" | null;
  /** What stands in the TEE's report data. */
  readonly reportData: ReportDataRule;
  /** What shows that the attestation key lives in a TPM. */
  readonly akProof: AkProof;
  /** What the quote answers. */
  readonly qualifyingData: QualifyingDataRule;
  /** What says what runs. */
  readonly whatRuns: WhatRuns;
  /** Register that holds the phase of the boot; null where only the statement says it. */
  readonly runtimeRegister: "PCR 15" | "RTMR 3" | null;
  /** On whose word it rests, at best. */
  readonly roots: {
    /** That the memory is protected; null where it is not. */
    readonly cpu: Root | null;
    /** That the channel ends in this machine. */
    readonly channel: Root;
    /** What runs. */
    readonly whatRuns: Root;
  };
  /** What `trusted` means, in one sentence without full stop, where every root is as above. */
  readonly trusted: string;
  /** Who measures what. */
  readonly measurements: readonly Measurement[];
  /** Keys of its section in a policy that a verdict of `trusted` needs beside what is pinned; absent where there are none. */
  readonly policyKeys?: readonly string[];
  /** What it proves where the verdict is `trusted`. */
  readonly proves: readonly string[];
  /** What it does not prove. */
  readonly provesNot: readonly string[];
  /** Risks that remain whatever is checked. */
  readonly risks: readonly string[];
  /** What it was tried with: real evidence in the tests, or none. */
  readonly hardware: { readonly tried: boolean; readonly says: string };
}

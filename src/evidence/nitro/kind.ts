/**
 * The two kinds of attestation documents, and what sets them apart: both have
 * one form and one root, so that one would pass for the other unless asked.
 *
 * @module
 */

import type { NitroDocument } from "./report.ts";

/** Whose registers a document has. */
export type NitroKind = NitroDocument["kind"];

/** What is known of a kind. */
export interface KindFacts {
  /** What such a document is, for a person. */
  readonly title: string;
  /** Registers that say what runs. */
  readonly whatRuns: readonly number[];
  /** Registers that are never zero where anything was measured. */
  readonly measured: readonly number[];
  /** Registers that what runs can bring to any value, and that so say nothing about it. */
  readonly settable: readonly number[];
  /** Why they say nothing. */
  readonly settableBecause: string;
}

/** Registers that an enclave extends on its own, up to the last. */
const OF_ENCLAVE: readonly number[] = Array.from({ length: 16 }, (_, i) => 16 + i);

/** What is known of each. */
export const KINDS: Readonly<Record<NitroKind, KindFacts>> = {
  enclave: {
    title: "attestation document of a Nitro Enclave",
    // AWS, "Cryptographic attestation": PCR 0 is the image file, 1 kernel and boot ramdisk, 2 the application.
    whatRuns: [0, 1, 2],
    measured: [0, 1, 2],
    settable: OF_ENCLAVE,
    settableBecause: "which the enclave extends on its own",
  },
  tpm: {
    title: "attestation document of a NitroTPM",
    // PCR 4 is the boot loader or UKI that the firmware started, PCR 11 what systemd-stub measures of a UKI.
    whatRuns: [4, 11],
    measured: [],
    // PC Client Platform TPM Profile §4.6: debug, application.
    settable: [16, 23],
    settableBecause: "which any program with the TPM can reset and extend anew",
  },
};

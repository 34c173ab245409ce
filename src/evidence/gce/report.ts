/**
 * What Google Compute Engine certifies of an instance and of its firmware, as the engine reads it.
 *
 * Sources: the extension 1.3.6.1.4.1.11129.2.1.21 of real certificates; the
 * published protocol buffers of launch endorsements.
 *
 * @module
 */

import type { CertificateSummary } from "../../core/x509.ts";

/** Which instance an attestation key's certificate is of. */
export interface GceInstance {
  /** Zone, as `us-central1-a`. */
  readonly zone: string;
  /** Number of the project, decimal. */
  readonly projectNumber: string;
  /** Id of the project. */
  readonly projectId: string;
  /** Id of the instance, decimal. */
  readonly instanceId: string;
  /** Name of the instance. */
  readonly instanceName: string;
  /** What is said of the environment; null where nothing is. */
  readonly security: {
    /** Version, decimal; null where it is not said. */
    readonly version: string | null;
    /** Whether it is the provider's production environment; null where it is not said. */
    readonly isProduction: boolean | null;
  } | null;
}

/** What a launch endorsement says of SEV-SNP. */
export interface SnpEndorsement {
  /** Security version of the firmware. */
  readonly svn: number;
  /** Guest policy, `0x` and 16 digits. */
  readonly policy: string;
  /** FAMILY_ID, hex. */
  readonly familyId: string;
  /** IMAGE_ID, hex. */
  readonly imageId: string;
  /** Launch measurements by number of VMSAs, rising. */
  readonly measurements: readonly { readonly vmsas: number; readonly measurement: string }[];
  /** Launch measurement with the SVSM, hex; null where there is none. */
  readonly svsmMeasurement: string | null;
}

/** What a launch endorsement says of TDX. */
export interface TdxEndorsement {
  /** Security version of the firmware. */
  readonly svn: number;
  /** MRTD by shape of the VM, in order. */
  readonly measurements: readonly {
    /** Memory, GiB. */
    readonly ramGib: number;
    /** Whether the firmware accepts all memory. */
    readonly earlyAccept: boolean;
    /** MRTD, hex. */
    readonly mrTd: string;
  }[];
}

/** A launch endorsement: firmware that the provider says it launches. */
export interface GceEndorsement {
  /** When it was made, ISO 8601, UTC; null where it is not said. */
  readonly timestamp: string | null;
  /** SHA-384 of the firmware, hex. */
  readonly digest: string;
  /** Commit it was built from, hex; empty where it is not said. */
  readonly commit: string;
  /** Of SEV-SNP; null where nothing is said. */
  readonly sevSnp: SnpEndorsement | null;
  /** Of TDX; null where nothing is said. */
  readonly tdx: TdxEndorsement | null;
  /** From the certificate that signed to the root. */
  readonly certificates: readonly CertificateSummary[];
  /** Whether the root is a lab's. */
  readonly lab: boolean;
}

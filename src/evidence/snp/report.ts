/**
 * Shapes of what the engine reads out of SEV-SNP evidence. No behaviour.
 *
 * Byte strings are lowercase hex, 64-bit values too (`0x` and 16 digits), so
 * that nothing is lost in a JavaScript number. Sections cited are those of
 * AMD's "SEV Secure Nested Paging Firmware ABI Specification" (publication
 * 56860, revision 1.58) and of "Versioned Chip Endorsement Key (VCEK)
 * Certificate and KDS Interface Specification" (publication 57230).
 *
 * @module
 */

import type { CertificateSummary } from "../../core/x509.ts";

/** A TCB_VERSION (56860 §2.2): one security version number per firmware component. */
export interface Tcb {
  /** Firmware of the secure microcontroller; only on Turin and later, else null. */
  readonly fmc: number | null;
  /** Boot loader of the AMD Secure Processor. */
  readonly bootloader: number;
  /** Operating system of the AMD Secure Processor. */
  readonly tee: number;
  /** SNP firmware. */
  readonly snp: number;
  /** Lowest microcode patch level of all cores. */
  readonly microcode: number;
  /** The eight bytes as they stand in memory, hex. */
  readonly raw: string;
}

/** Names of the components that a {@linkcode Tcb} compares, each on its own. */
export type TcbComponent = "fmc" | "bootloader" | "tee" | "snp" | "microcode";

/** Version of the SNP firmware, `major.minor build`. */
export interface FirmwareVersion {
  /** API major version. */
  readonly major: number;
  /** API minor version. */
  readonly minor: number;
  /** Build number. */
  readonly build: number;
}

/** Guest policy (56860 §4.3, POLICY at 0x008): what the guest's owner demanded at launch. */
export interface GuestPolicy {
  /** The whole field. */
  readonly raw: string;
  /** Lowest firmware ABI the guest accepts, major part (bits 15:8). */
  readonly abiMajor: number;
  /** Lowest firmware ABI the guest accepts, minor part (bits 7:0). */
  readonly abiMinor: number;
  /** Bit 16: simultaneous multithreading is allowed. */
  readonly smt: boolean;
  /** Bit 18: a migration agent is allowed. */
  readonly migrateMa: boolean;
  /** Bit 19: debugging is allowed. */
  readonly debug: boolean;
  /** Bit 20: the guest may be active on one socket only. */
  readonly singleSocket: boolean;
  /** Bit 21: CXL may be populated with devices or memory. */
  readonly cxlAllowed: boolean;
  /** Bit 22: memory encryption with AES-256 XTS is required. */
  readonly memAes256Xts: boolean;
  /** Bit 23: running average power limit must be off. */
  readonly raplDisabled: boolean;
  /** Bit 24: ciphertext hiding for DRAM must be on. */
  readonly ciphertextHidingDram: boolean;
  /** Bit 25: guest access to page move, swap and similar commands is off. */
  readonly pageSwapDisabled: boolean;
}

/** Platform information (56860 Table 24, PLATFORM_INFO at 0x040): state of the host. */
export interface PlatformInfo {
  /** The whole field. */
  readonly raw: string;
  /** Bit 0: simultaneous multithreading is on. */
  readonly smtEnabled: boolean;
  /** Bit 1: transparent SME is on. */
  readonly tsmeEnabled: boolean;
  /** Bit 2: memory uses error correcting codes. */
  readonly eccEnabled: boolean;
  /** Bit 3: running average power limit is off. */
  readonly raplDisabled: boolean;
  /** Bit 4: ciphertext hiding for DRAM is on. */
  readonly ciphertextHidingDramEnabled: boolean;
  /** Bit 5: alias checks after the last reset found no aliasing addresses (BadRAM). */
  readonly aliasCheckComplete: boolean;
  /** Bit 7: trusted I/O is on. */
  readonly tioEnabled: boolean;
  /** Bits set that have no published meaning here. */
  readonly unknownBits: string;
}

/** An attestation report (56860 Table 23, ATTESTATION_REPORT), versions 2 to 5. */
export interface SnpReport {
  /** VERSION at 0x000. */
  readonly version: number;
  /** GUEST_SVN at 0x004. */
  readonly guestSvn: number;
  /** POLICY at 0x008. */
  readonly policy: GuestPolicy;
  /** FAMILY_ID at 0x010, 16 bytes. */
  readonly familyId: string;
  /** IMAGE_ID at 0x020, 16 bytes. */
  readonly imageId: string;
  /** VMPL at 0x030; 4294967295 when the host asked for the report. */
  readonly vmpl: number;
  /** SIGNATURE_ALGO at 0x034; 1 is ECDSA P-384 with SHA-384. */
  readonly signatureAlgorithm: number;
  /** CURRENT_TCB at 0x038. */
  readonly currentTcb: Tcb;
  /** PLATFORM_INFO at 0x040. */
  readonly platformInfo: PlatformInfo;
  /** AUTHOR_KEY_EN, bit 0 at 0x048. */
  readonly authorKeyEnabled: boolean;
  /** MASK_CHIP_KEY, bit 1 at 0x048: the report is not signed. */
  readonly maskChipKey: boolean;
  /** SIGNING_KEY, bits 4:2 at 0x048. */
  readonly signingKey: "VCEK" | "VLEK" | "NONE";
  /** REPORT_DATA at 0x050, 64 bytes that the guest chose. */
  readonly reportData: string;
  /** MEASUREMENT at 0x090, 48 bytes: the launch digest. */
  readonly measurement: string;
  /** HOST_DATA at 0x0C0, 32 bytes that the host gave at launch. */
  readonly hostData: string;
  /** ID_KEY_DIGEST at 0x0E0, 48 bytes. */
  readonly idKeyDigest: string;
  /** AUTHOR_KEY_DIGEST at 0x110, 48 bytes. */
  readonly authorKeyDigest: string;
  /** REPORT_ID at 0x140, 32 bytes. */
  readonly reportId: string;
  /** REPORT_ID_MA at 0x160, 32 bytes: report id of the migration agent. */
  readonly reportIdMa: string;
  /** REPORTED_TCB at 0x180. */
  readonly reportedTcb: Tcb;
  /** CPUID_FAM_ID, CPUID_MOD_ID, CPUID_STEP at 0x188; null before version 3. */
  readonly cpuid:
    | { readonly family: number; readonly model: number; readonly stepping: number }
    | null;
  /** CHIP_ID at 0x1A0, 64 bytes; all zero where the host masks it and with a VLEK. */
  readonly chipId: string;
  /** COMMITTED_TCB at 0x1E0. */
  readonly committedTcb: Tcb;
  /** CURRENT_BUILD, CURRENT_MINOR, CURRENT_MAJOR at 0x1E8. */
  readonly currentVersion: FirmwareVersion;
  /** COMMITTED_BUILD, COMMITTED_MINOR, COMMITTED_MAJOR at 0x1EC. */
  readonly committedVersion: FirmwareVersion;
  /** LAUNCH_TCB at 0x1F0. */
  readonly launchTcb: Tcb;
  /** LAUNCH_MIT_VECTOR at 0x1F8; null before version 5. */
  readonly launchMitigationVector: string | null;
  /** CURRENT_MIT_VECTOR at 0x200; null before version 5. */
  readonly currentMitigationVector: string | null;
  /** SIGNATURE at 0x2A0 (56860 Table 139): R and S, big-endian, 48 bytes each. */
  readonly signature: { readonly r: string; readonly s: string };
}

/** What a VCEK or VLEK certifies (57230 §3.1). */
export interface SnpLeaf {
  /** VCEK: bound to one chip; VLEK: bound to a cloud provider, key loaded by it. */
  readonly form: "VCEK" | "VLEK";
  /** structVersion, OID 1.3.6.1.4.1.3704.1.1. */
  readonly structVersion: number;
  /** productName, OID …1.2, as `Milan-B0`. */
  readonly productName: string;
  /** Versions of the TCB that the key was derived for, OIDs …1.3.1, .2, .3, .8, .9. */
  readonly tcb: Tcb;
  /** hwID, OID …1.4: 64 bytes, 8 on Turin; null in a VLEK. */
  readonly hwid: string | null;
  /** cspID, OID …1.5: the provider; null in a VCEK. */
  readonly cspId: string | null;
  /** The certificate itself. */
  readonly certificate: CertificateSummary;
}

/** A revocation list that was authenticated and covers the chain. */
export interface RevocationList {
  /** CRL number, hex; null where the list has none. */
  readonly number: string | null;
  /** Time of issue, ISO 8601, UTC. */
  readonly thisUpdate: string;
  /** Time by which the next one is due, ISO 8601, UTC. */
  readonly nextUpdate: string;
  /** URI of the issuing distribution point; null where the list covers all of its issuer. */
  readonly scope: string | null;
  /** How many certificates the list revokes. */
  readonly revoked: number;
  /** SHA-256 of the DER. */
  readonly sha256: string;
}

/** A product line: the name in the ARK's subject, as `ARK-Milan`. */
export type SnpLine = string;

/** What holds after the engine verified a report: signatures, chain, revocation, leaf ↔ report. */
export interface SnpEvidence {
  /** The report, every field. */
  readonly report: SnpReport;
  /** The key that signed it. */
  readonly leaf: SnpLeaf;
  /** Intermediate and root. */
  readonly chain: {
    readonly line: SnpLine;
    /** True where the root came from --lab-root. */
    readonly lab: boolean;
    readonly ask: CertificateSummary;
    readonly ark: CertificateSummary;
  };
  /** The revocation lists used; empty where none was given, which appraisal does not pass over. */
  readonly crls: readonly RevocationList[];
  /**
   * `matches`: the VCEK names the chip in the report; `masked`: the report's chip id is zero;
   * `not-in-certificate`: a VLEK names no chip.
   */
  readonly chipBinding: "matches" | "masked" | "not-in-certificate";
}

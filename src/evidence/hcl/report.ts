/**
 * What Azure's paravisor (HCL) says of a confidential VM, as the engine reads it.
 *
 * Sources: Microsoft, "Guest attestation for confidential VMs, HCL report and
 * runtime data"; Intel TDX Module ABI Specification, TDREPORT_STRUCT.
 *
 * @module
 */

/** Hash algorithms that bind runtime data to the hardware report. */
export type HclHash = "sha256" | "sha384" | "sha512";

/** A key in the runtime data (RFC 7517). */
export interface HclKey {
  /** Name, as `HCLAkPub`. */
  readonly kid: string;
  /** What it may do, as `sign`. */
  readonly keyOps: readonly string[];
  /** Length of the RSA modulus, bits. */
  readonly bits: number;
  /** SubjectPublicKeyInfo, DER, hex. */
  readonly spki: string;
  /** Its SHA-256, hex. */
  readonly spkiSha256: string;
}

/** A setting of the VM, as the host configured it and the paravisor tells it. */
export interface HclSetting {
  /** Name, as `secure-boot`. */
  readonly name: string;
  /** Value. */
  readonly value: string | number | boolean | null;
}

/** Runtime data: what the paravisor bound to the hardware report at boot. */
export interface HclRuntime {
  /** Hash over them. */
  readonly hashAlgorithm: HclHash;
  /** Its value, hex. */
  readonly hash: string;
  /** Their length, bytes. */
  readonly bytes: number;
  /** Keys, in order. */
  readonly keys: readonly HclKey[];
  /** Settings of the VM, in order. */
  readonly vmConfiguration: readonly HclSetting[];
  /** What the guest wrote to NV index 0x01400002, 64 bytes, hex; null where there is none. */
  readonly userData: string | null;
  /** Names of members that are not known here, in order. */
  readonly others: readonly string[];
}

/** A TD's own report (TDREPORT_STRUCT); MACed for this platform alone, so that only a quote proves it. All values hex, bytes in order. */
export interface TdReportStruct {
  /** CPUSVN. */
  readonly cpuSvn: string;
  /** REPORTDATA. */
  readonly reportData: string;
  /** TEE_TCB_SVN. */
  readonly teeTcbSvn: string;
  /** MRSEAM. */
  readonly mrSeam: string;
  /** MRSIGNERSEAM. */
  readonly mrSignerSeam: string;
  /** SEAM's ATTRIBUTES. */
  readonly seamAttributes: string;
  /** TEE_TCB_SVN2. */
  readonly teeTcbSvn2: string;
  /** The TD's ATTRIBUTES. */
  readonly tdAttributes: string;
  /** XFAM. */
  readonly xfam: string;
  /** MRTD. */
  readonly mrTd: string;
  /** MRCONFIGID. */
  readonly mrConfigId: string;
  /** MROWNER. */
  readonly mrOwner: string;
  /** MROWNERCONFIG. */
  readonly mrOwnerConfig: string;
  /** RTMR 0 to 3. */
  readonly rtmrs: readonly [string, string, string, string];
  /** SERVTD_HASH. */
  readonly mrServiceTd: string;
}

/** An HCL report, NV index 0x01400001. Nothing in it is proven before its hardware report is. */
export interface HclReport {
  /** Version of its header. */
  readonly version: number;
  /** TEE of the hardware report. */
  readonly reportType: "snp" | "tdx";
  /** Attestation report of SEV-SNP (1184 bytes) or TDREPORT_STRUCT (1024 bytes), hex. */
  readonly hardwareReport: string;
  /** The TD's report; null of SEV-SNP. */
  readonly tdReport: TdReportStruct | null;
  /** Report data of the hardware report, 64 bytes, hex. */
  readonly reportData: string;
  /** Runtime data. */
  readonly runtime: HclRuntime;
}

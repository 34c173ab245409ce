/**
 * Shapes of what the engine reads out of Intel's quotes and collateral. No behaviour.
 *
 * Byte strings are lowercase hex, 64-bit values too (`0x` and 16 digits), so
 * that nothing is lost in a JavaScript number. Sources cited: Intel "TDX DCAP
 * Quoting Library API" (quote layouts), "TDX Module ABI Specification"
 * (TDREPORT), "SGX PCK Certificate and CRL Profile Specification", and the
 * documentation of the Provisioning Certification Service (PCS), version 4.
 *
 * @module
 */

import type { CertificateSummary } from "../../core/x509.ts";

/** TD_ATTRIBUTES (TDX Module ABI Specification). Bits without a name here are reserved. */
export interface TdAttributes {
  /** The whole field. */
  readonly raw: string;
  /** Bit 0: the host may debug the TD. */
  readonly debug: boolean;
  /** Bit 4, HGS_PLUS_PROF. */
  readonly hgsPlusProfiling: boolean;
  /** Bit 5, PERF_PROF. */
  readonly perfProfiling: boolean;
  /** Bit 6, PMT_PROF. */
  readonly pmtProfiling: boolean;
  /** Bit 16, ICSSD. */
  readonly icssd: boolean;
  /** Bit 27: linear address space separation. */
  readonly lass: boolean;
  /** Bit 28: pages that the host took away raise no #VE. */
  readonly septVeDisable: boolean;
  /** Bit 29: the TD may be migrated by a service TD. */
  readonly migratable: boolean;
  /** Bit 30: supervisor protection keys. */
  readonly pks: boolean;
  /** Bit 31: key locker. */
  readonly keyLocker: boolean;
  /** Bit 62, TPA. */
  readonly tpa: boolean;
  /** Bit 63: performance counters. */
  readonly perfmon: boolean;
  /** Reserved bits that are set; zero in a genuine report of a known layout. */
  readonly reservedBits: string;
}

/** A TD report as a quote carries it. */
export interface TdReport {
  /** `tdx-1.0` (584 bytes) or `tdx-1.5` (648 bytes). */
  readonly kind: "tdx-1.0" | "tdx-1.5";
  /** TEE_TCB_SVN, 16 bytes: [0] and [1] are the module's version, [2] on the rest. */
  readonly teeTcbSvn: string;
  /** MRSEAM, 48 bytes: digest of the TDX module. */
  readonly mrSeam: string;
  /** MRSIGNERSEAM, 48 bytes; zero for Intel's modules. */
  readonly mrSignerSeam: string;
  /** SEAMATTRIBUTES. */
  readonly seamAttributes: string;
  /** TD_ATTRIBUTES. */
  readonly tdAttributes: TdAttributes;
  /** XFAM: extended features that the TD may use. */
  readonly xfam: string;
  /** MRTD, 48 bytes: what was loaded before the TD ran. */
  readonly mrTd: string;
  /** MRCONFIGID, 48 bytes. */
  readonly mrConfigId: string;
  /** MROWNER, 48 bytes. */
  readonly mrOwner: string;
  /** MROWNERCONFIG, 48 bytes. */
  readonly mrOwnerConfig: string;
  /** RTMR 0 to 3, 48 bytes each. */
  readonly rtmrs: readonly [string, string, string, string];
  /** REPORTDATA, 64 bytes. */
  readonly reportData: string;
  /** TEE_TCB_SVN_2, 16 bytes: the module that runs now; null in TDX 1.0. */
  readonly teeTcbSvn2: string | null;
  /** MRSERVICETD, 48 bytes: hash of bound service TDs, zero for none; null in TDX 1.0. */
  readonly mrServiceTd: string | null;
}

/** An SGX report body, 384 bytes: of the quoting enclave, or the body of an SGX quote. */
export interface EnclaveReport {
  /** `sgx`. */
  readonly kind: "sgx";
  /** CPUSVN, 16 bytes. */
  readonly cpuSvn: string;
  /** MISCSELECT, 4 bytes as in memory. */
  readonly miscSelect: string;
  /** ISVEXTPRODID, 16 bytes. */
  readonly isvExtProdId: string;
  /** ATTRIBUTES, 16 bytes: flags, then XFRM, as in memory. */
  readonly attributes: string;
  /** Whether bit 1 of the flags, DEBUG, is set. */
  readonly debug: boolean;
  /** MRENCLAVE, 32 bytes. */
  readonly mrEnclave: string;
  /** MRSIGNER, 32 bytes. */
  readonly mrSigner: string;
  /** CONFIGID, 64 bytes. */
  readonly configId: string;
  /** ISVPRODID. */
  readonly isvProdId: number;
  /** ISVSVN. */
  readonly isvSvn: number;
  /** CONFIGSVN. */
  readonly configSvn: number;
  /** ISVFAMILYID, 16 bytes. */
  readonly isvFamilyId: string;
  /** REPORTDATA, 64 bytes. */
  readonly reportData: string;
}

/** A quote. */
export interface Quote<Body> {
  /** 3 (SGX), 4 or 5. */
  readonly version: number;
  /** Kind of TEE. */
  readonly teeType: "SGX" | "TDX";
  /** Algorithm of the attestation key; 2 is ECDSA P-256. */
  readonly attestationKeyType: number;
  /** Vendor of the quoting enclave, 16 bytes. */
  readonly qeVendor: string;
  /** User data of the header, 20 bytes: id of the platform's quoting enclave, then zeros. */
  readonly userData: string;
  /** The report. */
  readonly body: Body;
  /** Signature over header and body. */
  readonly signature: { readonly r: string; readonly s: string };
  /** Attestation key: X and Y, 64 bytes. */
  readonly attestationKey: string;
  /** Report of the quoting enclave. */
  readonly qeReport: EnclaveReport;
  /** QE authentication data. */
  readonly qeAuthenticationData: string;
  /** What follows the quote. */
  readonly trailing: { readonly bytes: number; readonly zero: boolean };
}

/** A quote of a trust domain. */
export type TdxQuote = Quote<TdReport>;

/** A quote of an SGX enclave. */
export type SgxQuote = Quote<EnclaveReport>;

/** What a PCK certificate certifies. */
export interface Pck {
  /** PPID, 16 bytes: this platform. */
  readonly ppid: string;
  /** SVNs of the 16 SGX TCB components. */
  readonly components: readonly number[];
  /** PCESVN. */
  readonly pceSvn: number;
  /** CPUSVN, 16 bytes. */
  readonly cpuSvn: string;
  /** PCE-ID, 2 bytes. */
  readonly pceId: string;
  /** FMSPC, 6 bytes: family, model, stepping, platform, custom SKU. */
  readonly fmspc: string;
  /** SGX type: memory encryption, and integrity on scalable ones. */
  readonly sgxType: "Standard" | "Scalable" | "ScalableWithIntegrity";
  /** Platform instance id, 16 bytes; only under the Platform CA, else null. */
  readonly platformInstanceId: string | null;
  /** Configuration of the platform; only under the Platform CA, else null. */
  readonly configuration: PlatformConfiguration | null;
  /** The certificate itself. */
  readonly certificate: CertificateSummary;
}

/** Configuration of a multi-package platform; null where the certificate does not say. */
export interface PlatformConfiguration {
  /** Packages may be added after it was made. */
  readonly dynamicPlatform: boolean | null;
  /** Intel keeps the platform's root keys. */
  readonly cachedKeys: boolean | null;
  /** Multithreading is on. */
  readonly smtEnabled: boolean | null;
}

/** TCB status, of a level or of the whole platform (PCS, "Get TDX TCB Info"; QVL for the last two). */
export type TcbStatus =
  | "UpToDate"
  | "SWHardeningNeeded"
  | "ConfigurationNeeded"
  | "ConfigurationAndSWHardeningNeeded"
  | "OutOfDate"
  | "OutOfDateConfigurationNeeded"
  | "TDRelaunchAdvised"
  | "TDRelaunchAdvisedConfigurationNeeded"
  | "Revoked";

/** A revocation list that was authenticated and does not revoke the chain. */
export interface TdxRevocationList {
  /** Issuer, RFC 4514. */
  readonly issuer: string;
  /** CRL number, hex. */
  readonly number: string | null;
  /** Time of issue, ISO 8601. */
  readonly thisUpdate: string;
  /** Time by which the next is due. */
  readonly nextUpdate: string;
  /** How many certificates it revokes. */
  readonly revoked: number;
  /** SHA-256 of the DER. */
  readonly sha256: string;
}

/** Head of a signed document of the PCS. */
export interface SignedDocument {
  /** `TDX`, `SGX`, `TD_QE` or `QE`. */
  readonly id: string;
  /** Version of its form. */
  readonly version: number;
  /** Time of issue, ISO 8601. */
  readonly issueDate: string;
  /** Time by which the next is due. */
  readonly nextUpdate: string;
  /** Number of the TCB recovery. */
  readonly tcbEvaluationDataNumber: number;
  /** SHA-256 of the signed text. */
  readonly sha256: string;
}

/** The level that something reached. */
export interface ReachedLevel {
  /** Its status. */
  readonly status: TcbStatus;
  /** Its date, ISO 8601. */
  readonly tcbDate: string;
  /** Advisories that it is affected by, as `INTEL-SA-00837`. */
  readonly advisoryIds: readonly string[];
}

/** What TCB info and QE identity say of the platform. */
export interface TcbEvaluation {
  /** Status of platform, module and quoting enclave together. */
  readonly status: TcbStatus;
  /** Oldest of the dates of the levels of platform, module and quoting enclave. */
  readonly tcbDate: string;
  /** Advisories of the levels of platform, module and quoting enclave, sorted, each once. */
  readonly advisoryIds: readonly string[];
  /** First level that the SGX half reaches alone; its index counts from the newest. */
  readonly sgx: ReachedLevel & { readonly level: number };
  /** First level that both halves reach; equals `sgx` for an SGX quote. */
  readonly platform: ReachedLevel & { readonly level: number };
  /** TDX module: id as `TDX_01`, null for version 0, which has no levels; null for SGX. */
  readonly module:
    | (ReachedLevel & {
      /** `TDX_` and the version, as `TDX_01`. */
      readonly id: string;
      /** Its own security version. */
      readonly isvSvn: number;
    })
    | null;
  /** Quoting enclave. */
  readonly qe: ReachedLevel & { readonly isvSvn: number };
}

/** Collateral that was authenticated, and what follows from it. */
export interface Collateral {
  /** TCB info. */
  readonly tcbInfo: SignedDocument & { readonly fmspc: string; readonly pceId: string };
  /** QE identity. */
  readonly qeIdentity: SignedDocument;
  /** Certificate that signed both. */
  readonly tcbSigning: CertificateSummary;
  /** List of the CA of the PCK certificate. */
  readonly pckCrl: TdxRevocationList;
  /** List of the root. */
  readonly rootCrl: TdxRevocationList;
  /** What they say of the platform. */
  readonly tcb: TcbEvaluation;
}

/** What a verified quote establishes. */
export interface QuoteEvidence<Body> {
  /** The quote. */
  readonly quote: Quote<Body>;
  /** What Intel certifies of the platform. */
  readonly pck: Pck;
  /** The chain above it. */
  readonly chain: {
    /** Which CA issued the PCK certificate. */
    readonly ca: "platform" | "processor";
    /** Whether the root is a lab's. */
    readonly lab: boolean;
    /** The CA. */
    readonly intermediate: CertificateSummary;
    /** The root. */
    readonly root: CertificateSummary;
  };
  /** Null where none was given. */
  readonly collateral: Collateral | null;
}

/** A verified quote of a trust domain. */
export type TdxEvidence = QuoteEvidence<TdReport>;

/** A verified quote of an SGX enclave. */
export type SgxEvidence = QuoteEvidence<EnclaveReport>;

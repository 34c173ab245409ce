/**
 * What quotes and collateral are minted by, and what stands for what is not given.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import type { Bend } from "../bend.ts";
import type { CertificateDescription } from "../../core/x509_writer/certificate.ts";
import type { CrlDescription } from "../crl.ts";
import { digestOf, padded } from "../fields.ts";
import { generateLabKey } from "../lab_key.ts";
import type { DocumentDescription, QeIdentity, TcbInfo, TdxCollateral } from "./collateral.ts";
import type { PckCa } from "./hierarchy.ts";
import type { PckFields } from "./pck.ts";
import type { LevelStatus, Platform } from "./platform.ts";
import type { QuoteDescription, QuoteHeader, QuoteKeys } from "./quote.ts";
import type { EnclaveReportFields, Rtmrs, TdReportFields } from "./quote_body.ts";

/** What a quote reports: a trust domain, or an enclave. */
export type QuoteBodyKind = "tdx-1.0" | "tdx-1.5" | "sgx";

/** Changes to evidence before it is written and signed, but for the texts. */
export interface TdxBends {
  /** Changes to the Root CA's certificate. */
  readonly root?: Bend<CertificateDescription>;
  /** Changes to the certificate of the CA that issues the PCK certificate. */
  readonly ca?: Bend<CertificateDescription>;
  /** Changes to the PCK certificate. */
  readonly pck?: Bend<CertificateDescription>;
  /** Changes to the certificate that signs TCB info and QE identity. */
  readonly tcbSigning?: Bend<CertificateDescription>;
  /** Changes to the revocation list of the CA. */
  readonly pckCrl?: Bend<CrlDescription>;
  /** Changes to the revocation list of the Root CA. */
  readonly rootCrl?: Bend<CrlDescription>;
  /** Changes to what TCB info says. */
  readonly tcbInfo?: Bend<TcbInfo>;
  /** Changes to what the QE identity says. */
  readonly qeIdentity?: Bend<QeIdentity>;
  /** Changes to the text of TCB info before it is signed, to its signature and to its wrapping. */
  readonly tcbInfoDocument?: Bend<DocumentDescription>;
  /** The same of the QE identity. */
  readonly qeIdentityDocument?: Bend<DocumentDescription>;
  /** Change to the text of TCB info after it was signed. */
  readonly tcbInfoText?: (text: string) => string;
  /** Change to the text of the QE identity after it was signed. */
  readonly qeIdentityText?: (text: string) => string;
  /** Changes to the quote's header. */
  readonly header?: Bend<QuoteHeader>;
  /** Changes to the TD report. */
  readonly body?: Bend<TdReportFields>;
  /** Changes to the report of the enclave, where the body is one. */
  readonly enclave?: Bend<EnclaveReportFields>;
  /** Changes to the report of the quoting enclave, which is bound to the attestation key already. */
  readonly qeReport?: Bend<EnclaveReportFields>;
  /** Changes to the whole quote: sizes, types, keys, signatures, certification data, what follows. */
  readonly quote?: Bend<QuoteDescription>;
}

/** What evidence is minted by; all but the time has a default. */
export interface MintTdxOptions {
  /** Moment of issue of everything below the authority. */
  readonly now: Date;
  /** Version of the quote: 3 (SGX alone), 4 or 5; default 4. */
  readonly version?: number;
  /** What is reported; default by version: `sgx`, `tdx-1.0`, `tdx-1.5`. */
  readonly body?: QuoteBodyKind;
  /** Who issues the PCK certificate; default the Platform CA. */
  readonly ca?: PckCa;
  /** REPORTDATA: up to 64 bytes, zeros follow; default none. */
  readonly reportData?: Uint8Array;
  /** MRTD, 48 bytes; default SHA-384 of a label. */
  readonly mrTd?: Uint8Array;
  /** RTMRs by number, 48 bytes each; default SHA-384 of labels, and zeros for RTMR 3. */
  readonly rtmrs?: { readonly [index in 0 | 1 | 2 | 3]?: Uint8Array };
  /** TD_ATTRIBUTES; default SEPT_VE_DISABLE alone. */
  readonly tdAttributes?: bigint;
  /** XFAM; default that of a current Linux guest. */
  readonly xfam?: bigint;
  /** TEE_TCB_SVN, 16 bytes: [0] and [1] are SVN and version of the module. */
  readonly teeTcbSvn?: Uint8Array;
  /** TEE_TCB_SVN_2, 16 bytes: what runs now, which the collateral speaks of; default the same. */
  readonly teeTcbSvn2?: Uint8Array;
  /** What the PCK certificate certifies, where it is not the default. */
  readonly pck?: Partial<PckFields>;
  /** QE authentication data; default 32 bytes, as Intel's. */
  readonly qeAuthenticationData?: Uint8Array;
  /** Status of the level that the platform reaches; default `UpToDate`. */
  readonly tcbStatus?: LevelStatus;
  /** Status of the level that the TDX module reaches; default `UpToDate`. */
  readonly moduleStatus?: LevelStatus;
  /** Status of the level that the quoting enclave reaches; default `UpToDate`. */
  readonly qeStatus?: LevelStatus;
  /** The platform's keys; default new ones. */
  readonly keys?: Partial<QuoteKeys>;
  /** Collateral of an earlier call, to be used again; none of it is bent then. */
  readonly collateralFrom?: TdxCollateral;
  /** Changes, to bend the evidence. */
  readonly bends?: TdxBends;
}

/** The options with every default in place. */
export interface Minting extends Platform {
  /** Version of the quote. */
  readonly version: number;
  /** What is reported. */
  readonly body: QuoteBodyKind;
  /** Who issues the PCK certificate. */
  readonly ca: PckCa;
  /** REPORTDATA, 64 bytes. */
  readonly reportData: Uint8Array;
  /** MRTD. */
  readonly mrTd: Uint8Array;
  /** RTMR 0 to 3. */
  readonly rtmrs: Rtmrs;
  /** TD_ATTRIBUTES. */
  readonly tdAttributes: bigint;
  /** XFAM. */
  readonly xfam: bigint;
  /** TEE_TCB_SVN. */
  readonly teeTcbSvn: Uint8Array;
  /** QE authentication data. */
  readonly qeAuthenticationData: Uint8Array;
}

/** TD_ATTRIBUTES bit 28, SEPT_VE_DISABLE (TDX Module ABI Specification). */
const SEPT_VE_DISABLE = 1n << 28n;

/** XFAM: x87, SSE, AVX, AVX-512, PKRU, AMX. */
const XFAM = 0x602e7n;

/** Module 1.6 and microcode 3, of the order of those in the field. */
const TEE_TCB_SVN = Uint8Array.of(6, 1, 3, ...new Uint8Array(13));

/** SVNs of the order of those in the field. */
const COMPONENTS: readonly number[] = [3, 3, 2, 2, 4, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0];
const PCE_SVN = 13;

/** A platform that nobody sells. */
const FMSPC = Uint8Array.of(0x1a, 0xb0, 0x6f, 0, 0, 0);

/** ISVSVN of the lab's quoting enclave. */
const QE_SVN = 6;

/** Bodies by version. */
const BODIES: Readonly<Record<number, QuoteBodyKind>> = { 3: "sgx", 4: "tdx-1.0", 5: "tdx-1.5" };

/**
 * Fills in what was not given.
 *
 * @param options What was given.
 * @throws {RangeError} if the report data is too long.
 */
export async function withDefaults(options: MintTdxOptions): Promise<Minting> {
  const { version = 4, ca = "platform", teeTcbSvn = TEE_TCB_SVN } = options;
  const body = options.body ?? BODIES[version] ?? "tdx-1.5";
  const tee = body === "sgx" ? "SGX" : "TDX";
  return {
    now: options.now,
    tee,
    version,
    body,
    ca,
    pck: pckOf(ca, options.pck),
    tdxSvn: options.teeTcbSvn2 ?? teeTcbSvn,
    teeTcbSvn,
    qeSigner: await digestOf("SHA-256", `casemate lab signer of the ${tee} quoting enclave`),
    // Intel's product ids: 1 for the SGX quoting enclave, 2 for that of TDX.
    qeProdId: tee === "SGX" ? 1 : 2,
    qeSvn: QE_SVN,
    tcbStatus: options.tcbStatus ?? "UpToDate",
    moduleStatus: options.moduleStatus ?? "UpToDate",
    qeStatus: options.qeStatus ?? "UpToDate",
    reportData: padded(options.reportData ?? new Uint8Array(), 64),
    mrTd: options.mrTd ?? await digestOf("SHA-384", "casemate lab MRTD"),
    rtmrs: await rtmrsOf(options.rtmrs),
    tdAttributes: options.tdAttributes ?? SEPT_VE_DISABLE,
    xfam: options.xfam ?? XFAM,
    qeAuthenticationData: options.qeAuthenticationData ??
      Uint8Array.from({ length: 32 }, (_, i) => i),
  };
}

/** What the PCK certificate certifies: under the Processor CA less. */
function pckOf(ca: PckCa, given: Partial<PckFields> = {}): PckFields {
  const components = given.components ?? COMPONENTS;
  const platform = ca === "platform";
  return {
    ppid: random(16),
    components,
    pceSvn: PCE_SVN,
    cpuSvn: Uint8Array.from(components),
    pceId: new Uint8Array(2),
    fmspc: FMSPC,
    sgxType: platform ? 1 : 0,
    platformInstanceId: platform ? random(16) : null,
    configuration: platform ? { dynamicPlatform: true, cachedKeys: true, smtEnabled: true } : null,
    ...given,
  };
}

/** Firmware, kernel and command line stand for nothing; nothing is measured at run time. */
async function rtmrsOf(given: MintTdxOptions["rtmrs"] = {}): Promise<Rtmrs> {
  return [
    given[0] ?? await digestOf("SHA-384", "casemate lab RTMR 0"),
    given[1] ?? await digestOf("SHA-384", "casemate lab RTMR 1"),
    given[2] ?? await digestOf("SHA-384", "casemate lab RTMR 2"),
    given[3] ?? new Uint8Array(48),
  ];
}

/**
 * The platform's keys: those given, and new ones.
 *
 * @param given What was given.
 */
export async function keysOf(given: Partial<QuoteKeys> = {}): Promise<QuoteKeys> {
  return {
    pck: given.pck ?? await generateLabKey("P-256"),
    attestation: given.attestation ?? await generateLabKey("P-256"),
  };
}

/**
 * Id of the platform's quoting enclave, and the zeros behind it.
 */
export function qeUserData(): Uint8Array {
  return concat(random(16), new Uint8Array(4));
}

function random(size: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(size));
}

/**
 * Writes and signs TCB info and QE identities, as Intel's Provisioning
 * Certification Service serves them (PCS API version 4).
 *
 * A document is a plain object that becomes text once: what is signed is
 * exactly that text, and so is what is served.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { type LabKey, signBytes } from "../lab_key.ts";

/** TCB info, version 3; members in the order in which they are written. */
export interface TcbInfo {
  /** `TDX` or `SGX`. */
  readonly id: string;
  /** Version of the form. */
  readonly version: number;
  /** ISO 8601, UTC, whole seconds. */
  readonly issueDate: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly nextUpdate: string;
  /** FMSPC, 6 bytes, hex. */
  readonly fmspc: string;
  /** PCE-ID, 2 bytes, hex. */
  readonly pceId: string;
  /** How SVNs are compared; 0 is the only way. */
  readonly tcbType: number;
  /** Number of the TCB recovery. */
  readonly tcbEvaluationDataNumber: number;
  /** Module of version 0; of TDX alone. */
  readonly tdxModule?: TdxModule;
  /** Modules of other versions; of TDX alone. */
  readonly tdxModuleIdentities?: readonly TdxModuleIdentity[];
  /** Levels, newest first. */
  readonly tcbLevels: readonly TcbLevel<PlatformTcb>[];
}

/** What TDX modules are signed and configured like. */
export interface TdxModule {
  /** MRSIGNERSEAM, 48 bytes, hex. */
  readonly mrsigner: string;
  /** SEAMATTRIBUTES, 8 bytes, hex. */
  readonly attributes: string;
  /** Which of their bits count, 8 bytes, hex. */
  readonly attributesMask: string;
}

/** A version of the TDX module. */
export interface TdxModuleIdentity extends TdxModule {
  /** `TDX_` and the version, two digits of hex. */
  readonly id: string;
  /** Levels, newest first. */
  readonly tcbLevels: readonly TcbLevel<EnclaveTcb>[];
}

/** What a TCB of given SVNs is worth. */
export interface TcbLevel<Tcb> {
  /** SVNs of which each must be reached. */
  readonly tcb: Tcb;
  /** ISO 8601, UTC, whole seconds. */
  readonly tcbDate: string;
  /** Status, as `UpToDate`. */
  readonly tcbStatus: string;
  /** Advisories, as `INTEL-SA-00837`. */
  readonly advisoryIDs?: readonly string[];
}

/** SVNs of a platform. */
export interface PlatformTcb {
  /** 16 components. */
  readonly sgxtcbcomponents: readonly TcbComponentSvn[];
  /** PCESVN. */
  readonly pcesvn: number;
  /** 16 components; of TDX alone. */
  readonly tdxtcbcomponents?: readonly TcbComponentSvn[];
}

/** SVN of a component. */
export interface TcbComponentSvn {
  /** The SVN. */
  readonly svn: number;
  /** Who updates it, as `BIOS`. */
  readonly category?: string;
  /** What it is, as `TDX Module`. */
  readonly type?: string;
}

/** SVN of an enclave or a module. */
export interface EnclaveTcb {
  /** The SVN. */
  readonly isvsvn: number;
}

/** Identity of a quoting enclave, version 2; members in the order in which they are written. */
export interface QeIdentity {
  /** `TD_QE` or `QE`. */
  readonly id: string;
  /** Version of the form. */
  readonly version: number;
  /** ISO 8601, UTC, whole seconds. */
  readonly issueDate: string;
  /** ISO 8601, UTC, whole seconds. */
  readonly nextUpdate: string;
  /** Number of the TCB recovery. */
  readonly tcbEvaluationDataNumber: number;
  /** MISCSELECT, 4 bytes, hex. */
  readonly miscselect: string;
  /** Which of its bits count, hex. */
  readonly miscselectMask: string;
  /** ATTRIBUTES, 16 bytes, hex. */
  readonly attributes: string;
  /** Which of their bits count, hex. */
  readonly attributesMask: string;
  /** MRSIGNER, 32 bytes, hex. */
  readonly mrsigner: string;
  /** ISVPRODID. */
  readonly isvprodid: number;
  /** Levels, newest first. */
  readonly tcbLevels: readonly TcbLevel<EnclaveTcb>[];
}

/** A signed document as it is served. */
export interface DocumentDescription {
  /** Name of the member that holds it. */
  readonly member: string;
  /** The text that is signed and served. */
  readonly text: string;
  /** Key that signs. */
  readonly signWith: LabKey;
  /** Signature in place of a computed one: R and S, 32 bytes each, big-endian. */
  readonly signature?: Uint8Array;
}

/** Collateral, as files of the verifier's. */
export interface TdxCollateral {
  /** TCB info and its signature, JSON. */
  readonly tcbInfo: string;
  /** QE identity and its signature, JSON. */
  readonly qeIdentity: string;
  /** Certificate that signed both, then the Root CA's, PEM. */
  readonly tcbChain: string;
  /** Revocation list of the CA of the PCK certificate, PEM. */
  readonly pckCrl: string;
  /** Certificate of that CA, then the Root CA's, PEM. */
  readonly pckCrlChain: string;
  /** Revocation list of the Root CA, PEM. */
  readonly rootCrl: string;
  /** Certificate and lists as DER. */
  readonly der: CollateralDer;
}

/** Certificate and lists of collateral as DER. */
export interface CollateralDer {
  /** Certificate that signed TCB info and QE identity. */
  readonly tcbSigning: Uint8Array;
  /** Revocation list of the CA. */
  readonly pckCrl: Uint8Array;
  /** Revocation list of the Root CA. */
  readonly rootCrl: Uint8Array;
}

/**
 * TCB info before it is signed.
 *
 * @param info What it says.
 * @param signWith Key that signs.
 */
export function describeTcbInfo(info: TcbInfo, signWith: LabKey): DocumentDescription {
  return { member: "tcbInfo", text: JSON.stringify(info), signWith };
}

/**
 * A QE identity before it is signed.
 *
 * @param identity What it says.
 * @param signWith Key that signs.
 */
export function describeQeIdentity(
  identity: QeIdentity,
  signWith: LabKey,
): DocumentDescription {
  return { member: "enclaveIdentity", text: JSON.stringify(identity), signWith };
}

/**
 * Signs a document and wraps it as the PCS does.
 *
 * @param description Text and key.
 * @param changeText Change to the text after it was signed.
 * @returns JSON of two members: the document, and its signature in hex.
 */
export async function writeDocument(
  description: DocumentDescription,
  changeText: (text: string) => string = (text) => text,
): Promise<string> {
  const { member, text, signWith, signature } = description;
  const signed = new TextEncoder().encode(text);
  const value = signature ??
    await signBytes(signWith, { name: "ECDSA", hash: "SHA-256" }, signed);
  return `{${JSON.stringify(member)}:${changeText(text)},"signature":"${toHex(value)}"}`;
}

/**
 * A moment as the PCS writes it.
 *
 * @param moment The moment; fractions of a second are dropped.
 */
export function pcsTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

/**
 * What Intel's PCS says of a platform, authenticated under the root of the quote's chain.
 *
 * @module
 */

import type { Named } from "../../../core/portable/anchors.ts";
import type { Certificate } from "../../../core/portable/certificate.ts";
import { argumentsOf, unframe } from "../../../core/portable/frame.ts";
import type { TdxCode } from "../codes.ts";
import type { Authority } from "./certificates.ts";
import type { Chain } from "./chain.ts";
import { type Head, QE_IDENTITY, TCB_INFO, verifyDocument } from "./document.ts";
import type { Tee } from "./header.ts";
import { type QeIdentity, readQeIdentity } from "./qe_identity.ts";
import { refuseTdx } from "./refuse.ts";
import { type AuthenticList, CRL_PLACES, verifyList } from "./revocation.ts";
import { LIST_CA, TCB_SIGNING, verifyCrlChain, verifyTcbChain } from "./tcb_chain.ts";
import { readTcbInfo, type TcbInfo } from "./tcb_info.ts";

/** Files that are always there. */
const FILES = 5;

/** The files. */
export interface CollateralFiles {
  /** TCB info. */
  readonly tcbInfo: Uint8Array;
  /** QE identity. */
  readonly qeIdentity: Uint8Array;
  /** TCB signing certificate and root. */
  readonly tcbChain: Uint8Array;
  /** List of the CA. */
  readonly pckCrl: Uint8Array;
  /** List of the root. */
  readonly rootCrl: Uint8Array;
  /** CA and root of the first list; null where it came without. */
  readonly pckCrlChain: Uint8Array | null;
}

/** Collateral that is genuine and about a platform; whether it is in force depends on the time. */
export interface AuthenticCollateral {
  /** TCB info. */
  readonly tcbInfo: TcbInfo;
  /** QE identity. */
  readonly qeIdentity: QeIdentity;
  /** Certificate that signed both. */
  readonly tcbSigning: Certificate;
  /** List of the CA. */
  readonly pckCrl: AuthenticList;
  /** List of the root. */
  readonly rootCrl: AuthenticList;
  /** Certificates that came with it, with their names. */
  readonly certificates: readonly Named[];
}

/**
 * Takes the files out of a field of an operation.
 *
 * @param field TCB info; QE identity; chain of both; list of the CA; list of
 * the root; list of at most one chain of the CA's list. Or nothing at all.
 * @returns Null where nothing was given.
 * @throws {Error} where it is framed otherwise.
 */
export function readCollateralFiles(field: Uint8Array): CollateralFiles | null {
  if (field.length === 0) return null;
  const none = new Uint8Array();
  const fields = argumentsOf(unframe(field, FILES + 1), FILES + 1);
  const [
    tcbInfo = none,
    qeIdentity = none,
    tcbChain = none,
    pckCrl = none,
    rootCrl = none,
    chains = none,
  ] = fields;
  const [pckCrlChain = null] = unframe(chains, 1);
  return { tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl, pckCrlChain };
}

/**
 * Verifies collateral for a platform: chain, lists, documents.
 *
 * @param files The files.
 * @param chain The quote's chain.
 * @param tee Kind of TEE.
 * @throws {RejectedError} `tdx.tcb_chain_*`, `tdx.crl_*`, `tdx.revoked`, `tdx.tcb_info_*`,
 * `tdx.fmspc_mismatch`, `tdx.pceid_mismatch`, `tdx.qe_identity_*`,
 * `tdx.evaluation_number_mismatch`, `tdx.lab_*`, `x509.*`
 * @throws {InputError} `input.*`
 */
export function verifyCollateral(
  files: CollateralFiles,
  chain: Chain,
  tee: Tee,
): AuthenticCollateral {
  const signer = verifyTcbChain(files.tcbChain, chain);
  const signing: Named = [TCB_SIGNING, signer.certificate];
  const ofList: readonly Named[] = files.pckCrlChain === null
    ? []
    : [[LIST_CA, verifyCrlChain(files.pckCrlChain, chain)]];
  const certificates = [signing, ...ofList];
  const lists = verifyLists(files, chain, certificates);
  const tcbInfo = authenticTcbInfo(files.tcbInfo, { signer, chain, tee });
  const qeIdentity = authenticQeIdentity(files.qeIdentity, { signer, tee });
  // Half of an older recovery could hide what the newer one knows.
  check("tdx.evaluation_number_mismatch", numberOf(tcbInfo), numberOf(qeIdentity));
  return { tcbInfo, qeIdentity, tcbSigning: signer.certificate, ...lists, certificates };
}

/** The CA's list is about the PCK certificate, the root's about all that the root issued, itself included. */
function verifyLists(
  { pckCrl, rootCrl }: CollateralFiles,
  { leaf, intermediate, root }: Chain,
  certificates: readonly Named[],
): Pick<AuthenticCollateral, "pckCrl" | "rootCrl"> {
  return {
    pckCrl: verifyList(pckCrl, {
      place: CRL_PLACES.pck,
      issuer: intermediate,
      subjects: [["PCK", leaf]],
    }),
    rootCrl: verifyList(rootCrl, {
      place: CRL_PLACES.root,
      issuer: root,
      subjects: [["root", root.certificate], ["CA", intermediate.certificate], ...certificates],
    }),
  };
}

/** Who signed a document, and whom it must be about. */
interface About {
  readonly signer: Authority;
  readonly chain: Chain;
  readonly tee: Tee;
}

function authenticTcbInfo(file: Uint8Array, { signer, chain, tee }: About): TcbInfo {
  const info = readTcbInfo(verifyDocument(file, TCB_INFO, signer.key));
  const { id, fmspc, pceId } = info.document;
  check("tdx.tcb_info_id", tee, id);
  check("tdx.fmspc_mismatch", chain.pck.fmspc, fmspc);
  check("tdx.pceid_mismatch", chain.pck.pceId, pceId);
  return info;
}

function authenticQeIdentity(
  file: Uint8Array,
  { signer, tee }: Pick<About, "signer" | "tee">,
): QeIdentity {
  const identity = readQeIdentity(verifyDocument(file, QE_IDENTITY, signer.key));
  check("tdx.qe_identity_id", tee === "TDX" ? "TD_QE" : "QE", identity.document.id);
  return identity;
}

function numberOf({ document }: Head): string {
  return `${document.tcbEvaluationDataNumber}`;
}

function check(code: TdxCode, expected: string, actual: string): void {
  if (expected !== actual) throw refuseTdx(code, { expected, actual });
}

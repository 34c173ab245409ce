/**
 * Authenticates what Intel's services answer (PCS, version 4), before it is
 * kept: its maker, and that it is what was asked for. Whether it is in force is
 * left to who keeps it, and revocation to the verification that it is fetched
 * for: a list that revokes something must be kept, too.
 *
 * @module
 */

import type { PinnedRoot } from "../../../core/portable/anchors.ts";
import { type Certificate, summaryOf } from "../../../core/portable/certificate.ts";
import { MAX_CHAIN_BYTES, type Place } from "../../../core/portable/encoding.ts";
import type { CollateralContent } from "../../collateral.ts";
import type { FilesByRole } from "../../evidence.ts";
import type { TdxCode } from "../codes.ts";
import { type Ca, readCertificates } from "./certificates.ts";
import { type Chain, verifyCa, verifyRoot } from "./chain.ts";
import { type Head, QE_IDENTITY, TCB_INFO, verifyDocument } from "./document.ts";
import { readQeIdentity } from "./qe_identity.ts";
import { refuseTdx } from "./refuse.ts";
import { type AuthenticList, CRL_PLACES, verifyList } from "./revocation.ts";
import { TCB_SIGNING, verifyTcbChain } from "./tcb_chain.ts";
import { readTcbInfo } from "./tcb_info.ts";

/** Which TCB recovery was asked for; a number is one in particular. */
export type Recovery = "standard" | "early" | number;

/** What an answer is read with. */
export interface Fetched {
  /** Body in the form that verification takes. */
  readonly body: Uint8Array;
  /** Chain of its issuer: that certificate, then the root. */
  readonly chain: Uint8Array;
  /** Pinned roots. */
  readonly roots: readonly PinnedRoot[];
}

const PLACE: Place = { name: "issuer chain", kind: "certificate", limit: MAX_CHAIN_BYTES };

/**
 * Reads TCB info of TDX.
 *
 * @param fetched The answer.
 * @param asked FMSPC, hex, and which recovery.
 * @throws {RejectedError} `tdx.tcb_chain_*`, `tdx.tcb_info_*`, `tdx.fmspc_mismatch`,
 * `tdx.evaluation_number_mismatch`, `tdx.root_*`, `tdx.lab_*`, `x509.*`
 */
export function readFetchedTcbInfo(
  fetched: Fetched,
  asked: { readonly fmspc: string; readonly recovery: Recovery },
): CollateralContent {
  const under = rootOf(fetched.chain, TCB_SIGNING, fetched.roots);
  const signer = verifyTcbChain(fetched.chain, under);
  const info = readTcbInfo(verifyDocument(fetched.body, TCB_INFO, signer.key));
  check("tdx.tcb_info_id", "TDX", info.document.id);
  check("tdx.fmspc_mismatch", asked.fmspc, info.document.fmspc);
  checkRecovery(info, asked.recovery);
  return {
    files: { tcbInfo: fetched.body, tcbChain: fetched.chain },
    ...documentDates(info, signer.certificate, under),
  };
}

/**
 * Reads the identity of the TDX quoting enclave.
 *
 * @param fetched The answer.
 * @param recovery Which recovery was asked for.
 * @throws {RejectedError} `tdx.tcb_chain_*`, `tdx.qe_identity_*`,
 * `tdx.evaluation_number_mismatch`, `tdx.root_*`, `tdx.lab_*`, `x509.*`
 */
export function readFetchedQeIdentity(fetched: Fetched, recovery: Recovery): CollateralContent {
  const under = rootOf(fetched.chain, TCB_SIGNING, fetched.roots);
  const signer = verifyTcbChain(fetched.chain, under);
  const identity = readQeIdentity(verifyDocument(fetched.body, QE_IDENTITY, signer.key));
  check("tdx.qe_identity_id", "TD_QE", identity.document.id);
  checkRecovery(identity, recovery);
  return {
    files: { qeIdentity: fetched.body, tcbChain: fetched.chain },
    ...documentDates(identity, signer.certificate, under),
  };
}

/**
 * Reads the list of a CA of PCK certificates.
 *
 * @param fetched The answer.
 * @param asked The CA.
 * @throws {RejectedError} `tdx.crl_*`, `tdx.chain_*`, `tdx.root_*`, `tdx.lab_*`, `x509.*`
 */
export function readFetchedPckList(fetched: Fetched, asked: Ca): CollateralContent {
  const under = rootOf(fetched.chain, "CA", fetched.roots);
  const [certificate] = readCertificates(fetched.chain, PLACE, ["CA", "root"]);
  if (certificate === undefined) throw new TypeError("A chain has no certificate");
  const { ca, ...issuer } = verifyCa(certificate, under);
  check("tdx.crl_issuer", asked, ca);
  const list = verifyList(fetched.body, { place: CRL_PLACES.pck, issuer, subjects: [] });
  return listContent(list, { pckCrl: fetched.body, pckCrlChain: fetched.chain }, under);
}

/**
 * Reads the root's list, which comes without a chain.
 *
 * @param fetched The answer, and a chain whose last certificate is the root.
 * @throws {RejectedError} `tdx.crl_*`, `tdx.root_*`, `tdx.lab_*`, `x509.*`
 */
export function readFetchedRootList(fetched: Fetched): CollateralContent {
  const under = rootOf(fetched.chain, "issuer", fetched.roots);
  const place = CRL_PLACES.root;
  const list = verifyList(fetched.body, { place, issuer: under.root, subjects: [] });
  return listContent(list, { rootCrl: fetched.body }, under);
}

/** The second of two certificates, which must be a trusted root. */
function rootOf(
  chain: Uint8Array,
  first: string,
  roots: readonly PinnedRoot[],
): Pick<Chain, "root" | "lab"> {
  const root = readCertificates(chain, PLACE, [first, "root"]).at(-1);
  if (root === undefined) throw new TypeError("A chain has no certificate");
  return verifyRoot(root, roots);
}

function checkRecovery({ document }: Head, asked: Recovery): void {
  if (typeof asked !== "number") return;
  check("tdx.evaluation_number_mismatch", `${asked}`, `${document.tcbEvaluationDataNumber}`);
}

function check(code: TdxCode, expected: string, actual: string): void {
  if (expected !== actual) throw refuseTdx(code, { expected, actual });
}

/** A document holds no longer than the certificates above it. */
function documentDates(
  { document, window }: Head,
  signer: Certificate,
  { root }: Pick<Chain, "root">,
): Omit<CollateralContent, "files"> {
  const ends = [window, signer.window, root.certificate.window].map(({ until }) => until);
  return {
    issued: dateOf(window.from),
    expires: dateOf(Math.min(...ends)),
    sequence: `${document.tcbEvaluationDataNumber}`,
    root: summaryOf(root.certificate).sha256,
  };
}

function listContent(
  { list, window }: AuthenticList,
  files: FilesByRole,
  { root }: Pick<Chain, "root">,
): CollateralContent {
  return {
    files,
    issued: dateOf(window.from),
    expires: dateOf(window.until),
    sequence: list.number === null ? null : `${BigInt(`0x${list.number}`)}`,
    root: summaryOf(root.certificate).sha256,
  };
}

function dateOf(seconds: number): Date {
  return new Date(1000 * seconds);
}

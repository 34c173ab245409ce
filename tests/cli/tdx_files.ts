/**
 * TDX files that the command lines of these tests name: lab evidence, whole and bent.
 *
 * @module
 */

import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import {
  createIntelAuthority,
  mintCollateral,
  type MintedTdx,
  mintTdx,
  pem,
} from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import type { FakeFile } from "./fake_host.ts";

/** Nonce that the evidence answers. */
const NONCE = "5f1e00a1";

const authority = await createIntelAuthority({ now: NOW });
/** The platform, so that what is printed of it does not change. */
const pck = {
  ppid: new Uint8Array(16).fill(0xd5),
  platformInstanceId: new Uint8Array(16).fill(0xd6),
};
const options = { now: NOW, reportData: fromHex(NONCE), pck };

/** Whole evidence. */
export const minted: MintedTdx = await mintTdx(authority, options);

const { keys } = minted;
const newer = await mintTdx(authority, { ...options, version: 5, keys });
const debuggable = await mintTdx(authority, { ...options, keys, tdAttributes: 1n | 1n << 28n });
const enclave = await mintTdx(authority, { ...options, version: 3 });
const behind = await mintCollateral(authority, { ...options, tcbStatus: "OutOfDate" });
const revoked = await mintCollateral(authority, { ...options, tcbStatus: "Revoked" });
/** Collateral of another lab: the same names, other keys. */
const twin = await mintCollateral(await createIntelAuthority({ now: NOW }), options);

/** Offset of MRTD in a quote of version 4: 48 bytes of header, 136 before it in the TD report. */
const MRTD_AT = 48 + 136;

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => i === at ? byte ^ 1 : byte);
}

const [MRTD, RTMR1, RTMR2] = [minted.mrTd, minted.rtmrs[1], minted.rtmrs[2]].map(toHex);

/** Content by path. */
export const TDX_FILES: Readonly<Record<string, FakeFile>> = {
  "quote.bin": minted.quote,
  "quote5.bin": newer.quote,
  "tcb.json": minted.tcbInfo,
  "qe.json": minted.qeIdentity,
  "tcb-chain.pem": minted.tcbChain,
  "tcb-chain.der": concat(minted.der.tcbSigning, minted.der.root),
  "tcb-chain.header": encodeURIComponent(minted.tcbChain),
  "pck-crl.pem": minted.pckCrl,
  "pck-crl.der": minted.der.pckCrl,
  "pck-crl.hex": toHex(minted.der.pckCrl),
  "ca-chain.pem": minted.pckCrlChain,
  "root-crl.pem": minted.rootCrl,
  "root-crl.der": minted.der.rootCrl,
  "root-crl.hex": `${toHex(minted.der.rootCrl).toUpperCase()}\n`,
  "intel-root.pem": minted.root,
  "pck.pem": pem("CERTIFICATE", minted.der.pck),
  "quote-bent.bin": flipped(minted.quote, MRTD_AT + 20),
  "quote-short.bin": minted.quote.subarray(0, -1),
  "quote-debug.bin": debuggable.quote,
  "quote-padded.bin": concat(minted.quote, new Uint8Array(70)),
  "quote-followed.bin": concat(minted.quote, Uint8Array.of(0, 1)),
  "quote.hex": `${toHex(minted.quote)}\n`,
  "sgx.bin": enclave.quote,
  "sgx-tcb.json": enclave.tcbInfo,
  "sgx-qe.json": enclave.qeIdentity,
  "tcb-behind.json": behind.tcbInfo,
  "tcb-revoked.json": revoked.tcbInfo,
  "tcb-twin.json": twin.tcbInfo,
  "tcb-cut.json": minted.tcbInfo.slice(0, 400),
  "tcb-changed.json": JSON.stringify(JSON.parse(minted.tcbInfo), null, 2),
  "td.yaml": `version: 1\ntdx: {mrTd: ["${MRTD}"], rtmr1: ["${RTMR1}"], rtmr2: ["${RTMR2}"]}\n`,
  "td-behind.yaml": "version: 1\ntdx: {tcbStatuses: [UpToDate, OutOfDate]}\n",
  "td-typo.yaml": "version: 1\ntdx: {tcbStatuses: [OutofDate]}\n",
};

const COLLATERAL = {
  "--tcb-info": "tcb.json",
  "--qe-identity": "qe.json",
  "--tcb-chain": "tcb-chain.pem",
  "--pck-crl": "pck-crl.pem",
  "--root-crl": "root-crl.pem",
};

/** The flags of the collateral with their files, without some. */
function collateral(...without: readonly string[]): string {
  const given = Object.entries(COLLATERAL).filter(([flag]) => !without.includes(flag));
  return given.map((pair) => pair.join(" ")).join(" ");
}

/** Words that stand for several in a command line. */
export const TDX_WORDS: Readonly<Record<string, string>> = {
  "@td": `--quote quote.bin ${collateral()} --lab-root intel-root.pem`,
  "@collateral": `${collateral()} --lab-root intel-root.pem`,
  "@without-tcb-info": `${collateral("--tcb-info")} --lab-root intel-root.pem`,
  "@without-qe-identity": `${collateral("--qe-identity")} --lab-root intel-root.pem`,
  "@without-chain": `${collateral("--tcb-chain")} --lab-root intel-root.pem`,
  "@without-lists": `${collateral("--pck-crl", "--root-crl")} --lab-root intel-root.pem`,
  "@pins": `--nonce ${NONCE} --mrtd ${MRTD} --rtmr1 ${RTMR1} --rtmr2 ${RTMR2}`,
  "@mrtd": `--mrtd ${MRTD}`,
};

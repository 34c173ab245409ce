/**
 * What Intel's provisioning certification service (PCS, version 4) and its
 * certificate server hand out for TDX, as requests and the reading of answers.
 *
 * Each address is made of hex, integers and words out of tables, and of nothing
 * else: no address in a certificate or a quote is ever followed.
 *
 * @module
 */

import { isBytes } from "../../core/bytes.ts";
import { refusal } from "../../core/refusal.ts";
import { pinnedRoots, withLabRoots } from "../anchors.ts";
import type { CollateralAnswer, CollateralContext, CollateralItem } from "../collateral.ts";
import { INTEL_ROOTS } from "./roots.ts";
import { plainForm } from "./files.ts";
import type { Ca } from "./portable/certificates.ts";
import type { Fetched, Recovery } from "./portable/fetched.ts";
import { broughtList, broughtPair, broughtPckList } from "./brought.ts";

export type { Recovery } from "./portable/fetched.ts";
export type { Ca } from "./portable/certificates.ts";

/** Most bytes of a document; Intel's have up to 20 KiB. */
const MAX_DOCUMENT_BYTES = 128 * 1024;
/** Most bytes of a list: caches of the PCS hand them out as hex. */
const MAX_LIST_BYTES = 2 * 1024 * 1024 + 16;

/** Documents of one TCB recovery, which are verified together. */
const SERIES = "tcb-recovery";

/** Headers in which issuer chains come, percent-encoded PEM (PCS, "Response" of each). */
export const CHAIN_HEADERS = {
  tcbInfo: "tcb-info-issuer-chain",
  qeIdentity: "sgx-enclave-identity-issuer-chain",
  pckList: "sgx-pck-crl-issuer-chain",
} as const;

/**
 * TCB info of a platform ("Get TDX TCB Info").
 *
 * @param fmspc FMSPC, 6 bytes, lowercase hex.
 * @param recovery Which TCB recovery.
 * @throws {TypeError} where it is no FMSPC, which only calling code can give.
 */
export function tcbInfoItem(fmspc: string, recovery: Recovery): CollateralItem {
  if (!/^[0-9a-f]{12}$/.test(fmspc)) throw new TypeError("Cannot ask for TCB info: no FMSPC");
  const header = CHAIN_HEADERS.tcbInfo;
  return {
    ...ofPcs(`/tdx/certification/v4/tcb?fmspc=${fmspc}&${recoveryQuery(recovery)}`),
    title: `TCB info of platform ${fmspc}`,
    kind: "tcb-info",
    roles: ["tcbInfo", "tcbChain"],
    series: SERIES,
    keepHeaders: [header],
    maxBytes: MAX_DOCUMENT_BYTES,
    read: async (answer, context) => {
      const { readFetchedTcbInfo } = await import("./portable/fetched.ts");
      return readFetchedTcbInfo(await fetched(answer, header, context), { fmspc, recovery });
    },
    brought: broughtPair("tcbInfo", "tcbChain", header),
  };
}

/**
 * Identity of the TDX quoting enclave ("Get TDX QE Identity").
 *
 * @param recovery Which TCB recovery.
 */
export function qeIdentityItem(recovery: Recovery): CollateralItem {
  const header = CHAIN_HEADERS.qeIdentity;
  return {
    ...ofPcs(`/tdx/certification/v4/qe/identity?${recoveryQuery(recovery)}`),
    title: "Identity of the TDX quoting enclave",
    kind: "qe-identity",
    roles: ["qeIdentity", "tcbChain"],
    series: SERIES,
    keepHeaders: [header],
    maxBytes: MAX_DOCUMENT_BYTES,
    read: async (answer, context) => {
      const { readFetchedQeIdentity } = await import("./portable/fetched.ts");
      return readFetchedQeIdentity(await fetched(answer, header, context), recovery);
    },
    brought: broughtPair("qeIdentity", "tcbChain", header),
  };
}

/**
 * List of a CA of PCK certificates ("Get Revocation List").
 *
 * @param ca Which CA.
 */
export function pckListItem(ca: Ca): CollateralItem {
  const header = CHAIN_HEADERS.pckList;
  return {
    ...ofPcs(`/sgx/certification/v4/pckcrl?ca=${ca}&encoding=der`),
    title: `Revocation list of Intel's ${ca} CA`,
    kind: "crl",
    roles: ["pckCrl", "pckCrlChain"],
    keepHeaders: [header],
    maxBytes: MAX_LIST_BYTES,
    read: async (answer, context) => {
      const { readFetchedPckList } = await import("./portable/fetched.ts");
      return readFetchedPckList(await fetched(answer, header, context), ca);
    },
    brought: broughtPckList(header),
  };
}

/**
 * The root's list, from where its certificates say that it is; a PCCS, which
 * has no such file, has it under its own path, as hex.
 *
 * @param recovery Which QE identity brings the root's certificate, so that nothing else must be asked for.
 */
export function rootListItem(recovery: Recovery): CollateralItem {
  return { ...rootList(OWN_ROOT_LIST, recovery), instead: [rootList(PCCS_ROOT_LIST, recovery)] };
}

const OWN_ROOT_LIST = { service: "intel-certificates", path: "/IntelSGXRootCA.der" } as const;

/** It is the same list wherever it lies. */
const ROOT_LIST = `${OWN_ROOT_LIST.service}${OWN_ROOT_LIST.path}`;

const PCCS_ROOT_LIST = {
  service: "intel-pcs",
  path: "/sgx/certification/v4/rootcacrl",
} as const;

function rootList(
  { service, path }: Pick<CollateralItem, "service" | "path">,
  recovery: Recovery,
): CollateralItem {
  return {
    key: `${service}${path}`,
    title: "Revocation list of Intel's root",
    kind: "crl",
    service,
    path,
    keepHeaders: [],
    maxBytes: MAX_LIST_BYTES,
    immutable: false,
    roles: ["rootCrl"],
    document: ROOT_LIST,
    needs: [qeIdentityItem(recovery)],
    read: async ({ body }, context) => {
      const { readFetchedRootList } = await import("./portable/fetched.ts");
      const chain = context.needed[0]?.files["tcbChain"];
      if (!isBytes(chain)) throw new TypeError("Cannot read the root's list without the root");
      return readFetchedRootList({ body: plainForm(body), chain, roots: await rootsOf(context) });
    },
    brought: broughtList("rootCrl"),
  };
}

/**
 * Finds an item by its key alone.
 *
 * @param key The key; may be anybody's.
 * @returns Null where it is none of these, or not written exactly like them.
 */
export function tdxItemOfKey(key: string): CollateralItem | null {
  const item = itemOf(key);
  return item?.key === key ? item : null;
}

function itemOf(key: string): CollateralItem | null {
  const [, fmspc, ofTcb] =
    /^intel-pcs\/tdx\/certification\/v4\/tcb\?fmspc=([0-9a-f]{12})&(.+)$/.exec(key) ?? [];
  if (fmspc !== undefined) return withRecovery(ofTcb, (one) => tcbInfoItem(fmspc, one));
  const [, ofQe] = /^intel-pcs\/tdx\/certification\/v4\/qe\/identity\?(.+)$/.exec(key) ?? [];
  if (ofQe !== undefined) return withRecovery(ofQe, qeIdentityItem);
  const others = [pckListItem("platform"), pckListItem("processor"), rootListItem("standard")];
  return [...others, rootList(PCCS_ROOT_LIST, "standard")].find((one) => one.key === key) ?? null;
}

function withRecovery(
  query: string | undefined,
  make: (recovery: Recovery) => CollateralItem,
): CollateralItem | null {
  if (query === "update=standard") return make("standard");
  if (query === "update=early") return make("early");
  const [, number] = /^tcbEvaluationDataNumber=([0-9]{1,9})$/.exec(query ?? "") ?? [];
  return number === undefined ? null : make(Number(number));
}

/** The service takes one of the two, never both. */
function recoveryQuery(recovery: Recovery): string {
  if (typeof recovery === "string") return `update=${recovery}`;
  if (Number.isSafeInteger(recovery) && recovery >= 0 && recovery < 1e9) {
    return `tcbEvaluationDataNumber=${recovery}`;
  }
  throw new TypeError("Cannot ask for a TCB recovery: its number is none");
}

function ofPcs(
  path: string,
): Pick<CollateralItem, "key" | "service" | "path" | "immutable"> {
  return { key: `intel-pcs${path}`, service: "intel-pcs", path, immutable: false };
}

/** Body and issuer chain of an answer in the forms that verification takes, and roots. */
async function fetched(
  { body, headers }: CollateralAnswer,
  header: string,
  context: CollateralContext,
): Promise<Fetched> {
  const chain = headers[header];
  if (chain === undefined) {
    throw refusal("tdx.tcb_chain_shape", { reason: `the answer has no header ${header}` });
  }
  return {
    body: plainForm(body),
    chain: plainForm(new TextEncoder().encode(chain)),
    roots: await rootsOf(context),
  };
}

async function rootsOf({ engine, labRoots }: CollateralContext): Promise<Fetched["roots"]> {
  return pinnedRoots(await withLabRoots(engine, INTEL_ROOTS, labRoots));
}

/**
 * A double of Intel's provisioning certification service, of its certificate
 * server and of a caching service (PCCS), over a lab's authority.
 *
 * Shapes are those of Intel's "Provisioning Certification Service" API documentation, version 4. "Get TDX TCB Info":
 * query `fmspc` of 12 hex digits, `update` of `early` or `standard`, or `tcbEvaluationDataNumber`, never both; 200 with
 * `TCB-Info-Issuer-Chain`, 400, 404 "TCB info not found", 410 "no longer available". "Get TDX QE Identity": 200 with
 * `SGX-Enclave-Identity-Issuer-Chain`. "Get Revocation List": query `ca` and `encoding`, 200 with
 * `SGX-PCK-CRL-Issuer-Chain`, `application/pkix-crl` or `application/x-pem-file`. Chains are PEM, percent-encoded: the
 * signing certificate or CA, then the root; `Request-ID` stands in each answer. The root's list lies on the
 * certificate server as DER. From memory: that a PCCS gives lists as hex, and the root's below `rootcacrl`.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";
import {
  type Bend,
  type CrlDescription,
  type IntelAuthority,
  mintCollateral,
  type MintTdxOptions,
  type PckCa,
  type QeIdentity,
  type TcbInfo,
  type TdxCollateral,
} from "../../src/lab/mod.ts";
import { type VendorDouble, vendorDouble } from "./vendor.ts";

/** What the service knows and says; tests change it. */
export interface PcsState {
  /** Who signs. */
  authority: IntelAuthority;
  /** Platforms, by FMSPC; each as its quotes are minted. */
  platforms: Readonly<Record<string, Omit<MintTdxOptions, "now">>>;
  /** Time of issue of all that it says. */
  issued: Date;
  /** Number of the TCB recovery that is standard. */
  standard: number;
  /** Number of the one that is published early. */
  early: number;
  /** Numbers that were, and are no longer. */
  gone: readonly number[];
  /** Change to lists before they are signed. */
  bendList: Bend<CrlDescription> | null;
  /** What it hands out in place of what was asked for. */
  swap: "nothing" | "other-fmspc" | "other-ca" | "enclave";
  /** Whether it is a caching service. */
  isCache: boolean;
}

/** The double. */
export interface FakePcs extends VendorDouble {
  /** What it knows. */
  readonly state: PcsState;
  /** The certificate server, where the root's list lies. */
  readonly certificates: VendorDouble;
}

/** Addresses of the services. */
export const PCS_ORIGIN = "https://api.trustedservices.intel.com";
/** The same of the certificate server. */
export const INTEL_CERTIFICATES_ORIGIN = "https://certificates.trustedservices.intel.com";

/**
 * Makes the double.
 *
 * @param state What it knows and says.
 */
export function fakePcs(
  state: Pick<PcsState, "authority" | "platforms" | "issued"> & Partial<PcsState>,
): FakePcs {
  const own: PcsState = {
    standard: 20,
    early: 21,
    gone: [15],
    bendList: null,
    swap: "nothing",
    isCache: false,
    ...state,
  };
  const certificates = vendorDouble((url) => rootList(own, url, "/IntelSGXRootCA.der"));
  return Object.assign(vendorDouble((url) => answer(own, url)), { state: own, certificates });
}

async function answer(state: PcsState, url: URL): Promise<Response> {
  switch (url.pathname) {
    case "/tdx/certification/v4/tcb":
      return await tcbInfo(state, url.searchParams);
    case "/tdx/certification/v4/qe/identity":
      return await qeIdentity(state, url.searchParams);
    case "/sgx/certification/v4/pckcrl":
      return await pckList(state, url.searchParams);
    default:
      return state.isCache
        ? await rootList(state, url, "/sgx/certification/v4/rootcacrl")
        : failed(404);
  }
}

async function tcbInfo(state: PcsState, query: URLSearchParams): Promise<Response> {
  const fmspc = query.get("fmspc") ?? "";
  if (!/^[0-9a-fA-F]{12}$/.test(fmspc)) return failed(400);
  const recovery = recoveryOf(state, query);
  if (recovery.status !== 200) return failed(recovery.status);
  const platform = state.platforms[fmspc.toLowerCase()];
  if (platform === undefined) return failed(404);
  const minted = await mint(state, platform, recovery.number);
  return document(minted.tcbInfo, "TCB-Info-Issuer-Chain", minted.tcbChain);
}

async function qeIdentity(state: PcsState, query: URLSearchParams): Promise<Response> {
  const recovery = recoveryOf(state, query);
  if (recovery.status !== 200) return failed(recovery.status);
  const minted = await mint(state, {}, recovery.number);
  return document(minted.qeIdentity, "SGX-Enclave-Identity-Issuer-Chain", minted.tcbChain);
}

async function pckList(state: PcsState, query: URLSearchParams): Promise<Response> {
  const ca = query.get("ca");
  const encoding = query.get("encoding") ?? "pem";
  if (ca !== "platform" && ca !== "processor") return failed(400);
  if (encoding !== "pem" && encoding !== "der") return failed(400);
  const given = state.swap === "other-ca" ? otherCa(ca) : ca;
  const { der, pckCrl, pckCrlChain } = await mint(state, { ca: given }, state.standard);
  const headers = { "SGX-PCK-CRL-Issuer-Chain": encodeURIComponent(pckCrlChain) };
  if (state.isCache) return list(toHex(der.pckCrl), "application/x-pem-file", headers);
  return encoding === "der"
    ? list(new Uint8Array(der.pckCrl), "application/pkix-crl", headers)
    : list(pckCrl, "application/x-pem-file", headers);
}

async function rootList(state: PcsState, url: URL, path: string): Promise<Response> {
  const isOwn = state.isCache === path.startsWith("/sgx/");
  if (url.pathname !== path || !isOwn) return failed(404);
  const { der } = await mint(state, {}, state.standard);
  return state.isCache
    ? list(toHex(der.rootCrl), "application/x-pem-file", {})
    : list(new Uint8Array(der.rootCrl), "application/pkix-crl", {});
}

/** Which recovery is asked for; both ways of saying so at once are refused. */
function recoveryOf(
  state: PcsState,
  query: URLSearchParams,
): { readonly status: number; readonly number: number } {
  const [update, number] = [query.get("update"), query.get("tcbEvaluationDataNumber")];
  if (update !== null && number !== null) return { status: 400, number: 0 };
  if (number !== null) {
    const asked = Number(number);
    if (!/^[0-9]+$/.test(number)) return { status: 400, number: 0 };
    if (state.gone.includes(asked)) return { status: 410, number: asked };
    const isKnown = asked === state.standard || asked === state.early;
    return { status: isKnown ? 200 : 404, number: asked };
  }
  if (update === "early") return { status: 200, number: state.early };
  const isStandard = update === null || update === "standard";
  return { status: isStandard ? 200 : 400, number: state.standard };
}

function mint(
  state: PcsState,
  platform: Omit<MintTdxOptions, "now">,
  number: number,
): Promise<TdxCollateral> {
  const { authority, issued, swap, bendList } = state;
  const lists = bendList === null ? {} : { pckCrl: bendList, rootCrl: bendList };
  return mintCollateral(authority, {
    now: issued,
    ...(swap === "enclave" ? { ...platform, version: 3, body: "sgx" } : platform),
    bends: {
      tcbInfo: (info: TcbInfo) => ({
        ...info,
        tcbEvaluationDataNumber: number,
        ...(swap === "other-fmspc" ? { fmspc: "00AA00AA00AA" } : {}),
      }),
      qeIdentity: (identity: QeIdentity) => ({ ...identity, tcbEvaluationDataNumber: number }),
      ...lists,
    },
  });
}

function otherCa(ca: PckCa): PckCa {
  return ca === "platform" ? "processor" : "platform";
}

function document(text: string, header: string, chain: string): Response {
  return new Response(text, {
    headers: {
      "Content-Type": "application/json",
      "Request-ID": "0".repeat(32),
      [header]: encodeURIComponent(chain),
    },
  });
}

function list(
  body: BodyInit,
  type: string,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(body, {
    headers: { "Content-Type": type, "Request-ID": "0".repeat(32), ...headers },
  });
}

function failed(status: number): Response {
  return new Response(null, { status, headers: { "Request-ID": "0".repeat(32) } });
}

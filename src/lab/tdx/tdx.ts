/**
 * Mints whole TDX evidence: quote, collateral, root. SGX quotes are minted the
 * same way, since they are verified by the same code.
 *
 * @module
 */

import { concat, fromHex } from "../../core/bytes.ts";
import { bend } from "../bend.ts";
import {
  type CertificateDescription,
  writeCertificate,
} from "../../core/x509_writer/certificate.ts";
import { digestOf, padded } from "../fields.ts";
import type { LabKey } from "../lab_key.ts";
import { pem } from "../pem.ts";
import type { IntelAuthority } from "./authority.ts";
import type { CollateralDer, TdxCollateral } from "./collateral.ts";
import { bentAuthority, writeCollateral } from "./mint_collateral.ts";
import {
  keysOf,
  type Minting,
  type MintTdxOptions,
  qeUserData,
  type TdxBends,
  withDefaults,
} from "./options.ts";
import { describePck, type PckFields } from "./pck.ts";
import {
  QUOTE_NUMBERS,
  type QuoteDescription,
  type QuoteHeader,
  type QuoteKeys,
  rawPublicKey,
  writeQuote,
} from "./quote.ts";
import type { EnclaveReportFields, Rtmrs, TdReportFields } from "./quote_body.ts";

/** Intel's id as vendor of quoting enclaves. */
const INTEL_QE_VENDOR = "939a7233f79c4ca9940a0db3957f0607";

/** Flags of an enclave that runs: INIT and MODE64BIT. */
const ENCLAVE_FLAGS = 0x5n;

/** The same and PROVISION_KEY, which quoting enclaves have. */
const QE_FLAGS = 0x15n;

/** XFRM of an enclave: x87, SSE, AVX, AVX-512. */
const ENCLAVE_XFRM = 0xe7n;

/** Types of body in quotes of version 5. */
const BODY_TYPES = {
  "sgx": QUOTE_NUMBERS.enclaveBody,
  "tdx-1.0": QUOTE_NUMBERS.tdBody10,
  "tdx-1.5": QUOTE_NUMBERS.tdBody15,
} as const;

/** Minted evidence: the quote, and the files of its collateral. */
export interface MintedTdx extends TdxCollateral {
  /** The quote. */
  readonly quote: Uint8Array;
  /** The Root CA's certificate alone, PEM, bent if it was: what `--lab-root` takes. */
  readonly root: string;
  /** MRTD in the quote; empty where the body is an enclave's. */
  readonly mrTd: Uint8Array;
  /** RTMR 0 to 3 in the quote; empty where the body is an enclave's. */
  readonly rtmrs: Rtmrs;
  /** REPORTDATA in the quote, 64 bytes. */
  readonly reportData: Uint8Array;
  /** What the PCK certificate certifies, unless it was bent. */
  readonly pck: PckFields;
  /** The keys that signed, to sign bent quotes with `signQuote`. */
  readonly keys: QuoteKeys;
  /** Certificates and lists as DER. */
  readonly der: MintedTdxDer;
}

/** Certificates and lists of minted evidence as DER. */
export interface MintedTdxDer extends CollateralDer {
  /** PCK certificate. */
  readonly pck: Uint8Array;
  /** Platform CA or Processor CA. */
  readonly ca: Uint8Array;
  /** Root CA. */
  readonly root: Uint8Array;
}

/**
 * Mints evidence that verifies under the authority's root, unless bent.
 *
 * It says nothing about any hardware: each certificate carries the lab mark.
 *
 * @param authority Who issues.
 * @param options Time, contents and bends.
 * @throws {RangeError} if a byte string or number does not fit its place.
 *
 * @example
 * ```ts
 * import { createIntelAuthority, mintTdx } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const authority = await createIntelAuthority({ now });
 * const { quote, tcbInfo } = await mintTdx(authority, { now });
 * if (quote[0] !== 4) throw new Error("not a quote of version 4");
 * if (!tcbInfo.startsWith('{"tcbInfo":{"id":"TDX"')) throw new Error("not TCB info");
 * ```
 */
export async function mintTdx(
  authority: IntelAuthority,
  options: MintTdxOptions,
): Promise<MintedTdx> {
  const { bends = {} } = options;
  const minting = await withDefaults(options);
  const keys = await keysOf(options.keys);
  const issuer = await bentAuthority(authority, minting.ca, bends);
  const collateral = options.collateralFrom ?? await writeCollateral(issuer, minting, bends);
  const chain = {
    pck: await writeCertificate(bend(await pckOf(issuer, minting, keys.pck), bends.pck)),
    ca: issuer[minting.ca].certificate,
    root: issuer.root.certificate,
  };
  const description = await describeQuote(minting, keys, writeChain(chain), bends);
  return {
    ...textsOf(collateral),
    quote: await writeQuote(description),
    root: pem("CERTIFICATE", chain.root),
    ...registersOf(description),
    pck: minting.pck,
    keys,
    der: { ...derOf(collateral), ...chain },
  };
}

/** The texts of collateral, without what else an earlier call returned with them. */
function textsOf(collateral: TdxCollateral): Omit<TdxCollateral, "der"> {
  const { tcbInfo, qeIdentity, tcbChain, pckCrl, pckCrlChain, rootCrl } = collateral;
  return { tcbInfo, qeIdentity, tcbChain, pckCrl, pckCrlChain, rootCrl };
}

/** The same of its DER. */
function derOf({ der: { tcbSigning, pckCrl, rootCrl } }: TdxCollateral): CollateralDer {
  return { tcbSigning, pckCrl, rootCrl };
}

/** What the PCK certificate says. */
function pckOf(
  issuer: IntelAuthority,
  { ca, pck, now }: Minting,
  key: LabKey,
): Promise<CertificateDescription> {
  return describePck({ ca, key, issuerKey: issuer[ca].key, fields: pck, now });
}

/** The chain as quotes carry it: PEM, leaf first, and the NUL byte that ends a C string. */
function writeChain(
  { pck, ca, root }: Pick<MintedTdxDer, "pck" | "ca" | "root">,
): Uint8Array {
  const text = [pck, ca, root].map((der) => pem("CERTIFICATE", der)).join("");
  return new TextEncoder().encode(`${text}\0`);
}

/** What the quote of an honest guest on an up-to-date host says. */
async function describeQuote(
  minting: Minting,
  keys: QuoteKeys,
  chain: Uint8Array,
  bends: TdxBends,
): Promise<QuoteDescription> {
  const { version, body } = minting;
  const attestationKey = rawPublicKey(keys.attestation);
  const qeReport = await describeQeReport(minting, attestationKey);
  const description: QuoteDescription = {
    header: bend(describeHeader(minting), bends.header),
    descriptor: version === 5 ? { type: BODY_TYPES[body] } : null,
    body: body === "sgx"
      ? bend(await describeEnclave(minting), bends.enclave)
      : bend(await describeTd(minting), bends.body),
    signature: keys.attestation,
    attestationKey,
    outer: version === 3 ? null : { type: QUOTE_NUMBERS.qeReport },
    qeReport: bend(qeReport, bends.qeReport),
    qeReportSignature: keys.pck,
    authenticationData: { bytes: minting.qeAuthenticationData },
    certification: { type: QUOTE_NUMBERS.pckChain, bytes: chain },
    trailing: new Uint8Array(),
  };
  return bend(description, bends.quote);
}

/** The header; version 3 names SVNs where later ones have reserved fields. */
function describeHeader({ version, tee, qeSvn, pck }: Minting): QuoteHeader {
  return {
    version,
    attestationKeyType: QUOTE_NUMBERS.p256,
    teeType: tee === "SGX" ? QUOTE_NUMBERS.sgx : QUOTE_NUMBERS.tdx,
    qeSvn: version === 3 ? qeSvn : 0,
    pceSvn: version === 3 ? pck.pceSvn : 0,
    qeVendor: fromHex(INTEL_QE_VENDOR),
    userData: qeUserData(),
  };
}

/** The report of an honest trust domain. */
async function describeTd(minting: Minting): Promise<TdReportFields> {
  return {
    teeTcbSvn: minting.teeTcbSvn,
    mrSeam: await digestOf("SHA-384", "casemate lab TDX module"),
    mrSignerSeam: new Uint8Array(48),
    seamAttributes: 0n,
    tdAttributes: minting.tdAttributes,
    xfam: minting.xfam,
    mrTd: minting.mrTd,
    mrConfigId: new Uint8Array(48),
    mrOwner: new Uint8Array(48),
    mrOwnerConfig: new Uint8Array(48),
    rtmrs: minting.rtmrs,
    reportData: minting.reportData,
    added: minting.body === "tdx-1.0"
      ? null
      : { teeTcbSvn2: minting.tdxSvn, mrServiceTd: new Uint8Array(48) },
  };
}

/** The report of the lab's quoting enclave, bound to the attestation key and the authentication data. */
async function describeQeReport(
  minting: Minting,
  attestationKey: Uint8Array,
): Promise<EnclaveReportFields> {
  const bound = concat(attestationKey, minting.qeAuthenticationData);
  return {
    ...await describeEnclave(minting),
    flags: QE_FLAGS,
    mrEnclave: await digestOf("SHA-256", "casemate lab quoting enclave"),
    mrSigner: minting.qeSigner,
    isvProdId: minting.qeProdId,
    isvSvn: minting.qeSvn,
    reportData: padded(new Uint8Array(await crypto.subtle.digest("SHA-256", bound)), 64),
  };
}

/** The report of an honest enclave. */
async function describeEnclave({ pck, reportData }: Minting): Promise<EnclaveReportFields> {
  return {
    cpuSvn: pck.cpuSvn,
    miscSelect: 0,
    isvExtProdId: new Uint8Array(16),
    flags: ENCLAVE_FLAGS,
    xfrm: ENCLAVE_XFRM,
    mrEnclave: await digestOf("SHA-256", "casemate lab enclave"),
    mrSigner: await digestOf("SHA-256", "casemate lab signer of enclaves"),
    configId: new Uint8Array(64),
    isvProdId: 0,
    isvSvn: 0,
    configSvn: 0,
    isvFamilyId: new Uint8Array(16),
    reportData,
  };
}

/** What was written into the body, for who wants to expect it. */
function registersOf(
  { body }: QuoteDescription,
): Pick<MintedTdx, "mrTd" | "rtmrs" | "reportData"> {
  const none = new Uint8Array();
  const nothing = { mrTd: none, rtmrs: [none, none, none, none], reportData: none } as const;
  if (body instanceof Uint8Array) return nothing;
  const { reportData } = body;
  return "mrTd" in body
    ? { mrTd: body.mrTd, rtmrs: body.rtmrs, reportData }
    : { ...nothing, reportData };
}

/**
 * Inputs of the contract over evidence that the lab mints, and asking a stage.
 *
 * @module
 */

import { toBase64 } from "../../src/core/bytes.ts";
import { type Answer, runStage, type Settings } from "../../src/conformance/mod.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import {
  type MintedSnp,
  type MintedTdx,
  mintSnp,
  type MintSnpOptions,
  mintTdx,
  type MintTdxOptions,
  pem,
} from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { labAuthority, NOW } from "../lab_authority.ts";

/** Stage of SEV-SNP. */
export const SEV = "verify-attestation-sev";
/** Stage of TDX. */
export const TDX = "verify-attestation-tdx";

/** Any object. */
export type Plain = Readonly<Record<string, unknown>>;

const SECONDS = NOW.getTime() / 1000;

/** No chains: inputs here bring their own. */
export const SETTINGS: Settings = { engine: inlineEngine, now: NOW, amdChains: [], tcbChains: [] };

/** Mints a report of a Genoa machine. */
export async function snp(options: Partial<MintSnpOptions> = {}): Promise<MintedSnp> {
  return await mintSnp(await labAuthority("Genoa"), { now: NOW, version: 3, ...options });
}

/** Mints a quote with collateral. */
export async function tdx(options: Partial<MintTdxOptions> = {}): Promise<MintedTdx> {
  return await mintTdx(await intelAuthority(), { now: NOW, ...options });
}

/** Evidence of SEV-SNP under its own root, as it stands in `verify-full` too. */
export async function sevEvidence(minted: MintedSnp, changes: Plain = {}): Promise<Plain> {
  return {
    attestation_doc_b64: toBase64(await gzip(minted.report)),
    vcek_der_b64: toBase64(minted.der.leaf),
    amd_root_ca_pem: minted.root,
    ask_pem: pem("CERTIFICATE", minted.der.intermediate),
    expiration_check_date_unix: SECONDS,
    ...changes,
  };
}

/** Input of the stage of SEV-SNP. */
export async function sevInput(minted: MintedSnp, changes: Plain = {}): Promise<Plain> {
  return { schema_version: "1", ...await sevEvidence(minted, changes) };
}

/** Evidence of TDX under its own root. */
export function tdxEvidence(minted: MintedTdx, changes: Plain = {}): Plain {
  return {
    quote_b64: toBase64(minted.quote),
    collateral: tdxCollateral(minted),
    expiration_check_date_unix: SECONDS,
    ...changes,
  };
}

/** Collateral of TDX. */
export function tdxCollateral(minted: MintedTdx, changes: Plain = {}): Plain {
  return {
    tcb_info_json: minted.tcbInfo,
    qe_identity_json: minted.qeIdentity,
    pck_crl_der_b64: toBase64(minted.der.pckCrl),
    root_crl_der_b64: toBase64(minted.der.rootCrl),
    intel_root_ca_pem: minted.root,
    tcb_info_issuer_chain_pem: minted.tcbChain,
    qe_identity_issuer_chain_pem: minted.tcbChain,
    ...changes,
  };
}

/** Input of the stage of TDX. */
export function tdxInput(minted: MintedTdx, changes: Plain = {}): Plain {
  return { schema_version: "1", ...tdxEvidence(minted, changes) };
}

/**
 * Asks a stage.
 *
 * @param stage The stage.
 * @param input What goes to standard input: an object, or text as it is.
 * @param settings Chains, where the input brings none.
 */
export function ask(
  stage: string,
  input: Plain | string,
  settings: Partial<Settings> = {},
): Promise<Answer> {
  const text = typeof input === "string" ? input : JSON.stringify(input);
  return runStage(stage, new TextEncoder().encode(text), { ...SETTINGS, ...settings });
}

/** What an answer came to: `accepted`, the code of the rejection, or the exit code. */
export function wordOf({ exit, output }: Answer): string {
  if (output === null) return `exit ${exit}`;
  const { accepted, rejection } = Object(output);
  return exit === 0 && accepted === true ? "accepted" : `${rejection.code}`;
}

/** Outputs of an accepted answer. */
export function outputsOf({ output }: Answer): Plain {
  return Object(output).outputs;
}

/** Compresses as reports are sent. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([new Uint8Array(bytes)]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

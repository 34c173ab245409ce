/**
 * Mints whole evidence of Azure's confidential VMs with TDX.
 *
 * @module
 */

import { writeEnvelope } from "../../evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../evidence/evidence.ts";
import { bend } from "../bend.ts";
import { digestOf } from "../fields.ts";
import type { IntelAuthority } from "../tdx/authority.ts";
import type { TdReportFields } from "../tdx/quote_body.ts";
import { type MintedTdx, mintTdx } from "../tdx/tdx.ts";
import type { MintedTpm } from "../tpm/tpm.ts";
import type { MintAzureTdxOptions } from "./options.ts";
import { quoteBeside, sayRuntime } from "./paravisor.ts";
import type { ParavisorKeys } from "./runtime_data.ts";
import { tpmFilesOf } from "./snp.ts";
import { writeTdReportStruct } from "./td_report.ts";

/** Minted evidence of TDX on Azure. */
export interface MintedAzureTdx {
  /** Files by role. */
  readonly files: FilesByRole;
  /** The HCL report. */
  readonly hclReport: Uint8Array;
  /** Quote and collateral; MRTD is the lab's paravisor. */
  readonly tdx: MintedTdx;
  /** Quote, registers and log. */
  readonly vtpm: MintedTpm;
  /** Keys of the paravisor's TPM. */
  readonly keys: ParavisorKeys;
  /** Bytes of the statement; null where there is none. */
  readonly statement: Uint8Array | null;
  /** Envelope of all that; null without a statement. */
  readonly envelope: Uint8Array | null;
}

/**
 * Mints evidence that verifies under the authority's root, unless bent.
 *
 * It says nothing about any hardware: each certificate carries the lab mark.
 *
 * @param authority Who issues.
 * @param options Time, nonce, statement, contents and bends.
 *
 * @example
 * ```ts
 * import { createIntelAuthority, mintAzureTdx } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const authority = await createIntelAuthority({ now });
 * const nonce = new Uint8Array(32).fill(7);
 * const { hclReport } = await mintAzureTdx(authority, { now, nonce });
 * if (hclReport.length !== 2600) throw new Error("not as the NV index holds it");
 * ```
 */
export async function mintAzureTdx(
  authority: IntelAuthority,
  options: MintAzureTdxOptions,
): Promise<MintedAzureTdx> {
  const { bends = {} } = options;
  const said = await sayRuntime(options, bends);
  const { minted, fields } = await quoteTd(authority, options, said.reportData);
  const td = bend(fields, bends.tdReport);
  const report = await writeTdReportStruct(td, minted.pck.cpuSvn);
  const { hclReport, vtpm } = await quoteBeside(said, { tee: "tdx", report }, options, bends);
  const files = filesOf(hclReport, minted, vtpm);
  const { statement, keys } = said;
  return {
    files,
    hclReport,
    tdx: minted,
    vtpm,
    keys,
    statement,
    envelope: statement === null ? null : writeEnvelope("azure-tdx", statement, files),
  };
}

/** The quote, and what it says of the TD; on Azure nothing is extended into its registers. */
async function quoteTd(
  authority: IntelAuthority,
  { now, tdx = {}, bends = {} }: MintAzureTdxOptions,
  reportData: Uint8Array,
): Promise<{ readonly minted: MintedTdx; readonly fields: TdReportFields }> {
  const said: TdReportFields[] = [];
  const zero = new Uint8Array(48);
  const minted = await mintTdx(authority, {
    mrTd: await digestOf("SHA-384", "casemate lab paravisor"),
    rtmrs: { 0: zero, 1: zero, 2: zero, 3: zero },
    ...tdx,
    now,
    reportData,
    bends: {
      ...bends.tdx,
      body(fields) {
        said.push(fields);
        return bend(fields, bends.tdx?.body);
      },
    },
  });
  const [fields] = said;
  if (fields === undefined) throw new RangeError("Cannot mint: the quote is of no trust domain");
  return { minted, fields };
}

function filesOf(hclReport: Uint8Array, tdx: MintedTdx, vtpm: MintedTpm): FilesByRole {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return {
    hclReport,
    tdQuote: tdx.quote,
    tcbInfo: encode(tdx.tcbInfo),
    qeIdentity: encode(tdx.qeIdentity),
    tcbChain: encode(tdx.tcbChain),
    pckCrl: tdx.der.pckCrl,
    pckCrlChain: encode(tdx.pckCrlChain),
    rootCrl: tdx.der.rootCrl,
    ...tpmFilesOf(vtpm),
  };
}

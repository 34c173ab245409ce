/**
 * Mints whole evidence of Azure's confidential VMs with SEV-SNP.
 *
 * @module
 */

import { writeEnvelope } from "../../evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../evidence/evidence.ts";
import { bend } from "../bend.ts";
import { digestOf } from "../fields.ts";
import type { AmdAuthority } from "../snp/authority.ts";
import { type MintedSnp, mintSnp } from "../snp/snp.ts";
import type { MintedTpm } from "../tpm/tpm.ts";
import type { MintAzureSnpOptions } from "./options.ts";
import { quoteBeside, sayRuntime } from "./paravisor.ts";
import type { ParavisorKeys } from "./runtime_data.ts";

/** Minted evidence of SEV-SNP on Azure. */
export interface MintedAzureSnp {
  /** Files by role, the HCL report whole. */
  readonly files: FilesByRole;
  /** The HCL report. */
  readonly hclReport: Uint8Array;
  /** Attestation report out of it. */
  readonly report: Uint8Array;
  /** Runtime data out of it. */
  readonly runtimeData: Uint8Array;
  /** Digest of the key that signed the lab's paravisor, 48 bytes. */
  readonly idKeyDigest: Uint8Array;
  /** Report, leaf and chain. */
  readonly snp: MintedSnp;
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
 * import { createAmdAuthority, mintAzureSnp } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const authority = await createAmdAuthority({ line: "Genoa", now });
 * const nonce = new Uint8Array(32).fill(7);
 * const { hclReport } = await mintAzureSnp(authority, { now, nonce });
 * if (hclReport.length !== 2600) throw new Error("not as the NV index holds it");
 * ```
 */
export async function mintAzureSnp(
  authority: AmdAuthority,
  options: MintAzureSnpOptions,
): Promise<MintedAzureSnp> {
  const { now, bends = {} } = options;
  const said = await sayRuntime(options, bends);
  const idKeyDigest = await digestOf("SHA-384", "casemate lab signer of the paravisor");
  const snp = await mintSnp(authority, {
    ...options.snp,
    now,
    reportData: said.reportData,
    bends: {
      ...bends.snp,
      report: (fields) => bend({ ...fields, idKeyDigest }, bends.snp?.report),
    },
  });
  const hardware = { tee: "snp", report: snp.report } as const;
  const { hclReport, vtpm } = await quoteBeside(said, hardware, options, bends);
  const files = filesOf(hclReport, snp, vtpm);
  const { statement, runtimeData, keys } = said;
  return {
    files,
    hclReport,
    report: snp.report,
    runtimeData,
    idKeyDigest,
    snp,
    vtpm,
    keys,
    statement,
    envelope: statement === null ? null : writeEnvelope("azure-sev-snp", statement, files),
  };
}

function filesOf(hclReport: Uint8Array, { der }: MintedSnp, vtpm: MintedTpm): FilesByRole {
  const chain = new Uint8Array(der.intermediate.length + der.ark.length);
  chain.set(der.intermediate);
  chain.set(der.ark, der.intermediate.length);
  return {
    hclReport,
    leaf: der.leaf,
    chainAskArk: chain,
    crls: [der.crl],
    ...tpmFilesOf(vtpm),
  };
}

/**
 * The files of a paravisor's TPM by role.
 *
 * @param vtpm Minted evidence of it.
 */
export function tpmFilesOf(vtpm: MintedTpm): FilesByRole {
  return {
    tpmQuoteMsg: vtpm.quote,
    tpmQuoteSig: vtpm.signature,
    akPub: vtpm.akPublic,
    pcrs: new TextEncoder().encode(JSON.stringify(vtpm.pcrs, null, 2)),
    eventLog: vtpm.eventLog,
  };
}

/**
 * Real evidence of Azure's confidential VMs.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type Request, type Result } from "../../mod.ts";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { azureSevSnp } from "../../src/evidence/azure_sev_snp/mod.ts";
import { azureTdx } from "../../src/evidence/azure_tdx/mod.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { readPcrs } from "../../src/evidence/tpm/pcrs.ts";
import type { Root } from "../../src/evidence/finding.ts";
import { realEntry } from "../corpus.ts";

export { overReal } from "../corpus.ts";

/** Whole evidence of either TEE, of lines whose keys are safe. */
export const REAL: readonly string[] = ["azure-snp/genoa-v3-trustee", "azure-tdx/tdx-lunal-live"];

/** Offset of ID_KEY_DIGEST in an HCL report of SEV-SNP. */
const ID_KEY_AT = 32 + 0x0e0;

/** Offset of MRTD in an HCL report of TDX. */
const MRTD_AT = 32 + 528;

/** Files of a case by role. */
export function realFiles(name: string): FilesByRole {
  const { files } = realEntry(name).input;
  return Object.fromEntries(
    Object.entries(files).map(([role, file]) => [
      role.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      file,
    ]),
  );
}

/** A policy that pins what the evidence says: whose the paravisor is, and what was booted. */
function sectionOf(files: FilesByRole, isSnp: boolean): object {
  const { hclReport, pcrs } = files;
  assert.ok(hclReport instanceof Uint8Array && pcrs instanceof Uint8Array);
  const value = (at: number): string => toHex(hclReport.subarray(at, at + 48));
  const registers = readPcrs(pcrs).filter(({ register }) => register === 4 || register === 9);
  const pinned = registers.map(({ register, value }) => [register, [toHex(value)]]);
  return {
    // No list of AMD's was kept with the evidence, and its TCB status is the corpus's matter.
    tee: isSnp
      ? { idKeyDigests: [value(ID_KEY_AT)], revocation: "if-given" }
      : { mrTd: [value(MRTD_AT)] },
    // These VMs boot with GRUB, so that no kernel image measures itself into PCR 11.
    vtpm: { registers: { sha256: Object.fromEntries(pinned) }, whatRuns: [4, 9] },
  };
}

/** Asks about real evidence, whose nonce is known. */
export async function askReal(
  name: string,
  acceptRoots: readonly Root[],
  changes: FilesByRole = {},
): Promise<Result> {
  const { nonceHex, verifyAt } = realEntry(name).input;
  const files = realFiles(name);
  const isSnp = files["tdQuote"] === undefined;
  const { id } = isSnp ? azureSevSnp : azureTdx;
  const request: unknown = {
    variant: id,
    evidence: { ...files, ...changes },
    expect: { nonce: fromHex(nonceHex ?? "") },
    policy: { version: 1, acceptRoots, [id]: sectionOf(files, isSnp) },
    now: verifyAt,
  };
  return await examine(request as Request);
}

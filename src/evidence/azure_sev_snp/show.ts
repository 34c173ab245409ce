/**
 * HCL reports of SEV-SNP as a person sees them, with AMD's report in them.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { Engine } from "../../core/crypto.ts";
import type { Shown } from "../../core/shown.ts";
import { showHcl } from "../hcl/show.ts";
import { sevSnp } from "../snp/mod.ts";

/**
 * Says what a file is, if it is a paravisor's: an HCL report of either TEE, or
 * runtime data.
 *
 * @param engine Verification engine.
 * @param bytes The file.
 * @throws {RejectedError} when it is one of them, but damaged.
 */
export async function show(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  return await showHcl(engine, bytes, async ({ reportType, hardwareReport }) => {
    if (reportType !== "snp") return [];
    const shown = await sevSnp.show(engine, fromHex(hardwareReport));
    return shown?.sections ?? [];
  });
}

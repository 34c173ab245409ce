/**
 * What Azure's paravisor (HCL) says of a confidential VM, asked of an engine.
 * Nothing of it is proven before the hardware report in it is, and nothing of
 * the runtime data before their hash is found in that report.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { inRoles } from "../roles.ts";
import type { HclHash, HclReport, HclRuntime } from "./report.ts";

export type {
  HclHash,
  HclKey,
  HclReport,
  HclRuntime,
  HclSetting,
  TdReportStruct,
} from "./report.ts";

/**
 * Reads an HCL report; nothing is verified.
 *
 * @param engine Verification engine.
 * @param blob The report, as NV index 0x01400001 holds it.
 * @throws {RejectedError} `hcl.length`, `hcl.magic`, `hcl.version`, `hcl.request_type`,
 * `hcl.report_type`, `hcl.hash_type`, `hcl.reserved`, `hcl.runtime_*`, `hcl.key_*`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export async function readHclReport(engine: Engine, blob: Uint8Array): Promise<HclReport> {
  const asked = engine.run("hcl_report", [blob]);
  // The engine answers with this shape; tests hold it.
  return await inRoles(asked, { "hcl-report": "hclReport" }) as HclReport;
}

/**
 * Reads runtime data alone; nothing is verified.
 *
 * @param engine Verification engine.
 * @param hash Hash that binds them.
 * @param bytes The runtime data, byte for byte.
 * @throws {RejectedError} `hcl.runtime_syntax`, `hcl.runtime_value`, `hcl.key_attributes`, `hcl.key_repeated`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export async function readHclRuntime(
  engine: Engine,
  hash: HclHash,
  bytes: Uint8Array,
): Promise<HclRuntime> {
  const asked = engine.run("hcl_runtime", [new TextEncoder().encode(hash), bytes]);
  // The engine answers with this shape; tests hold it.
  return await inRoles(asked, { "runtime-data": "runtimeData" }) as HclRuntime;
}

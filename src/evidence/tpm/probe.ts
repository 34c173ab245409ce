/**
 * What a TPM holds that tells whose platform it is.
 *
 * @module
 */

import type { TpmProbe } from "../device/probe.ts";
import { listHandles } from "./device/capability.ts";
import type { TpmDevice } from "./device/device.ts";
import { readNv } from "./device/nv.ts";
import { HCL_INDICES } from "./paravisor_report.ts";

/** Where a paravisor's report says which TEE made its hardware report, and the numbers for them. */
const REPORT_TYPE = { at: 1224, snp: 2, tdx: 4 } as const;

/**
 * Looks at a TPM.
 *
 * @param device The TPM.
 * @throws {UnavailableError} `tpm.*`
 */
export async function probeTpm(device: TpmDevice): Promise<TpmProbe> {
  const nv = await listHandles(device, "nv");
  const persistent = await listHandles(device, "persistent");
  const paravisor = nv.includes(HCL_INDICES.report)
    ? paravisorOf(await readNv(device, HCL_INDICES.report))
    : null;
  return { nv, persistent, paravisor };
}

function paravisorOf(report: Uint8Array): TpmProbe["paravisor"] {
  if (report.length < REPORT_TYPE.at + 4) return null;
  const type = new DataView(report.buffer, report.byteOffset).getUint32(REPORT_TYPE.at, true);
  if (type === REPORT_TYPE.snp) return "snp";
  return type === REPORT_TYPE.tdx ? "tdx" : null;
}

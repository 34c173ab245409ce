/**
 * The attestation key of Azure's TPMs, which stands in the TPM when the machine starts.
 *
 * @module
 */

import { deviceError } from "../device/refused.ts";
import { listHandles } from "./device/capability.ts";
import type { TpmDevice } from "./device/device.ts";
import { handleText } from "./device/entity.ts";
import { readPublic, type TpmObject } from "./device/objects.ts";

/** Where the key stands, and its certificate on trusted launch (Microsoft, "Virtual TPMs in Azure confidential VMs"). */
export const AZURE_KEY = { handle: 0x81000003, certificate: 0x01c101d0 } as const;

/**
 * The attestation key.
 *
 * @param device The TPM.
 * @throws {UnavailableError} `device.platform_half` where there is none.
 */
export async function azureKey(device: TpmDevice): Promise<TpmObject> {
  const handles = await listHandles(device, "persistent");
  if (handles.includes(AZURE_KEY.handle)) return await readPublic(device, AZURE_KEY.handle);
  const missing = `the attestation key ${handleText(AZURE_KEY.handle)}`;
  const message = `Cannot use the TPM as Azure's: ${missing} is not there`;
  throw deviceError("device.platform_half", message, { present: "a TPM", missing });
}

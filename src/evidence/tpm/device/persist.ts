/**
 * Keeping an object in the TPM: TPM2_EvictControl (Part 3 §28.5).
 *
 * @module
 */

import { type Authorization, password } from "./authorization.ts";
import { u32 } from "./bytes_out.ts";
import { execute, nothing } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import { type Entity, entityOf } from "./entity.ts";
import { HANDLE } from "./numbers.ts";

/**
 * Keeps an object under a handle, over resets.
 *
 * @param device The TPM.
 * @param object The object, loaded.
 * @param handle Where it is kept, from 0x81000000.
 * @param by Authorization of the owner; default the empty password.
 */
export async function persist(
  device: TpmDevice,
  object: Entity,
  handle: number,
  by: Authorization = password(),
): Promise<void> {
  const on = [entityOf(HANDLE.owner), object];
  await execute(device, { name: "EvictControl", on, by: [by], parameters: [u32(handle)] }, nothing);
}

/**
 * Making and removing NV indices: TPM2_NV_DefineSpace, TPM2_NV_UndefineSpace (Part 3 §31).
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import { type Authorization, password } from "./authorization.ts";
import { sized, u16, u32 } from "./bytes_out.ts";
import { execute, nothing } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import { entityOf } from "./entity.ts";
import { ALGORITHM, HANDLE } from "./numbers.ts";

/** Bits of TPMA_NV (Part 2 §13.4): read and written by the owner, or by who knows the index's own secret. */
const ATTRIBUTES = (1 << 1) /* OWNERWRITE */ | (1 << 2) /* AUTHWRITE */ |
  (1 << 17) /* OWNERREAD */ |
  (1 << 18) /* AUTHREAD */ | (1 << 25) /* NO_DA */;

/** How an index is made. */
export interface NvSpaceOptions {
  /** Its size, bytes. */
  readonly size: number;
  /** Its own secret; default the empty one. */
  readonly secret?: Uint8Array;
  /** Authorization of the owner; default the empty password. */
  readonly by?: Authorization;
}

/**
 * Makes an index.
 *
 * @param device The TPM.
 * @param index Its handle.
 * @param options Size and secret.
 */
export async function defineNv(
  device: TpmDevice,
  index: number,
  { size, secret = new Uint8Array(), by = password() }: NvSpaceOptions,
): Promise<void> {
  const area = concat(u32(index), u16(ALGORITHM.sha256), u32(ATTRIBUTES), sized(), u16(size));
  const command = {
    name: "NV_DefineSpace",
    on: [entityOf(HANDLE.owner)],
    by: [by],
    parameters: [sized(secret), sized(area)],
  } as const;
  await execute(device, command, nothing);
}

/**
 * Removes an index.
 *
 * @param device The TPM.
 * @param index The index: handle and Name.
 * @param by Authorization of the owner; default the empty password.
 */
export async function undefineNv(
  device: TpmDevice,
  index: { readonly handle: number; readonly name: Uint8Array },
  by: Authorization = password(),
): Promise<void> {
  const on = [entityOf(HANDLE.owner), index];
  await execute(device, { name: "NV_UndefineSpace", on, by: [by] }, nothing);
}

/**
 * TPM2_FlushContext, and use of what must be flushed: a TPM has room for three objects.
 *
 * @module
 */

import { u32 } from "./bytes_out.ts";
import { type Command, execute, nothing, type ReadAnswer } from "./command.ts";
import type { TpmDevice } from "./device.ts";

/**
 * Removes an object or a session from the TPM (Part 3 §28.4).
 *
 * @param device The TPM.
 * @param handle Its handle.
 */
export async function flushContext(device: TpmDevice, handle: number): Promise<void> {
  // The handle is a parameter here, since the command takes no authorization.
  await execute(device, { name: "FlushContext", parameters: [u32(handle)] }, nothing);
}

/** A command that makes something in the TPM. */
export type Making = Omit<Command, "takeHandle">;

/**
 * Makes an object or a session, uses it, and flushes it whatever comes of it.
 *
 * @param device The TPM.
 * @param command What makes it; the answer begins with its handle.
 * @param read Reads the rest of the answer.
 * @param use What is done with it.
 */
export async function withMade<M, T>(
  device: TpmDevice,
  command: Making,
  read: ReadAnswer<M>,
  use: (made: M & { readonly handle: number }) => Promise<T>,
): Promise<T> {
  let handle: number | undefined;
  let result: T;
  try {
    const takeHandle = (given: number) => void (handle = given);
    const made = await execute(device, { ...command, takeHandle }, read);
    if (handle === undefined) throw new TypeError(`TPM2_${command.name} gives no handle`);
    result = await use({ ...made, handle });
  } catch (error) {
    // Where flushing fails as well, the first error says more.
    if (handle !== undefined) await flushContext(device, handle).catch(() => {});
    throw error;
  }
  await flushContext(device, handle);
  return result;
}

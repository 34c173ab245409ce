/**
 * NV memory: TPM2_NV_ReadPublic, TPM2_NV_Read, TPM2_NV_Write (Part 3 §31).
 *
 * @module
 */

import { concat, equal } from "../../../core/bytes.ts";
import { type Authorization, password } from "./authorization.ts";
import { FieldReader } from "./bytes_in.ts";
import { sized, u16 } from "./bytes_out.ts";
import { readProperty } from "./capability.ts";
import { execute, nothing } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import { type Entity, entityOf, handleText, nameOf } from "./entity.ts";
import { HANDLE } from "./numbers.ts";
import { badAnswer } from "./refused.ts";

/** An NV index. */
export interface NvIndex extends Entity {
  /** TPMA_NV (Part 2 §13.4). */
  readonly attributes: number;
  /** Size of what stands there, bytes. */
  readonly size: number;
}

/** How what stands at an index is read or written. */
export interface NvOptions {
  /** Authorization; default the empty password. */
  readonly by?: Authorization;
  /** Whether the owner's authorization is meant, not the index's own; default as the index allows. */
  readonly asOwner?: boolean;
}

/** Bits of TPMA_NV. */
const NV_ATTRIBUTE = { authWrite: 1 << 2, authRead: 1 << 18 } as const;

/** What every TPM moves at once (PC Client Platform TPM Profile, NV_BUFFER_MAX). */
const LEAST_BUFFER = 512;

/** Most that is moved at once: command and answer have 4096 bytes at most. */
const MAX_CHUNK = 2048;

/**
 * Describes an index.
 *
 * @param device The TPM.
 * @param index Its handle.
 */
export async function readNvPublic(device: TpmDevice, index: number): Promise<NvIndex> {
  const command = { name: "NV_ReadPublic", on: [entityOf(index)] } as const;
  const { area, name } = await execute(device, command, (answer) => ({
    area: answer.sized(),
    name: answer.sized(),
  }));
  // TPMS_NV_PUBLIC (Part 2 §13.5).
  const reader = new FieldReader(area, (reason) => badAnswer("NV_ReadPublic", reason));
  const handle = reader.u32();
  const nameAlgorithm = reader.u16();
  const attributes = reader.u32();
  reader.sized();
  const size = reader.u16();
  reader.end();
  if (handle !== index) reader.refuse(`it is about ${handleText(handle)}`);
  const wanted = await nameOf(nameAlgorithm, area);
  if (wanted !== null && !equal(wanted, name)) reader.refuse("the Name is not that of the index");
  return { handle, name, attributes, size };
}

/**
 * Reads all that stands at an index.
 *
 * @param device The TPM.
 * @param index Its handle.
 * @param options Authorization.
 */
export async function readNv(
  device: TpmDevice,
  index: number,
  options: NvOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const described = await readNvPublic(device, index);
  const { by = password(), asOwner = (described.attributes & NV_ATTRIBUTE.authRead) === 0 } =
    options;
  const chunk = await chunkBytes(device);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < described.size; at += chunk) {
    const length = Math.min(chunk, described.size - at);
    const on = [asOwner ? entityOf(HANDLE.owner) : described, described];
    const command = { name: "NV_Read", on, by: [by], parameters: [u16(length), u16(at)] } as const;
    const part = await execute(device, command, (answer) => answer.sized());
    if (part.length !== length) throw badAnswer("NV_Read", `${part.length} bytes of ${length}`);
    parts.push(part);
  }
  return concat(...parts);
}

/**
 * Writes to an index from its beginning.
 *
 * @param device The TPM.
 * @param index Its handle.
 * @param content What is written, at most its size.
 * @param options Authorization.
 */
export async function writeNv(
  device: TpmDevice,
  index: number,
  content: Uint8Array,
  options: NvOptions = {},
): Promise<void> {
  const chunk = await chunkBytes(device);
  for (let at = 0; at < content.length; at += chunk) {
    // Anew each time: the first write changes attributes, and so the Name.
    const described = await readNvPublic(device, index);
    const { by = password(), asOwner = (described.attributes & NV_ATTRIBUTE.authWrite) === 0 } =
      options;
    const on = [asOwner ? entityOf(HANDLE.owner) : described, described];
    const parameters = [sized(content.subarray(at, at + chunk)), u16(at)];
    await execute(device, { name: "NV_Write", on, by: [by], parameters }, nothing);
  }
}

async function chunkBytes(device: TpmDevice): Promise<number> {
  const most = await readProperty(device, "nvBufferMax");
  return Math.min(MAX_CHUNK, Math.max(LEAST_BUFFER, most ?? LEAST_BUFFER));
}

/**
 * What a TPM has: TPM2_GetCapability (Part 3 §30.2).
 *
 * @module
 */

import type { Selection } from "../report.ts";
import type { FieldReader } from "./bytes_in.ts";
import { u32 } from "./bytes_out.ts";
import { execute } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import { readSelections } from "./selection.ts";

/** TPM_CAP (Part 2 §6.12). */
const CAPABILITY = { handles: 0x01, pcrs: 0x05, properties: 0x06 } as const;

/** Most items of an answer that are asked for at once. */
const MAX_ITEMS = 64;

/** Kinds of handles that can be listed: the first one, and first bytes of all (TPM_HT, Part 2 §7.2). */
const HANDLES = {
  "nv": { first: 0x01000000, types: [0x01] },
  "session": { first: 0x02000000, types: [0x02, 0x03] },
  "transient": { first: 0x80000000, types: [0x80] },
  "persistent": { first: 0x81000000, types: [0x81] },
} as const;

/** Kinds of handles that can be listed. */
export type HandleKind = keyof typeof HANDLES;

/** TPM_PT (Part 2 §6.13). */
const PROPERTY = { manufacturer: 0x105, nvBufferMax: 0x12c } as const;

/** Properties that are read here. */
export type TpmProperty = keyof typeof PROPERTY;

/**
 * Banks that the TPM has, with their registers.
 *
 * @param device The TPM.
 */
export function readBanks(device: TpmDevice): Promise<readonly Selection[]> {
  return readCapability(device, CAPABILITY.pcrs, 0, (answer) => readSelections(answer));
}

/**
 * Handles that the TPM has, rising.
 *
 * @param device The TPM.
 * @param kind Which.
 */
export async function listHandles(device: TpmDevice, kind: HandleKind): Promise<readonly number[]> {
  const { first, types } = HANDLES[kind];
  const isOfKind = (handle: number) => types.some((type) => handle >>> 24 === type);
  const all: number[] = [];
  for (let from: number = first;;) {
    const [more, handles] = await readCapability(device, CAPABILITY.handles, from, readHandles);
    const last = handles.at(-1);
    all.push(...handles);
    // The TPM may go on into the next kind of handles.
    if (!more || last === undefined || last < from || !isOfKind(last)) break;
    from = last + 1;
  }
  return all.filter(isOfKind);
}

/**
 * One number that describes the TPM; null where it does not say.
 *
 * @param device The TPM.
 * @param property Which.
 */
export async function readProperty(
  device: TpmDevice,
  property: TpmProperty,
): Promise<number | null> {
  const wanted = PROPERTY[property];
  const found = await readCapability(device, CAPABILITY.properties, wanted, (answer) => {
    const count = answer.u32();
    if (count > 1) answer.refuse(`${count} properties, asked for one`);
    return count === 0 ? null : { property: answer.u32(), value: answer.u32() };
  }, 1);
  return found?.property === wanted ? found.value : null;
}

function readHandles(answer: FieldReader, more: boolean): readonly [boolean, readonly number[]] {
  const count = answer.u32();
  if (count > MAX_ITEMS) answer.refuse(`${count} handles, asked for ${MAX_ITEMS}`);
  return [more, Array.from({ length: count }, () => answer.u32())];
}

function readCapability<T>(
  device: TpmDevice,
  capability: number,
  property: number,
  read: (answer: FieldReader, more: boolean) => T,
  count: number = MAX_ITEMS,
): Promise<T> {
  const parameters = [u32(capability), u32(property), u32(count)];
  return execute(device, { name: "GetCapability", parameters }, (answer) => {
    const more = answer.u8() !== 0;
    const given = answer.u32();
    if (given !== capability) answer.refuse(`capability ${given}, asked for ${capability}`);
    return read(answer, more);
  });
}

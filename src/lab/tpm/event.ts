/**
 * Events of a boot, and the registers that they lead to.
 *
 * @module
 */

import { hashOf, LAB_HASHES, type LabBank } from "./algorithms.ts";

/** One event. */
export interface LabEvent {
  /** Register that it extends; where it extends none, the one it is logged under. */
  readonly register: number;
  /** Type (PFP Table 27). */
  readonly type: number;
  /** Data that are logged. */
  readonly data: Uint8Array;
  /** What is hashed, which is not always what is logged; null extends nothing. */
  readonly hashed: Uint8Array | null;
  /** Digests in place of computed ones. */
  readonly digests?: { readonly [bank in LabBank]?: Uint8Array };
}

/** Types of events that the lab's boot has (PFP Table 27). */
export const EVENT_TYPES = {
  noAction: 0x0000_0003,
  separator: 0x0000_0004,
  tag: 0x0000_0006,
  crtmVersion: 0x0000_0008,
  ipl: 0x0000_000d,
  efiVariableDriverConfig: 0x8000_0001,
  efiVariableBoot: 0x8000_0002,
  efiBootServicesApplication: 0x8000_0003,
  efiGpt: 0x8000_0006,
  efiAction: 0x8000_0007,
  efiPlatformFirmwareBlob: 0x8000_0008,
  efiVariableAuthority: 0x8000_00e0,
} as const;

/** Registers of a bank (PC Client Platform TPM Profile §4.6). */
export const REGISTERS = 24;

/** Registers that only a dynamic launch sets to zero; all ones before. */
const DYNAMIC = { first: 17, last: 22 } as const;

/** Text before the locality in the event that states it (PFP §10.4.5.3). */
const LOCALITY_SIGNATURE = "StartupLocality\0";

/**
 * An event whose data are hashed whole.
 *
 * @param register Register that it extends.
 * @param type Type.
 * @param data Data.
 */
export function wholeEvent(register: number, type: number, data: Uint8Array): LabEvent {
  return { register, type, data, hashed: data };
}

/**
 * The event that states from which locality the TPM was started.
 *
 * @param locality 0, 3 or 4, unless bent.
 */
export function startupLocality(locality: number): LabEvent {
  const data = Uint8Array.of(...new TextEncoder().encode(LOCALITY_SIGNATURE), locality);
  return { register: 0, type: EVENT_TYPES.noAction, data, hashed: null };
}

/**
 * Digest of an event; zeros where it extends nothing.
 *
 * @param event The event.
 * @param bank Its bank.
 */
export async function digestOfEvent(
  { hashed, digests = {} }: LabEvent,
  bank: LabBank,
): Promise<Uint8Array<ArrayBuffer>> {
  const given = digests[bank];
  if (given !== undefined) return Uint8Array.from(given);
  return hashed === null ? new Uint8Array(LAB_HASHES[bank].bytes) : await hashOf(bank, hashed);
}

/**
 * Values of all registers of a bank after a boot.
 *
 * @param events The boot.
 * @param bank Which bank.
 */
export async function extendAll(
  events: readonly LabEvent[],
  bank: LabBank,
): Promise<readonly Uint8Array[]> {
  const extending = events.filter(({ hashed }) => hashed !== null);
  const used = new Set(extending.map(({ register }) => register));
  const values = Array.from({ length: REGISTERS }, (_, register) => {
    const dynamic = register >= DYNAMIC.first && register <= DYNAMIC.last && !used.has(register);
    return new Uint8Array(LAB_HASHES[bank].bytes).fill(dynamic ? 0xff : 0);
  });
  values[0]?.set([localityOf(events)], LAB_HASHES[bank].bytes - 1);
  for (const event of extending) {
    const value = values[event.register] ?? new Uint8Array();
    values[event.register] = await hashOf(bank, value, await digestOfEvent(event, bank));
  }
  return values;
}

/** Locality that the boot states; zero where it states none. */
function localityOf(events: readonly LabEvent[]): number {
  const said = events.find(({ type, data }) =>
    type === EVENT_TYPES.noAction && new TextDecoder().decode(data).startsWith(LOCALITY_SIGNATURE)
  );
  return said?.data.at(-1) ?? 0;
}

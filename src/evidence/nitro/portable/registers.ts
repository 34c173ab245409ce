/**
 * The registers of an attestation document.
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import type { Cbor, CborEntry } from "../../../core/portable/cbor.ts";
import type { NitroRegister } from "../report.ts";
import { refuseNitro } from "./refuse.ts";

/** Most registers, numbered from 0. */
const MAX_REGISTERS = 32;
/** Bytes of a register: SHA-384. */
const BYTES = 48;

/**
 * Reads a map of registers.
 *
 * @param field The map.
 * @param name Its name in the document.
 * @returns Rising by number.
 * @throws {RejectedError} `nitro.field`, `nitro.pcr_length`
 */
export function readRegisters(field: Cbor | undefined, name: string): readonly NitroRegister[] {
  if (field?.type !== "map") throw refuseNitro("nitro.field", { field: name });
  const { entries } = field;
  if (entries.length === 0 || entries.length > MAX_REGISTERS) {
    throw refuse(`there are ${entries.length} of them`);
  }
  return entries.map(readRegister).toSorted((one, other) => one.register - other.register);
}

function readRegister({ key, value }: CborEntry): NitroRegister {
  if (key.type !== "integer" || key.value < 0n || key.value >= MAX_REGISTERS) {
    throw refuse("one has no number from 0 to 31");
  }
  const register = Number(key.value);
  if (value.type !== "bytes" || value.value.length !== BYTES) {
    throw refuse(`register ${register} does not have ${BYTES} bytes`);
  }
  return { register, value: toHex(value.value) };
}

function refuse(reason: string): Error {
  return refuseNitro("nitro.pcr_length", { reason });
}

/**
 * Registers: TPM2_PCR_Read and TPM2_PCR_Extend (Part 3 §22).
 *
 * @module
 */

import { concat } from "../../../core/bytes.ts";
import { InputError, UnavailableError } from "../../../core/errors.ts";
import type { TpmCode } from "../codes.ts";
import type { PcrBank, Selection } from "../report.ts";
import { type Authorization, password } from "./authorization.ts";
import { u16, u32 } from "./bytes_out.ts";
import { execute, nothing } from "./command.ts";
import type { TpmDevice } from "./device.ts";
import { entityOf } from "./entity.ts";
import { algorithmOf, DIGEST_BYTES } from "./numbers.ts";
import { readSelections, selectionBytes } from "./selection.ts";

/** A register and its value. */
export interface Register {
  /** Bank. */
  readonly bank: PcrBank;
  /** Number. */
  readonly register: number;
  /** Value. */
  readonly value: Uint8Array;
}

/** Registers that were read at one time. */
export interface Reading {
  /** Counts what changes registers, but for those that applications play with. */
  readonly updateCounter: number;
  /** The registers, in the order of the selection. */
  readonly registers: readonly Register[];
}

/** Part of a reading: an answer holds at most eight digests. */
interface Part extends Reading {
  readonly selections: readonly Selection[];
}

/** Times that registers are read anew, before it is said that they never rest. */
const MAX_READINGS = 8;

/**
 * Reads registers, so that all values are of the same moment.
 *
 * @param device The TPM.
 * @param selections Banks and registers.
 * @throws {InputError} `tpm.bank_inactive`
 * @throws {UnavailableError} `tpm.registers_changing`
 */
export async function readRegisters(
  device: TpmDevice,
  selections: readonly Selection[],
): Promise<Reading> {
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const parts = await readParts(device, selections);
    const counters = new Set(parts.map((part) => part.updateCounter));
    const [updateCounter] = counters;
    if (counters.size > 1 || updateCounter === undefined) continue;
    const registers = inOrder(selections, parts.flatMap((part) => part.registers));
    return { updateCounter, registers };
  }
  throw registersChanging(MAX_READINGS);
}

/**
 * The error for registers that do not rest.
 *
 * @param readings How often they were read.
 */
export function registersChanging(readings: number): UnavailableError {
  const code: TpmCode = "tpm.registers_changing";
  const message = `Cannot read the registers: they changed during each of ${readings} readings`;
  return new UnavailableError(message, { code, fields: {}, retryable: true });
}

/**
 * Extends a register in one bank or several (Part 1 §17.3): new value = H(old value ‖ digest).
 *
 * @param device The TPM.
 * @param register Its number.
 * @param digests Digest for each bank; a bank that is left out keeps its value.
 * @param by Authorization; default the empty password, as registers have it.
 * @throws {RangeError} where a digest has another length than its bank's.
 */
export async function extendRegister(
  device: TpmDevice,
  register: number,
  digests: Readonly<Partial<Record<PcrBank, Uint8Array>>>,
  by: Authorization = password(),
): Promise<void> {
  const items = entriesOf(digests).map(([bank, digest]) => {
    if (digest.length !== DIGEST_BYTES[bank]) {
      throw new RangeError(`Cannot extend ${bank} with ${digest.length} bytes`);
    }
    return concat(u16(algorithmOf(bank)), digest);
  });
  const parameters = [u32(items.length), ...items];
  await execute(
    device,
    { name: "PCR_Extend", on: [entityOf(register)], by: [by], parameters },
    nothing,
  );
}

function entriesOf(
  digests: Readonly<Partial<Record<PcrBank, Uint8Array>>>,
): readonly (readonly [PcrBank, Uint8Array])[] {
  const banks: readonly PcrBank[] = ["sha1", "sha256", "sha384", "sha512"];
  return banks.flatMap((bank) => {
    const digest = digests[bank];
    return digest === undefined ? [] : [[bank, digest] as const];
  });
}

async function readParts(
  device: TpmDevice,
  selections: readonly Selection[],
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (let left = selections; left.length > 0;) {
    const part = await readPart(device, left);
    if (part.registers.length === 0) throw inactive(left);
    parts.push(part);
    left = without(left, part.selections);
  }
  return parts;
}

function readPart(device: TpmDevice, selections: readonly Selection[]): Promise<Part> {
  const command = { name: "PCR_Read", parameters: [selectionBytes(selections)] } as const;
  return execute(device, command, (answer) => {
    const updateCounter = answer.u32();
    const given = readSelections(answer);
    const values = Array.from({ length: Math.min(answer.u32(), 8) }, () => answer.sized());
    const places = given.flatMap(({ bank, registers }) =>
      registers.map((register) => ({ bank, register }))
    );
    if (places.length !== values.length) answer.refuse(`${values.length} values`);
    const registers = places.map(({ bank, register }, i) => {
      const value = values[i] ?? new Uint8Array();
      if (value.length !== DIGEST_BYTES[bank]) answer.refuse(`a value of ${value.length} bytes`);
      return { bank, register, value };
    });
    return { updateCounter, selections: given, registers };
  });
}

/** What is selected and was not yet read. */
function without(
  selections: readonly Selection[],
  read: readonly Selection[],
): readonly Selection[] {
  return selections.map(({ bank, registers }) => {
    const done = read.filter((item) => item.bank === bank).flatMap((item) => item.registers);
    return { bank, registers: registers.filter((register) => !done.includes(register)) };
  }).filter(({ registers }) => registers.length > 0);
}

function inOrder(
  selections: readonly Selection[],
  found: readonly Register[],
): readonly Register[] {
  return selections.flatMap(({ bank, registers }) =>
    registers.map((register) => {
      const item = found.find((one) => one.bank === bank && one.register === register);
      if (item === undefined) throw inactive([{ bank, registers: [register] }]);
      return item;
    })
  );
}

function inactive(selections: readonly Selection[]): InputError {
  const code: TpmCode = "tpm.bank_inactive";
  const actual = selections.map(({ bank, registers }) => `${bank}:${registers.join(",")}`).join(
    "+",
  );
  const message = `Cannot read ${actual}: the TPM has no such registers`;
  return new InputError(message, { code, fields: { registers: actual } });
}

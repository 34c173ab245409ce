/**
 * The TPM that `--device` names.
 *
 * @module
 */

import { InputError, UnavailableError } from "../../core/errors.ts";
import type { Host, TpmConnection } from "../../core/ports.ts";
import type { TpmDevice } from "../../evidence/tpm/device/device.ts";
import { type Given, renamed } from "../input/given.ts";
import { DEFAULT_DEVICE } from "./default_device.ts";

/** The flag as it is typed. */
const FLAG = "--device";

/** A TPM that was opened, with its address. */
export interface OpenTpm extends TpmDevice {
  /** Address as it was given. */
  readonly address: string;
}

/**
 * Opens the TPM, uses it and closes it.
 *
 * @param host The machine.
 * @param given The flags.
 * @param use What is done with it.
 * @throws {InputError} naming the flag.
 * @throws {UnavailableError} naming the flag.
 */
export async function withTpm<T>(
  host: Host,
  given: Given,
  use: (tpm: OpenTpm) => Promise<T>,
): Promise<T> {
  const address = given.text("device") ?? DEFAULT_DEVICE;
  const connection = await open(host, address);
  try {
    const { timer, random } = host;
    return await use({ address, transport: connection, timer, random });
  } finally {
    connection.close();
  }
}

async function open(host: Host, address: string): Promise<TpmConnection> {
  try {
    return await host.tpms.open(address);
  } catch (cause) {
    if (cause instanceof InputError) throw renamed(cause, cause.message, FLAG);
    if (!(cause instanceof UnavailableError)) throw cause;
    const fields = { ...cause.fields, flag: FLAG };
    const { code, retryable, message } = cause;
    throw new UnavailableError(message, { code, fields, retryable, cause });
  }
}

/**
 * Names the flag to look at in errors about input.
 *
 * @param work What may refuse its input.
 * @param flags Flag by code.
 */
export async function pointingAt<T>(
  work: Promise<T>,
  flags: Readonly<Record<string, string>>,
): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const flag = cause instanceof InputError ? flags[cause.code] : undefined;
    if (flag === undefined || !(cause instanceof InputError)) throw cause;
    throw renamed(cause, cause.message, flag);
  }
}

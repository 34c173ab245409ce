/**
 * The errors of devices.
 *
 * @module
 */

import { type ErrorFields, UnavailableError } from "../../core/errors.ts";
import type { DeviceCode } from "./codes.ts";

/**
 * What a device did not give.
 *
 * @param code Why.
 * @param message One sentence.
 * @param fields What explains it.
 * @param retryable Whether trying again can help.
 */
export function deviceError(
  code: DeviceCode,
  message: string,
  fields: ErrorFields,
  retryable = false,
): UnavailableError {
  return new UnavailableError(message, { code, fields, retryable });
}

/**
 * A device that evidence needs.
 *
 * @param device The device; null where the node has none.
 * @param variant What needs it.
 * @param name What it is, as `a TPM`.
 * @throws {UnavailableError} `device.absent`
 */
export function needed<T>(device: T | null, variant: string, name: string): T {
  if (device !== null) return device;
  throw deviceError(
    "device.absent",
    `Cannot collect evidence of ${variant}: this node has no ${name}`,
    { variant, missing: name },
  );
}

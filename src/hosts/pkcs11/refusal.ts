/**
 * How keys in devices fail.
 *
 * @module
 */

import { InputError, UnavailableError } from "../../core/errors.ts";
import type { KeysCode } from "../../keys/codes.ts";

/**
 * What the operator can mend.
 *
 * @param code Code.
 * @param message One sentence; never with a PIN in it.
 * @param cause What was caught.
 */
export function refuseKey(
  code: Exclude<KeysCode, "keys.device">,
  message: string,
  cause?: unknown,
): InputError {
  return new InputError(message, { code, cause });
}

/** Return values whose names help whoever looks them up (PKCS #11 v2.40, `pkcs11t.h`). */
const NAMES: Readonly<Record<string, string>> = {
  "5": "CKR_GENERAL_ERROR",
  "6": "CKR_FUNCTION_FAILED",
  "10": "CKR_CANT_LOCK",
  "48": "CKR_DEVICE_ERROR",
  "49": "CKR_DEVICE_MEMORY",
  "50": "CKR_DEVICE_REMOVED",
  "80": "CKR_FUNCTION_CANCELED",
  "84": "CKR_FUNCTION_NOT_SUPPORTED",
  "99": "CKR_KEY_TYPE_INCONSISTENT",
  "104": "CKR_KEY_FUNCTION_NOT_PERMITTED",
  "112": "CKR_MECHANISM_INVALID",
  "179": "CKR_SESSION_HANDLE_INVALID",
  "224": "CKR_TOKEN_NOT_PRESENT",
  "225": "CKR_TOKEN_NOT_RECOGNIZED",
  "257": "CKR_USER_NOT_LOGGED_IN",
};

/**
 * What the device did not do.
 *
 * @param what What was asked of it, as `sign`.
 * @param value What it returned.
 */
export function deviceFailed(what: string, value: bigint): UnavailableError {
  const code: KeysCode = "keys.device";
  const reason = NAMES[String(value)] ?? `0x${value.toString(16)}`;
  const message = `The device did not ${what}: it returned ${reason}`;
  return new UnavailableError(message, { code, fields: { reason }, retryable: true });
}

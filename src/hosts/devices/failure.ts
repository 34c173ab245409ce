/**
 * What the system said of a device, as an error that an operator can act on.
 *
 * @module
 */

import { UnavailableError } from "../../core/errors.ts";

/** Names of the system's errors, and the numbers that Linux has for them. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EAGAIN: 11,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  ENODEV: 19,
  EINVAL: 22,
  ENOTTY: 25,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
} as const;

/** What a code says of a device. */
const MEANING: Readonly<Record<string, readonly [code: string, says: string]>> = {
  ENOENT: ["device.unreachable", "it does not exist"],
  ENXIO: ["device.no_provider", "no TEE answers"],
  ENODEV: ["device.no_provider", "no TEE answers"],
  EPERM: ["device.permission", "permission denied"],
  EACCES: ["device.permission", "permission denied"],
  EROFS: ["device.permission", "this program sees it read-only, as in a container"],
  EBUSY: ["device.busy", "it is busy with other requests"],
  EAGAIN: ["device.busy", "it is busy with other requests"],
  EINTR: ["device.busy", "it was interrupted"],
  EFBIG: ["device.too_large", "what it gives is too large for the kernel"],
  EINVAL: ["device.refused", "the kernel does not take the request"],
  ENOTTY: ["device.refused", "the kernel does not know the request"],
};

/**
 * Whether the same request may be taken a moment later.
 *
 * @param errno Name of the error, as `EBUSY`.
 */
export function isBusy(errno: string): boolean {
  return MEANING[errno]?.[0] === "device.busy";
}

/**
 * The name of an error that the runtime threw; null where it is none of the system's.
 *
 * @param cause What was thrown.
 */
export function errnoOf(cause: unknown): string | null {
  if (cause instanceof Deno.errors.NotCapable) return "EACCES";
  const code: unknown = cause instanceof Error ? Object(cause).code : undefined;
  if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) {
    return code === "EWOULDBLOCK" ? "EAGAIN" : code;
  }
  const number = /\(os error (\d+)\)/.exec(cause instanceof Error ? cause.message : "")?.[1];
  return number === undefined ? null : nameOf(Number(number));
}

/**
 * Name of an error by its number.
 *
 * @param number The number.
 */
export function nameOf(number: number): string {
  return Object.entries(ERRNO).find(([, known]) => known === number)?.[0] ?? `E${number}`;
}

/**
 * What the system said.
 *
 * @param path Which device or file.
 * @param doing What was done, as `read`.
 * @param errno Name of the error.
 * @param cause What was thrown.
 */
export function systemFailure(
  path: string,
  doing: string,
  errno: string,
  cause?: unknown,
): UnavailableError {
  const [code, says] = MEANING[errno] ?? ["device.refused", "the kernel refuses"];
  return deviceFailure(code, `Cannot ${doing} ${path}: ${says} (${errno})`, {
    path,
    doing,
    errno,
  }, { retryable: isBusy(errno), cause });
}

/**
 * What was thrown, as an error of the device where the system said it; anything else as it is.
 *
 * @param path Which device or file.
 * @param doing What was done, as `read`.
 * @param cause What was thrown.
 */
export function failureOf(path: string, doing: string, cause: unknown): unknown {
  if (cause instanceof UnavailableError) return cause;
  const errno = errnoOf(cause);
  return errno === null ? cause : systemFailure(path, doing, errno, cause);
}

/**
 * What a device did not give.
 *
 * @param code Stable code.
 * @param message One sentence.
 * @param fields What explains it.
 * @param more Whether trying again can help, and the cause.
 */
export function deviceFailure(
  code: string,
  message: string,
  fields: Readonly<Record<string, string>>,
  { retryable = false, cause }: { readonly retryable?: boolean; readonly cause?: unknown } = {},
): UnavailableError {
  return new UnavailableError(message, { code, fields, cause, retryable });
}

/**
 * Keys that stay inside a device, named by PKCS #11 URIs (RFC 7512).
 *
 * @module
 */

import type { SigningKey } from "./signing_key.ts";

/** A key inside a device: what is signed goes there, and the key never comes out. */
export interface DeviceKey extends SigningKey {
  /** Ends the session with the device; signing after it is a mistake of the caller. */
  close(): void;
}

/** Devices that keep keys. */
export interface DeviceKeys {
  /**
   * Opens the key that a URI names; it must be one of P-384, as owners have them (protocol §2).
   *
   * @param uri As `pkcs11:token=owner;object=casemate?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/pin`. Without `pin-source` the terminal is asked.
   * @throws {InputError} `keys.uri`, `keys.module`, `keys.token`, `keys.object`, `keys.pin`, `keys.kind`
   * @throws {UnavailableError} `keys.device`; so does a later `sign`.
   */
  open(uri: string): Promise<DeviceKey>;
}

/**
 * Whether a word names a key in a device, and not a file.
 *
 * @param word What was given for a key.
 */
export function isDeviceKey(word: string): boolean {
  // Schemes are read without case (RFC 3986 §3.1).
  return /^pkcs11:/i.test(word);
}

/**
 * Test support: keys that WebCrypto made, as the tests of this folder need them.
 * Holds no tests of its own.
 *
 * @module
 */

import { generateLabKey, type LabKey } from "../../../lab/lab_key.ts";

/** A key pair of RSA. */
export const rsa: LabKey = await generateLabKey("RSA-2048");
/** A key pair of P-256. */
export const p256: LabKey = await generateLabKey("P-256");
/** A key pair of P-384. */
export const p384: LabKey = await generateLabKey("P-384");

/** Modulus of the RSA key: it stands before the exponent, which takes five bytes. */
export const modulus: Uint8Array = rsa.spki.subarray(-5 - 256, -5);

/** Uncompressed point of a key, with which its SubjectPublicKeyInfo ends. */
export function pointOf({ kind, spki }: LabKey): Uint8Array {
  return spki.subarray(kind === "P-256" ? -65 : -97);
}

/**
 * Writes runtime data as Azure's paravisor does: JSON without blank space, keys
 * first (Microsoft, "Guest attestation for confidential VMs").
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import type { LabKey } from "../lab_key.ts";

/** A key as runtime data have it (RFC 7517). */
export interface RuntimeJwk {
  /** Name. */
  readonly kid: string;
  /** What it may do. */
  readonly key_ops: readonly string[];
  /** Kind. */
  readonly kty: string;
  /** Exponent, base64url. */
  readonly e: string;
  /** Modulus, base64url. */
  readonly n: string;
}

/** All that runtime data say. The writer checks nothing. */
export interface RuntimeDescription {
  /** Keys. */
  readonly keys: readonly RuntimeJwk[];
  /** Settings of the VM. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the guest wrote, as text; null leaves it out. */
  readonly userData: string | null;
  /** Further members. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** Keys of the paravisor's TPM, both RSA. */
export interface ParavisorKeys {
  /** Attestation key. */
  readonly ak: LabKey;
  /** Endorsement key. */
  readonly ek: LabKey;
}

/**
 * What an honest paravisor says.
 *
 * @param keys Keys of its TPM.
 * @param userData What the guest wrote to NV index 0x01400002, 64 bytes.
 */
export async function describeRuntime(
  keys: ParavisorKeys,
  userData: Uint8Array,
): Promise<RuntimeDescription> {
  return {
    keys: [
      await jwkOf("HCLAkPub", "sign", keys.ak),
      await jwkOf("HCLEkPub", "encrypt", keys.ek),
    ],
    settings: {
      "console-enabled": true,
      "root-cert-thumbprint": "",
      "secure-boot": true,
      "tpm-enabled": true,
      "tpm-persisted": true,
      "vmUniqueId": crypto.randomUUID(),
    },
    userData: toHex(userData).toUpperCase(),
    others: {},
  };
}

/**
 * A key as runtime data have it.
 *
 * @param kid Its name.
 * @param operation What it may do.
 * @param key An RSA key.
 */
export async function jwkOf(kid: string, operation: string, key: LabKey): Promise<RuntimeJwk> {
  const algorithm = { name: "RSA-PSS", hash: "SHA-256" };
  const open = await crypto.subtle.importKey("spki", key.spki, algorithm, true, ["verify"]);
  const { e = "", n = "" } = await crypto.subtle.exportKey("jwk", open);
  return { kid, key_ops: [operation], kty: "RSA", e, n };
}

/**
 * Writes runtime data.
 *
 * @param description What they say.
 */
export function writeRuntime(description: RuntimeDescription): Uint8Array<ArrayBuffer> {
  const { keys, settings, userData, others } = description;
  const members = {
    keys,
    "vm-configuration": settings,
    ...(userData === null ? {} : { "user-data": userData }),
    ...others,
  };
  return new TextEncoder().encode(JSON.stringify(members));
}

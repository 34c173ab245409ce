/**
 * Writes what an attestation document says (AWS, "Verifying the root of trust"
 * of Nitro Enclaves, §3.1; "Validate a NitroTPM Attestation Document").
 *
 * @module
 */

import {
  type Cbor,
  cborArray,
  cborBytes,
  cborInteger,
  cborMap,
  cborNull,
  type CborPair,
  cborText,
} from "./cbor.ts";

/** What a document is of: an enclave, or an instance with a NitroTPM. */
export type NitroKind = "enclave" | "tpm";

/** Values of registers by number, in the order in which they are written. */
export type NitroRegisterValues = readonly (readonly [register: number, value: Uint8Array])[];

/** All that a document says. */
export interface NitroPayloadDescription {
  /** Module that issues it. */
  readonly moduleId: string;
  /** Name of the hash. */
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number | bigint;
  /** Name of the map of registers. */
  readonly registersName: string;
  /** The registers. */
  readonly registers: NitroRegisterValues;
  /** DER of the certificate that signs. */
  readonly certificate: Uint8Array;
  /** DER of those above it, root first. */
  readonly bundle: readonly Uint8Array[];
  /** Public key; null writes null, undefined leaves it out. */
  readonly publicKey: Uint8Array | null | undefined;
  /** User data; null writes null, undefined leaves them out. */
  readonly userData: Uint8Array | null | undefined;
  /** Nonce; null writes null, undefined leaves it out. */
  readonly nonce: Uint8Array | null | undefined;
}

/** Names of the maps of registers. */
export const REGISTER_NAMES: Readonly<Record<NitroKind, string>> = {
  enclave: "pcrs",
  tpm: "nitrotpm_pcrs",
};

/**
 * Entries of a document's map, in AWS's order.
 *
 * @param description What it says.
 */
export function payloadEntries(description: NitroPayloadDescription): readonly CborPair[] {
  const { moduleId, digest, timestamp, registersName, registers, certificate, bundle } =
    description;
  const values = registers.map(([register, value]): CborPair => [
    cborInteger(register),
    cborBytes(value),
  ]);
  const given = { public_key: "publicKey", user_data: "userData", nonce: "nonce" } as const;
  return [
    [cborText("module_id"), cborText(moduleId)],
    [cborText("digest"), cborText(digest)],
    [cborText("timestamp"), cborInteger(timestamp)],
    [cborText(registersName), cborMap(...values)],
    [cborText("certificate"), cborBytes(certificate)],
    [cborText("cabundle"), cborArray(...bundle.map(cborBytes))],
    ...Object.entries(given).flatMap(([name, field]) => optional(name, description[field])),
  ];
}

function optional(name: string, value: Uint8Array | null | undefined): readonly CborPair[] {
  if (value === undefined) return [];
  const written: Cbor = value === null ? cborNull() : cborBytes(value);
  return [[cborText(name), written]];
}

/**
 * What an attestation document says (AWS, "Verifying the root of trust" of
 * Nitro Enclaves, §3.1 and §3.2.1; "Validate a NitroTPM Attestation Document").
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import { type Cbor, readCbor } from "../../../core/portable/cbor.ts";
import { readOr } from "../../../core/malformed.ts";
import type { NitroDocument } from "../report.ts";
import { refuseNitro } from "./refuse.ts";
import { readRegisters } from "./registers.ts";

/** Maps of registers, of which a document has one, by what it is of. */
const KINDS = { pcrs: "enclave", nitrotpm_pcrs: "tpm" } as const;

/** All fields that there are. */
const KNOWN: readonly string[] = [
  "module_id",
  "digest",
  "timestamp",
  ...Object.keys(KINDS),
  "certificate",
  "cabundle",
  "public_key",
  "user_data",
  "nonce",
];

/** Lengths of a field, bytes. */
interface Lengths {
  readonly least: number;
  readonly most: number;
}

const MODULE_ID: Lengths = { least: 1, most: 256 };
const CERTIFICATE: Lengths = { least: 1, most: 1024 };
const PUBLIC_KEY: Lengths = { least: 1, most: 1024 };
const GIVEN_DATA: Lengths = { least: 0, most: 512 };
/** Most certificates above the one that signed; AWS's documents have four. */
const MAX_BUNDLE = 8;

/** A document with the certificates that are to vouch for it. */
export interface Payload {
  /** What it says. */
  readonly document: NitroDocument;
  /** DER of the certificate that signed. */
  readonly certificate: Uint8Array;
  /** DER of those above it, root first. */
  readonly bundle: readonly Uint8Array[];
}

/**
 * Reads the payload of a document.
 *
 * @param bytes The payload.
 * @throws {RejectedError} `nitro.cbor`, `nitro.field`, `nitro.kind`, `nitro.pcr_length`
 */
export function readPayload(bytes: Uint8Array): Payload {
  const fields = readFields(bytes);
  const moduleId = readModuleId(fields);
  const digest = readDigest(fields);
  const timestamp = readTimestamp(fields);
  const name = readKind(fields);
  const registers = readRegisters(fields.get(name), name);
  const certificate = readBytes(fields, "certificate", CERTIFICATE);
  const bundle = readBundle(fields);
  const publicKey = readOptional(fields, "public_key", PUBLIC_KEY);
  const userData = readOptional(fields, "user_data", GIVEN_DATA);
  const nonce = readOptional(fields, "nonce", GIVEN_DATA);
  const given = { publicKey, userData, nonce };
  const kind = KINDS[name];
  return {
    document: { kind, moduleId, timestamp, digest, registers, ...given },
    certificate,
    bundle,
  };
}

type Fields = ReadonlyMap<string, Cbor>;

function refuse(field: string): Error {
  return refuseNitro("nitro.field", { field });
}

function readFields(bytes: Uint8Array): Fields {
  const payload = readOr(() => readCbor(bytes), (reason) => refuseNitro("nitro.cbor", { reason }));
  if (payload.type !== "map") throw refuse("payload");
  const fields = new Map<string, Cbor>();
  for (const { key, value } of payload.entries) {
    if (key.type !== "text") throw refuse("payload");
    fields.set(key.value, value);
  }
  const unknown = [...fields.keys()].find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw refuse(unknown);
  return fields;
}

function readModuleId(fields: Fields): string {
  const id = textOf(fields, "module_id");
  const { length } = new TextEncoder().encode(id);
  if (length < MODULE_ID.least || length > MODULE_ID.most) throw refuse("module_id");
  return id;
}

function readDigest(fields: Fields): "SHA384" {
  const digest = textOf(fields, "digest");
  if (digest !== "SHA384") throw refuse("digest");
  return digest;
}

function textOf(fields: Fields, name: string): string {
  const field = fields.get(name);
  if (field?.type !== "text") throw refuse(name);
  return field.value;
}

function readTimestamp(fields: Fields): number {
  const field = fields.get("timestamp");
  const isWhole = field?.type === "integer" && field.value > 0n &&
    field.value <= BigInt(Number.MAX_SAFE_INTEGER);
  if (!isWhole) throw refuse("timestamp");
  return Number(field.value);
}

function readKind(fields: Fields): keyof typeof KINDS {
  const [isEnclave, isTpm] = [fields.has("pcrs"), fields.has("nitrotpm_pcrs")];
  if (isEnclave === isTpm) throw refuseNitro("nitro.kind");
  return isEnclave ? "pcrs" : "nitrotpm_pcrs";
}

function readBundle(fields: Fields): readonly Uint8Array[] {
  const field = fields.get("cabundle");
  if (field?.type !== "array") throw refuse("cabundle");
  const { items } = field;
  if (items.length === 0 || items.length > MAX_BUNDLE) throw refuse("cabundle");
  return items.map((item) => bytesOf(item, "cabundle", CERTIFICATE));
}

function readBytes(fields: Fields, name: string, lengths: Lengths): Uint8Array {
  return bytesOf(fields.get(name), name, lengths);
}

/** Null and absent mean the same; empty bytes are there. */
function readOptional(fields: Fields, name: string, lengths: Lengths): string | null {
  const field = fields.get(name);
  if (field === undefined || field.type === "simple" && field.value === null) return null;
  return toHex(bytesOf(field, name, lengths));
}

function bytesOf(field: Cbor | undefined, name: string, { least, most }: Lengths): Uint8Array {
  if (field?.type !== "bytes") throw refuse(name);
  const { length } = field.value;
  if (length < least || length > most) throw refuse(name);
  return field.value;
}

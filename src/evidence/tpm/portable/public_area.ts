/**
 * Public areas of keys: TPMT_PUBLIC, also within TPM2B_PUBLIC (Part 2 §12.2.4, §12.2.5).
 *
 * @module
 */

import { concat, toHex } from "../../../core/bytes.ts";
import { digestOf, HASHES } from "../../../core/portable/digest.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import type { ObjectAttributes, PublicArea, StrongHash } from "../report.ts";
import { ALGORITHM, algorithmText, strongHashOf } from "./algorithms.ts";
import { attributesOf } from "./attributes.ts";
import { isBareKey, KEY_REFUSALS, type PublicKey, readBareKey } from "./key.ts";
import { Marshalled } from "./marshalled.ts";
import { takeEccKey, takeRsaKey } from "./parameters.ts";
import { checkSize } from "./refuse.ts";
import { PREFIXES, type Role } from "./role.ts";

/** Largest file with a key. A public area with RSA 4096 has 600 bytes, the same key in PEM 800. */
const MAX_BYTES = 2048;

const { malformed, unknown } = KEY_REFUSALS;

/** A key and, where it was given in the form of a TPM, its public area. */
export interface ParsedKey extends PublicKey {
  /** Null of a bare key. */
  readonly area: PublicArea | null;
}

/**
 * Reads a public area; a bare key is none: the operation `tpm_public`.
 *
 * @param parts TPM2B_PUBLIC or TPMT_PUBLIC.
 * @throws {RejectedError} `tpm.public_algorithm`, `tpm.public_malformed`
 * @throws {InputError} `input.*`
 */
export function tpmPublic(parts: readonly Uint8Array[]): PublicArea {
  const [file = new Uint8Array()] = argumentsOf(parts, 1);
  checkSize(file, "ak-pub", MAX_BYTES);
  return readArea(file).area;
}

/**
 * Reads a key in any form.
 *
 * @param file TPM2B_PUBLIC, TPMT_PUBLIC, or a bare key in PEM or DER.
 * @param role What the key is.
 * @throws {RejectedError} `tpm.public_algorithm`, `tpm.public_malformed`
 * @throws {InputError} `input.*`
 */
export function parseKey(file: Uint8Array, role: Role): ParsedKey {
  checkSize(file, `${PREFIXES[role]}-pub`, MAX_BYTES);
  return isBareKey(file) ? { ...readBareKey(file), area: null } : readArea(file);
}

function readArea(file: Uint8Array): ParsedKey & { readonly area: PublicArea } {
  const area = withoutSize(file);
  const fields = new Marshalled(area, malformed);
  const isRsa = takeType(fields);
  const nameAlgorithm = takeNameAlgorithm(fields);
  const attributes = takeAttributes(fields);
  const authPolicy = takePolicy(fields, nameAlgorithm);
  const { scheme, ...found } = isRsa ? takeRsaKey(fields) : takeEccKey(fields);
  fields.finish();
  const { key } = found;
  const name = nameOf(area, nameAlgorithm);
  return { ...found, area: { key, name, nameAlgorithm, attributes, authPolicy, scheme } };
}

/** No type of a public area is the size of one. */
function withoutSize(file: Uint8Array): Uint8Array {
  const size = (file[0] ?? 0) * 256 + (file[1] ?? 0);
  return size === file.length - 2 ? file.subarray(2) : file;
}

/** Whether the key is RSA; else it is ECC. */
function takeType(fields: Marshalled): boolean {
  const type = fields.number(2, "the type");
  if (type === ALGORITHM.rsa) return true;
  if (type === ALGORITHM.ecc) return false;
  throw unknown(`type ${algorithmText(type)} is neither RSA nor ECC`);
}

function takeNameAlgorithm(fields: Marshalled): StrongHash {
  const algorithm = fields.number(2, "the hash of the name");
  const hash = strongHashOf(algorithm);
  if (hash === undefined) throw unknown(`hash ${algorithmText(algorithm)} of the name`);
  return hash;
}

function takeAttributes(fields: Marshalled): ObjectAttributes {
  const attributes = attributesOf(fields.number(4, "the attributes"));
  if (attributes === undefined) throw malformed("a reserved attribute is set");
  return attributes;
}

/** A policy is a digest of the hash of the name. */
function takePolicy(fields: Marshalled, hash: StrongHash): string {
  const policy = fields.sized("the policy");
  if (policy.length !== 0 && policy.length !== HASHES[hash].bytes) {
    throw malformed("the policy has another length than the hash of the name");
  }
  return toHex(policy);
}

/** Part 1 §16: number of the hash, and hash of the public area. */
function nameOf(area: Uint8Array, hash: StrongHash): string {
  return toHex(concat(area.subarray(2, 4), digestOf(hash, area)));
}

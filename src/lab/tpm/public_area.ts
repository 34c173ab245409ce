/**
 * Public areas of a TPM's keys, and the names made of them (TPM 2.0 Library
 * Part 2 §12.2.4, Part 1 §16).
 *
 * @module
 */

import { concat, fromHex } from "../../core/bytes.ts";
import type { LabKey } from "../lab_key.ts";
import {
  hashOf,
  LAB_HASHES,
  type LabBank,
  type QuoteScheme,
  TPM_ALGORITHMS,
} from "./algorithms.ts";
import { bigEndian, sized, words } from "./wire.ts";

/** All that a public area says. The writer checks nothing. */
export interface PublicDescription {
  /** TPM_ALG_ID of the type: RSA or ECC. */
  readonly type: number;
  /** TPM_ALG_ID of the hash of the Name. */
  readonly nameAlgorithm: number;
  /** TPMA_OBJECT. */
  readonly attributes: number;
  /** Digest of the policy; empty where there is none. */
  readonly authPolicy: Uint8Array;
  /** Symmetric algorithm: its id, and what follows it, two bytes each. */
  readonly symmetric: readonly number[];
  /** Scheme: its id, and the hash where it has one, two bytes each. */
  readonly scheme: readonly number[];
  /** What follows: RSA key bits and exponent, or curve and key derivation. */
  readonly parameters: Uint8Array;
  /** The key: the modulus, or X and Y. */
  readonly unique: readonly Uint8Array[];
  /** What follows the public area. */
  readonly trailing: Uint8Array;
}

/** Names of bits of TPMA_OBJECT. */
export type ObjectAttribute =
  | "fixedTPM"
  | "stClear"
  | "fixedParent"
  | "sensitiveDataOrigin"
  | "userWithAuth"
  | "adminWithPolicy"
  | "noDA"
  | "encryptedDuplication"
  | "restricted"
  | "decrypt"
  | "sign";

/** Bits of TPMA_OBJECT (Part 2 §8.3.2). */
export const OBJECT_ATTRIBUTES: Readonly<Record<ObjectAttribute, number>> = {
  fixedTPM: 1 << 1,
  stClear: 1 << 2,
  fixedParent: 1 << 4,
  sensitiveDataOrigin: 1 << 5,
  userWithAuth: 1 << 6,
  adminWithPolicy: 1 << 7,
  noDA: 1 << 10,
  encryptedDuplication: 1 << 11,
  restricted: 1 << 16,
  decrypt: 1 << 17,
  sign: 1 << 18,
};

/**
 * TPMA_OBJECT with these bits set.
 *
 * @param names Their names.
 */
export function objectAttributes(
  ...names: readonly (keyof typeof OBJECT_ATTRIBUTES)[]
): number {
  return names.reduce((sum, name) => sum | OBJECT_ATTRIBUTES[name], 0);
}

/** What every key of the lab's TPM is: it never leaves it. */
const FIXED = ["fixedTPM", "fixedParent", "sensitiveDataOrigin"] as const;

/** TPM_ECC_CURVE (TCG Algorithm Registry). */
const CURVES = { "P-256": 0x0003, "P-384": 0x0004 } as const;

/** Policy of endorsement keys: PolicySecret of the endorsement hierarchy (EK Credential Profile §2.1.5). */
const EK_POLICY = "837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa";

/**
 * The public area of an attestation key.
 *
 * @param key The key.
 * @param scheme How it signs.
 * @param hash Hash of scheme and Name.
 */
export function describeAk(key: LabKey, scheme: QuoteScheme, hash: LabBank): PublicDescription {
  const { id } = LAB_HASHES[hash];
  return {
    ...describeKey(key),
    nameAlgorithm: id,
    attributes: objectAttributes(...FIXED, "userWithAuth", "restricted", "sign"),
    authPolicy: new Uint8Array(),
    symmetric: [TPM_ALGORITHMS.null],
    scheme: [TPM_ALGORITHMS[scheme], id],
  };
}

/**
 * The public area of an endorsement key, by the default templates (EK Credential Profile §B.3).
 *
 * @param key RSA-2048 or P-256.
 */
export function describeEk(key: LabKey): PublicDescription {
  return {
    ...describeKey(key),
    nameAlgorithm: LAB_HASHES.sha256.id,
    attributes: objectAttributes(...FIXED, "adminWithPolicy", "restricted", "decrypt"),
    authPolicy: fromHex(EK_POLICY),
    symmetric: [TPM_ALGORITHMS.aes, 128, TPM_ALGORITHMS.cfb],
    scheme: [TPM_ALGORITHMS.null],
  };
}

/** What the key itself decides. */
function describeKey(
  { kind, spki }: LabKey,
): Pick<PublicDescription, "type" | "parameters" | "unique" | "trailing"> {
  const trailing = new Uint8Array();
  if (kind === "P-256" || kind === "P-384") {
    const half = kind === "P-256" ? 32 : 48;
    return {
      type: TPM_ALGORITHMS.ecc,
      parameters: words(CURVES[kind], TPM_ALGORITHMS.null),
      unique: [spki.slice(-2 * half, -half), spki.slice(-half)],
      trailing,
    };
  }
  const bits = Number(kind.slice("RSA-".length));
  return {
    type: TPM_ALGORITHMS.rsa,
    // The exponent 65537 is written as zero.
    parameters: concat(words(bits), bigEndian(0, 4)),
    unique: [modulusOf(spki, bits / 8)],
    trailing,
  };
}

/** SubjectPublicKeyInfo ends in the modulus and the exponent 65537, INTEGERs both. */
function modulusOf(spki: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const exponent = 5;
  return concat(spki.subarray(-exponent - size, -exponent));
}

/**
 * Writes a public area.
 *
 * @param description What it says.
 * @returns TPMT_PUBLIC; a TPM2B_PUBLIC is the same behind its size.
 */
export function writePublic(description: PublicDescription): Uint8Array<ArrayBuffer> {
  const { type, nameAlgorithm, attributes, authPolicy, symmetric, scheme } = description;
  return concat(
    words(type, nameAlgorithm),
    bigEndian(attributes, 4),
    sized(authPolicy),
    words(...symmetric, ...scheme),
    description.parameters,
    ...description.unique.map(sized),
    description.trailing,
  );
}

/**
 * The Name of an object: algorithm and hash of its public area.
 *
 * @param area TPMT_PUBLIC.
 * @param hash Hash of the Name.
 */
export async function nameOf(area: Uint8Array, hash: LabBank): Promise<Uint8Array<ArrayBuffer>> {
  return concat(words(LAB_HASHES[hash].id), await hashOf(hash, area));
}

/** Handle of the endorsement hierarchy, which is its own Qualified Name (Part 2 §7.4). */
const ENDORSEMENT = 0x4000_000b;

/**
 * The Qualified Name of an object: Name of all that it stands under (Part 1 §16.2).
 *
 * @param name Name of the object.
 * @param hash Hash of the Name.
 * @param parent Qualified Name of its parent; default the endorsement hierarchy.
 */
export async function qualifiedNameOf(
  name: Uint8Array,
  hash: LabBank,
  parent: Uint8Array = bigEndian(ENDORSEMENT, 4),
): Promise<Uint8Array<ArrayBuffer>> {
  return concat(words(LAB_HASHES[hash].id), await hashOf(hash, parent, name));
}

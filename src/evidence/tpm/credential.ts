/**
 * Credentials, made outside of any TPM (Part 1 §24): a secret that only the TPM
 * of an endorsement key takes out, and only while it holds the named key.
 *
 * What comes back with the right secret shows that the attestation key is in
 * that TPM. That the TPM is genuine, its endorsement certificate shows; that the
 * key is an attestation key, its public area, whose hash the Name is.
 *
 * @module
 */

import { cfb } from "@noble/ciphers/aes.js";
import { concat } from "../../core/bytes.ts";
import type { Random } from "../../core/ports.ts";
import type { Credential } from "./device/activate.ts";
import { sized } from "./device/bytes_out.ts";
import { DIGEST_BYTES, strongHashOf } from "./device/numbers.ts";
import {
  type EccEndorsementKey,
  type EndorsementKey,
  importEndorsementKey,
  readEndorsementKey,
} from "./endorsement_key.ts";
import { hmac } from "./hash.ts";
import { kdfA, kdfE } from "./kdf.ts";
import type { StrongHash } from "./report.ts";

export type { Credential } from "./device/activate.ts";

/** Label of seeds for credentials (Part 1 §24.4; Annexes B.10.3 and C.6.4). */
const LABEL = "IDENTITY";

/** A seed, and how it reaches the TPM. */
interface Seed {
  readonly seed: Uint8Array;
  /** Contents of TPM2B_ENCRYPTED_SECRET. */
  readonly encrypted: Uint8Array;
}

/**
 * Makes a credential.
 *
 * @param endorsementKey TPMT_PUBLIC of the key that it is encrypted to.
 * @param name Name of the key that must be in the same TPM.
 * @param secret 1 byte to the length of the endorsement key's hash.
 * @param random Where the seed comes from.
 * @throws {RejectedError} `tpm.public_malformed`, `tpm.public_algorithm`, `tpm.ek_attributes`
 * @throws {RangeError} where the Name is none, or the secret has another length.
 */
export async function makeCredential(
  endorsementKey: Uint8Array,
  name: Uint8Array,
  secret: Uint8Array,
  random: Random,
): Promise<Credential> {
  const recipient = readEndorsementKey(endorsementKey);
  checkName(name);
  if (secret.length < 1 || secret.length > DIGEST_BYTES[recipient.hash]) {
    const most = DIGEST_BYTES[recipient.hash];
    throw new RangeError(
      `Cannot put ${secret.length} bytes into a credential: it takes 1 to ${most}`,
    );
  }
  const { seed, encrypted } = await seedFor(recipient, random);
  return {
    credentialBlob: await protect(recipient, seed, name, secret),
    encryptedSecret: encrypted,
  };
}

function checkName(name: Uint8Array): void {
  const [high = 0, low = 0] = name;
  const hash = strongHashOf(high << 8 | low);
  if (hash !== undefined && name.length === 2 + DIGEST_BYTES[hash]) return;
  throw new RangeError(`Cannot make a credential for a Name of ${name.length} bytes`);
}

/** TPMS_ID_OBJECT (Part 2 §12.4.2): HMAC, then the secret, encrypted (Part 1 §24.4, §24.5). */
async function protect(
  { hash, symmetricBytes }: EndorsementKey,
  seed: Uint8Array,
  name: Uint8Array,
  secret: Uint8Array,
): Promise<Uint8Array> {
  const storage = { algorithm: hash, label: "STORAGE", first: name, bytes: symmetricBytes };
  const key = await kdfA(seed, storage);
  const identity = cfb(key, new Uint8Array(16)).encrypt(sized(secret));
  const integrity = { algorithm: hash, label: "INTEGRITY", bytes: DIGEST_BYTES[hash] };
  const mac = await hmac(hash, await kdfA(seed, integrity), concat(identity, name));
  return concat(sized(mac), identity);
}

async function seedFor(recipient: EndorsementKey, random: Random): Promise<Seed> {
  const { hash, key } = recipient;
  const imported = await importEndorsementKey(recipient);
  return key.kind === "rsa"
    ? await rsaSeed(imported, random.bytes(DIGEST_BYTES[hash]))
    : await eccSeed(imported, key, hash);
}

/** A fresh seed by RSA-OAEP; the label ends in a zero (Part 1 B.4). */
async function rsaSeed(key: CryptoKey, seed: Uint8Array<ArrayBuffer>): Promise<Seed> {
  const algorithm = { name: "RSA-OAEP", label: new TextEncoder().encode(`${LABEL}\0`) };
  return { seed, encrypted: new Uint8Array(await crypto.subtle.encrypt(algorithm, key, seed)) };
}

/** A seed that comes of an ephemeral key and the recipient's (Part 1 C.6.1). */
async function eccSeed(
  recipient: CryptoKey,
  { curve, x }: EccEndorsementKey,
  algorithm: StrongHash,
): Promise<Seed> {
  const named = { name: "ECDH", namedCurve: curve };
  const ephemeral = await crypto.subtle.generateKey(named, true, ["deriveBits"]);
  const agreement = { name: "ECDH", public: recipient };
  const bits = 8 * x.length;
  const shared = await crypto.subtle.deriveBits(agreement, ephemeral.privateKey, bits);
  const exported = await crypto.subtle.exportKey("raw", ephemeral.publicKey);
  const first = new Uint8Array(exported, 1, x.length);
  const options = { algorithm, label: LABEL, first, second: x, bytes: DIGEST_BYTES[algorithm] };
  const seed = await kdfE(new Uint8Array(shared), options);
  return { seed, encrypted: concat(sized(first), sized(new Uint8Array(exported, 1 + x.length))) };
}

/**
 * By what structures of TPMs are known.
 *
 * @module
 */

/** Algorithms of keys (TPM 2.0 Library Part 2 §6.3). */
const KEY_TYPES: readonly number[] = [0x0001, 0x0023];

/** Algorithms of signatures. */
const RSA_SCHEMES: readonly number[] = [0x0014, 0x0016];
const ECC_SCHEMES: readonly number[] = [0x0018];

/** Hash algorithms, SHA-1 too: it is refused by name. */
const HASHES: readonly number[] = [0x0004, 0x000b, 0x000c, 0x000d];

/** TPM_GENERATED_VALUE, in halves. */
const MAGIC: readonly number[] = [0xff54, 0x4347];

/** Largest public area and signature that the engine takes; anything longer is something else. */
const MAX_BYTES = 2048;

/**
 * The TPMS_ATTEST of a file that is one, bare or with TPM2B_ATTEST around it; null of any other.
 *
 * @param bytes The file.
 */
export function asAttest(bytes: Uint8Array): Uint8Array | null {
  const begins = (at: number): boolean =>
    MAGIC.every((half, i) => word(bytes, at + 2 * i) === half);
  if (begins(0)) return bytes;
  return begins(2) && word(bytes, 0) === bytes.length - 2 ? bytes.subarray(2) : null;
}

/**
 * Whether a file is meant as TPMT_PUBLIC, bare or with TPM2B_PUBLIC around it.
 *
 * @param bytes The file.
 */
export function looksLikePublicArea(bytes: Uint8Array): boolean {
  const begins = (at: number): boolean =>
    KEY_TYPES.includes(word(bytes, at)) && HASHES.includes(word(bytes, at + 2));
  const sized = word(bytes, 0) === bytes.length - 2 && begins(2);
  return bytes.length <= MAX_BYTES && bytes.length >= 10 && (sized || begins(0));
}

/**
 * Whether a file is a TPMT_SIGNATURE: an algorithm, a hash, then one or two values that fill the rest.
 *
 * @param bytes The file.
 */
export function looksLikeSignature(bytes: Uint8Array): boolean {
  if (bytes.length > MAX_BYTES || !HASHES.includes(word(bytes, 2))) return false;
  const first = 6 + word(bytes, 4);
  if (RSA_SCHEMES.includes(word(bytes, 0))) return first === bytes.length;
  return ECC_SCHEMES.includes(word(bytes, 0)) && first + 2 + word(bytes, first) === bytes.length;
}

/** Two bytes, big-endian; -1 where there are none. */
function word(bytes: Uint8Array, at: number): number {
  const [high, low] = bytes.subarray(at, at + 2);
  return high === undefined || low === undefined ? -1 : high << 8 | low;
}

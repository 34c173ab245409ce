/**
 * By what quotes and documents of Intel's are known.
 *
 * @module
 */

/** Least bytes of what is taken for a quote: header, enclave report, length of the signature data. */
const MIN_QUOTE_BYTES = 48 + 384 + 4;

/** Lowest bytes of attestation key types that Intel has named. */
const KEY_TYPES: readonly number[] = [2, 3];

/** Lowest bytes of the TEE types of SGX and TDX. */
const TEE_TYPES: readonly number[] = [0x00, 0x81];

/**
 * Whether a file is meant as a quote: version 3 to 5, a known key type and TEE, as no other file here starts.
 *
 * @param bytes The file.
 */
export function looksLikeQuote(bytes: Uint8Array): boolean {
  const [version = 0, high, keyType = 0, keyHigh, tee = 0, ...rest] = bytes.subarray(0, 8);
  const small = high === 0 && keyHigh === 0 && rest.every((byte) => byte === 0);
  return bytes.length >= MIN_QUOTE_BYTES && small && version >= 3 && version <= 5 &&
    KEY_TYPES.includes(keyType) && TEE_TYPES.includes(tee);
}

/**
 * Whether a file is meant as a document of Intel's PCS: TCB info or QE identity.
 *
 * @param bytes The file.
 */
export function looksLikeDocument(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 64));
  return /^\s*\{\s*"(?:tcbInfo|enclaveIdentity|signature)"/.test(start);
}

/**
 * Where the fields of a TPM's structures stand (TPM 2.0 Library Part 2 §10.12,
 * §11.3, §12.2; TCG PFP §10.2), and what comes of a bit that is flipped in each.
 *
 * @module
 */

import type { Vector } from "../vectors.ts";
import { fileOf } from "./change.ts";
import type { SignedField } from "./contract.ts";

/** Name, length, codes. */
type Row = readonly [name: string, length: number, ...codes: readonly string[]];

const SIGNATURE = "tpm.signature_mismatch";
const VALUE = "tpm.attest_value";
const LENGTH = "tpm.attest_length";
const SELECTION = "tpm.selection_malformed";
const ALGORITHM = "tpm.public_algorithm";
const MALFORMED = "tpm.public_malformed";

/** A number of so many bytes at a place, the most significant first. */
function numberAt(bytes: Uint8Array, at: number, size: number): number {
  return bytes.subarray(at, at + size).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Rows one behind the other. */
function fieldsOf(role: string, rows: readonly Row[]): readonly SignedField[] {
  let at = 0;
  return rows.map(([field, length, ...codes]): SignedField => {
    const found = { role, field, at, length, codes };
    at += length;
    return found;
  });
}

/** Bytes before the size of the nonce: magic, type, size of the signer's name. */
const HEAD = 8;
/** Clock, counters, firmware, between the nonce and the count of selections. */
const STATE = 25;
/** Hash, size and bitmap of a selection. */
const SELECTED = 6;

/**
 * Fields of a quote, all of them signed.
 *
 * @param vector The vector.
 */
export function quoteFields(vector: Vector): readonly SignedField[] {
  const quote = fileOf(vector, "tpmQuoteMsg");
  const signer = numberAt(quote, 6, 2);
  const nonce = numberAt(quote, HEAD + signer, 2);
  const from = HEAD + signer + 2 + nonce + STATE;
  const count = numberAt(quote, from, 4);
  const digest = numberAt(quote, from + 4 + count * SELECTED, 2);
  const selections = Array.from({ length: count }, (_, i): readonly Row[] => [
    [`hash of selection ${i}`, 2, SELECTION],
    // A bitmap of another size shifts what follows.
    [`size of selection ${i}`, 1, SELECTION, LENGTH, VALUE],
    [`bitmap of selection ${i}`, 3, SIGNATURE],
  ]);
  return fieldsOf("tpmQuoteMsg", [
    ["magic", 4, "tpm.attest_magic"],
    ["type", 2, "tpm.attest_type"],
    ["size of the signer's name", 2, VALUE, LENGTH],
    ["hash of the signer's name", 2, VALUE],
    ["signer's name", signer - 2, SIGNATURE],
    ["size of the nonce", 2, VALUE, LENGTH],
    ["nonce", nonce, SIGNATURE],
    ["clock", 8, SIGNATURE],
    ["resetCount", 4, SIGNATURE],
    ["restartCount", 4, SIGNATURE],
    ["safe", 1, SIGNATURE, VALUE],
    ["firmware version", 8, SIGNATURE],
    ["count of selections", 4, SELECTION, LENGTH, "tpm.selection_repeated"],
    ...selections.flat(),
    ["size of the digest", 2, VALUE, LENGTH],
    ["digest", digest, SIGNATURE],
  ]);
}

/** TPM_ALG_ID of ECDSA and of RSA keys. */
const ECDSA = 0x0018;
const RSA = 0x0001;

/**
 * Fields of a signature.
 *
 * @param vector The vector.
 */
export function signatureFields(vector: Vector): readonly SignedField[] {
  const signature = fileOf(vector, "tpmQuoteSig");
  const first = numberAt(signature, 4, 2);
  const codes = [SIGNATURE, "tpm.signature_malformed"] as const;
  const parts: readonly Row[] = numberAt(signature, 0, 2) !== ECDSA
    ? [["size of the signature", 2, codes[1]], ["signature", first, ...codes]]
    : [
      ["size of R", 2, codes[1]],
      ["R", first, ...codes],
      ["size of S", 2, codes[1]],
      ["S", numberAt(signature, 6 + first, 2), ...codes],
    ];
  return fieldsOf("tpmQuoteSig", [
    ["scheme", 2, "tpm.signature_algorithm"],
    ["hash", 2, "tpm.signature_algorithm"],
    ...parts,
  ]);
}

/**
 * Fields of the key's public area that decide how it signs, up to the key.
 * Attributes and policy are signed by nothing but the Name that a quote carries
 * inside of a Qualified Name, which only an enrolled key has known.
 *
 * @param vector The vector.
 */
export function keyFields(vector: Vector): readonly SignedField[] {
  const area = fileOf(vector, "akPub");
  const codes = [ALGORITHM, MALFORMED] as const;
  const head: readonly Row[] = [
    ["size of the public area", 2, ...codes],
    ["type of the key", 2, ...codes],
    ["hash of the Name", 2, ALGORITHM],
  ];
  const attributes = 4 + 2 + numberAt(area, 10, 2);
  const middle: readonly Row[] = [
    ["symmetric algorithm", 2, ...codes],
    ["scheme", 2, ...codes],
    ["hash of the scheme", 2, ...codes],
  ];
  const isRsa = numberAt(area, 2, 2) === RSA;
  const parameters: readonly Row[] = isRsa
    ? [["bits of the key", 2, ...codes], ["exponent", 4, ALGORITHM]]
    : [["curve", 2, ...codes], ["key derivation", 2, ...codes]];
  const rows = [...head, ["attributes and policy", attributes] as const, ...middle, ...parameters];
  const at = rows.reduce((sum, [, length]) => sum + length, 0);
  const size = numberAt(area, at, 2);
  const key: readonly Row[] = [
    ["size of the key", 2, ...codes],
    ["key", size, MALFORMED, "tpm.ak_key_mismatch", SIGNATURE],
  ];
  return fieldsOf("akPub", [...rows, ...key]).filter(({ codes }) => codes.length > 0);
}

/** Bytes of digests by TPM_ALG_ID. */
const DIGESTS: Readonly<Record<number, number>> = { 0x4: 20, 0xb: 32, 0xc: 48, 0xd: 64 };
/** TPM_ALG_ID of SHA-1, whose digests count for nothing. */
const SHA1 = 0x4;
/** First bytes of a crypto-agile log: register 0, EV_NO_ACTION. */
const AGILE = 0x0000_0000_03;

/**
 * Digests of the first event of a log as firmware writes it, in quoted banks,
 * and the last bytes of its last event, which is hashed whole.
 *
 * @param vector The vector; others' logs have no such fields here.
 */
export function logFields(vector: Vector): readonly SignedField[] {
  const log = vector.files["eventLog"];
  if (!(log instanceof Uint8Array) || numberAt(log, 0, 5) !== AGILE) return [];
  const little = (at: number, size: number): number =>
    numberAt(log.slice(at, at + size).reverse(), 0, size);
  const quoted = quotedBanks(fileOf(vector, "tpmQuoteMsg"));
  const isLocality = (at: number): boolean => little(at + 4, 4) === 3;
  const eventAt = 32 + little(28, 4);
  const next = (at: number): number => eventEnd(log, at);
  const first = isLocality(eventAt) ? next(eventAt) : eventAt;
  const role = "eventLog";
  return [
    ...digestsAt(log, first).filter(({ id }) => id !== SHA1 && quoted.includes(id))
      .map(({ id, at, length }) => ({
        role,
        field: `digest of the first event in bank ${id}`,
        at,
        length,
        codes: ["logs.replay_mismatch"],
      })),
    {
      role,
      field: "data of the last event",
      at: log.length - 7,
      length: 7,
      codes: ["logs.data_mismatch"],
    },
  ];
}

/** Banks that a quote selects, by TPM_ALG_ID. */
function quotedBanks(quote: Uint8Array): readonly number[] {
  const signer = numberAt(quote, 6, 2);
  const from = HEAD + signer + 2 + numberAt(quote, HEAD + signer, 2) + STATE;
  return Array.from(
    { length: numberAt(quote, from, 4) },
    (_, i) => numberAt(quote, from + 4 + i * SELECTED, 2),
  );
}

interface Digest {
  readonly id: number;
  readonly at: number;
  readonly length: number;
}

/** Digests of a TCG_PCR_EVENT2; numbers are little-endian and small. */
function digestsAt(log: Uint8Array, event: number): readonly Digest[] {
  const digests: Digest[] = [];
  for (let at = event + 12; digests.length < (log[event + 8] ?? 0);) {
    const id = log[at] ?? 0;
    const length = DIGESTS[id] ?? 0;
    digests.push({ id, at: at + 2, length });
    at += 2 + length;
  }
  return digests;
}

/** Where a TCG_PCR_EVENT2 ends. */
function eventEnd(log: Uint8Array, event: number): number {
  const at = digestsAt(log, event).reduce((sum, { length }) => sum + 2 + length, event + 12);
  return at + 4 + (log[at] ?? 0) + (log[at + 1] ?? 0) * 256;
}

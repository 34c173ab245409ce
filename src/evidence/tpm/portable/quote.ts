/**
 * Quotes: TPMS_ATTEST of type TPM_ST_ATTEST_QUOTE (Part 2 §10.12).
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import { argumentsOf } from "../../../core/portable/frame.ts";
import type { ClockInfo, Quote } from "../report.ts";
import { BANK_BYTES, bankOf } from "./algorithms.ts";
import { Marshalled } from "./marshalled.ts";
import { checkSize, refuseTpm } from "./refuse.ts";
import { takeSelections } from "./selections.ts";

/** Largest quote. One over eight banks, with the longest name, data and digest, has 304 bytes. */
const MAX_BYTES = 1024;
/** TPM_GENERATED_VALUE (Part 2 §6.2): no TPM signs bytes of others that begin so with a restricted key. */
const MAGIC = 0xff54_4347;
/** TPM_ST_ATTEST_QUOTE (Part 2 §6.9). */
const TYPE = 0x8018;
/** Bytes of a Name: the number of its hash, and the longest hash (Part 1 §16). */
const MAX_DATA_BYTES = 2 + 64;

/**
 * Reads a quote; nothing is verified: the operation `tpm_quote`.
 *
 * @param parts The quote.
 * @throws {RejectedError} `tpm.attest_*`, `tpm.selection_*`
 * @throws {InputError} `input.*`
 */
export function tpmQuote(parts: readonly Uint8Array[]): Quote {
  const [quote = new Uint8Array()] = argumentsOf(parts, 1);
  return parseQuote(quote);
}

const refuseValue = (reason: string): Error => refuseTpm("tpm.attest_value", { reason });

/**
 * Reads a quote.
 *
 * @param bytes The quote.
 * @throws {RejectedError} `tpm.attest_*`, `tpm.selection_*`
 * @throws {InputError} `input.*`
 */
export function parseQuote(bytes: Uint8Array): Quote {
  checkSize(bytes, "quote", MAX_BYTES);
  const fields = new Marshalled(bytes, (reason) => refuseTpm("tpm.attest_length", { reason }));
  checkKind(fields);
  const quote: Quote = {
    qualifiedSigner: takeSigner(fields),
    qualifyingData: takeData(fields),
    clock: takeClock(fields),
    firmwareVersion: toHex(fields.take(8, "the version of the firmware")),
    selections: takeSelections(fields),
    pcrDigest: takeDigest(fields),
  };
  fields.finish();
  return quote;
}

/** Both first: whatever else the key signed is no quote. */
function checkKind(fields: Marshalled): void {
  if (fields.number(4, "the magic") !== MAGIC) {
    throw refuseTpm("tpm.attest_magic", { reason: "it does not begin with ff544347" });
  }
  if (fields.number(2, "the type") !== TYPE) {
    throw refuseTpm("tpm.attest_type", { reason: "its type is not 8018" });
  }
}

/** Qualified Name of the key; a handle, or none, would say nothing of where the key stands. */
function takeSigner(fields: Marshalled): string {
  const name = fields.sized("the qualified signer");
  const bank = bankOf((name[0] ?? 0) * 256 + (name[1] ?? 0));
  if (bank === undefined || bank === "sha1" || name.length !== 2 + BANK_BYTES[bank]) {
    throw refuseValue("the qualified signer is no Name of SHA-256, SHA-384 or SHA-512");
  }
  return toHex(name);
}

function takeData(fields: Marshalled): string {
  const data = fields.sized("the qualifying data");
  if (data.length > MAX_DATA_BYTES) {
    throw refuseValue(`the qualifying data have more than ${MAX_DATA_BYTES} bytes`);
  }
  return toHex(data);
}

/** TPMS_CLOCK_INFO (Part 2 §10.11.1). */
function takeClock(fields: Marshalled): ClockInfo {
  const clock = fields.take(8, "the clock");
  const resetCount = fields.number(4, "the count of resets");
  const restartCount = fields.number(4, "the count of restarts");
  const safe = fields.number(1, "the flag safe");
  if (safe > 1) throw refuseValue("the flag safe is neither 0 nor 1");
  return { clock: decimalOf(clock), resetCount, restartCount, safe: safe === 1 };
}

/** Decimal, since a JavaScript number would lose its upper bits. */
function decimalOf(bytes: Uint8Array): string {
  return bytes.reduce((value, byte) => value << 8n | BigInt(byte), 0n).toString();
}

function takeDigest(fields: Marshalled): string {
  const digest = fields.sized("the digest of the registers");
  if (![32, 48, 64].includes(digest.length)) {
    throw refuseValue("the digest of the registers is none of SHA-256, SHA-384 or SHA-512");
  }
  return toHex(digest);
}

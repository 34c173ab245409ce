/**
 * Steps that bend minted evidence: each changes one thing, and signs what comes
 * out, so that it is looked at and not only its signature.
 *
 * @module
 */

import { concat, toBase64 } from "../../src/core/bytes.ts";
import { signQuote } from "../../src/lab/mod.ts";
import { ORDER, placesOf, withNumber, withSize } from "../tdx/bytes_of.ts";
import { editBytes, editText } from "../bends/byte_edits.ts";
import { bendCertificate } from "./tdx_certificate_steps.ts";
import type { Dice } from "../bends/dice.ts";
import { bendDocument } from "./tdx_document_steps.ts";
import { bendList } from "./tdx_list_steps.ts";
import type { CollateralFile, State } from "./tdx_state.ts";

/** A step. */
export type Step = (state: State, dice: Dice) => State | Promise<State>;

/** Prime of P-256's field (SP 800-186 §3.2.1.3). */
const PRIME = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;

const bendQuoteBytes: Step = async (state, dice) => {
  const { quote } = state;
  const bent = dice.once(2) ? editBytes(quote, dice) : flippedEarly(quote, dice);
  return await withSigned({ ...state, quote: bent }, dice);
};

/** Most of a quote is its chain; what is judged stands before. */
function flippedEarly(quote: Uint8Array, dice: Dice): Uint8Array {
  const { chain } = placesOf(quote);
  return concat(editFlip(quote.subarray(0, chain), dice), quote.subarray(chain));
}

function editFlip(bytes: Uint8Array, dice: Dice): Uint8Array {
  const copy = concat(bytes);
  const at = dice.below(dice.once(3) ? Math.min(60, copy.length) : copy.length);
  copy[at] = dice.once(4) ? dice.below(256) : (copy[at] ?? 0) ^ 1 << dice.below(8);
  return copy;
}

const bendQuoteSizes: Step = async (state, dice) => {
  const { quote } = state;
  const { signedEnd, outer, authenticationSize, certification } = placesOf(quote);
  const fields: readonly (readonly [at: number, size: number])[] = [
    [0, 2],
    [2, 2],
    [4, 4],
    [48, 2],
    [50, 4],
    [signedEnd, 4],
    [outer ?? certification, 2],
    [(outer ?? certification) + 2, 4],
    [authenticationSize, 2],
    [certification, 2],
    [certification + 2, 4],
  ];
  const [at, size] = dice.pick(fields);
  const old = quote.subarray(at, at + size).reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
  const limit = 2 ** (8 * size) - 1;
  const value = dice.pick([0, 1, 2, 3, 4, 5, 6, 7, old + 1, old - 1, old + 6, 0x81, limit]);
  const bent = withSize(quote, at, size, Math.min(limit, Math.max(0, value)));
  return await withSigned({ ...state, quote: bent }, dice);
};

const bendQuoteNumbers: Step = (state, dice) => {
  const { quote } = state;
  const { signature, attestationKey, qeSignature } = placesOf(quote);
  const at = dice.pick([signature, attestationKey, qeSignature]) + dice.pick([0, 32]);
  const old = numberAt(quote, at);
  const near = [0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, PRIME - 1n, PRIME, 2n ** 256n - 1n];
  const modulus = at === attestationKey || at === attestationKey + 32 ? PRIME : ORDER;
  const value = dice.pick([...near, modulus - old % modulus, modulus - old % modulus, old + 1n]);
  return { ...state, quote: withNumber(quote, at, value % 2n ** 256n) };
};

function numberAt(quote: Uint8Array, at: number): bigint {
  return quote.subarray(at, at + 32).reduce((sum, byte) => sum << 8n | BigInt(byte), 0n);
}

/** Signed again by both keys, by one, or not. */
async function withSigned(state: State, dice: Dice): Promise<State> {
  const { pck, attestation } = state.minted.keys;
  const keys = dice.pick([
    { pck, attestation },
    { pck, attestation },
    { pck },
    { attestation },
    {},
  ]);
  return { ...state, quote: await signQuote(state.quote, keys) };
}

const FILES: readonly CollateralFile[] = [
  "tcbInfo",
  "qeIdentity",
  "tcbChain",
  "pckCrl",
  "rootCrl",
  "pckCrlChain",
];

/** Files changed as text or bytes, in another form, or put in another's place. */
const bendFiles: Step = (state, dice) => {
  const { collateral } = state;
  if (collateral === null) return state;
  const [role, other] = [dice.pick(FILES), dice.pick(FILES)];
  const file = collateral[role] ?? new Uint8Array();
  const bends: readonly (() => Uint8Array | null)[] = [
    () => collateral[other],
    () => editBytes(file, dice),
    () => editBytes(file, dice),
    () => new TextEncoder().encode(editText(new TextDecoder().decode(file), dice)),
    () => new TextEncoder().encode(editText(new TextDecoder().decode(file), dice)),
    () => asPem(file, dice),
    () => asPem(file, dice),
    () => null,
    () => concat(file, file),
  ];
  const bent = dice.pick(bends)();
  return {
    ...state,
    collateral: { ...collateral, [role]: bent },
    shown: bent === null ? state.shown : [...state.shown, bent],
  };
};

/** A list or certificate as PEM, with lines, labels and ends as they should not be. */
function asPem(der: Uint8Array, dice: Dice): Uint8Array {
  const label = dice.pick(["X509 CRL", "X509 CRL", "CERTIFICATE", "CRL", "X509  CRL"]);
  const width = dice.pick([64, 64, 64, 63, 65, 76, 4, 10_000]);
  const end = dice.pick(["\n", "\n", "\r\n", "\r", " \n"]);
  const lines = toBase64(der).match(new RegExp(`.{1,${width}}`, "g")) ?? [];
  const text = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join(end);
  return new TextEncoder().encode(dice.once(2) ? editText(text, dice) : text);
}

const DAY = 24 * 3600;

/** Another time, TEE or kind of root; no collateral. */
const bendTerms: Step = (state, dice) => {
  const { now } = state;
  const times = [0, 1, now - 1, now + 1, now + 30 * DAY, now + 30 * DAY + 1, now + 400 * DAY];
  const late = [253_402_300_799, 253_402_300_800, Number.MAX_SAFE_INTEGER];
  const bends: readonly (() => Partial<State>)[] = [
    () => ({ now: dice.pick([...times, ...late]) }),
    () => ({ now: dice.pick(times) + 365 * DAY * dice.below(20) }),
    () => ({ tee: dice.pick(["TDX", "SGX", "SGX", "SNP", ""]) }),
    () => ({ lab: !state.lab }),
    () => ({ collateral: null }),
    () => ({ roots: [] }),
  ];
  return { ...state, ...dice.pick(bends)() };
};

/** Steps with how often each is taken. */
const STEPS: Readonly<Record<string, readonly [step: Step, times: number]>> = {
  "quote bytes": [bendQuoteBytes, 5],
  "quote sizes": [bendQuoteSizes, 3],
  "quote numbers": [bendQuoteNumbers, 2],
  "document": [bendDocument, 8],
  "certificate": [bendCertificate, 7],
  "list": [bendList, 5],
  "files": [bendFiles, 4],
  "terms": [bendTerms, 2],
};

const TAKEN: readonly (readonly [string, Step])[] = Object.entries(STEPS)
  .flatMap(([name, [step, times]]) => Array.from({ length: times }, () => [name, step] as const));

/** Takes one to three steps; one that finds nothing in its place any more is left out. */
export async function bendState(state: State, dice: Dice): Promise<State> {
  let bent = state;
  const count = dice.pick([1, 1, 1, 1, 2, 2, 3]);
  for (let i = 0; i < count; i++) {
    const [name, step] = dice.pick(TAKEN);
    try {
      bent = await step({ ...bent, steps: [...bent.steps, name] }, dice);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return bent;
}

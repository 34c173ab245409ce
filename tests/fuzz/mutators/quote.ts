/**
 * TDX and SGX quotes of versions 3, 4 and 5, changed field by field and signed
 * again by the attestation key and by the PCK.
 *
 * @module
 */

import fc from "fast-check";
import { concat, equal } from "../../../src/core/bytes.ts";
import { type MintedTdx, signQuote } from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import { otherValue } from "../../bends/byte_edits.ts";
import type { Dice } from "../../bends/dice.ts";
import { filesOf } from "../../tdx/ask.ts";
import { numberAt, ORDER, placesOf, withNumber } from "../../tdx/bytes_of.ts";
import { meansTheSame } from "../../tdx/meaning.ts";
import { type Kind, kindOf } from "../kind.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { quoteFields } from "./quote_fields.ts";
import { quoteFreedom } from "./quote_freedom.ts";
import { askTdx, TDX_BASES, tdxBase } from "./tdx_bases.ts";

const P256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A quote on its way. */
interface Bent {
  /** What it was minted as. */
  readonly minted: MintedTdx;
  readonly quote: Uint8Array;
  /** Whether other files than the quote are left out. */
  readonly alone: boolean;
}

/** By both keys mostly. */
async function signed(bent: Bent, dice: Dice): Promise<Bent> {
  const { pck, attestation } = bent.minted.keys;
  const both = { pck, attestation };
  const keys = dice.pick([both, both, both, both, { pck }, { attestation }, {}]);
  return { ...bent, quote: await signQuote(bent.quote, keys) };
}

function withField(bent: Bent, dice: Dice): Bent {
  const [, at, size] = dice.pick(quoteFields(bent.minted.quote));
  if (bent.quote.length < at + size || size === 0) throw new RangeError("The field is gone");
  const copy = concat(bent.quote);
  copy.set(otherValue(copy.slice(at, at + size), dice), at);
  return { ...bent, quote: copy };
}

/** R or S near the ends of their range, or the other S that means the same. */
function withOddScalars(bent: Bent, dice: Dice): Bent {
  const { signature, qeSignature, attestationKey } = placesOf(bent.minted.quote);
  const at = dice.pick([signature, qeSignature, attestationKey]) + dice.pick([0, 32]);
  if (bent.quote.length < at + 32) throw new RangeError("The number is gone");
  const old = numberAt(bent.quote, at);
  const odd = [0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n, old + 1n];
  const value = dice.pick([...odd, ORDER - old % ORDER, ORDER - old % ORDER, old + ORDER]);
  return { ...bent, quote: withNumber(bent.quote, at, value % 2n ** 256n) };
}

const STEPS: StepTable<Bent> = {
  "field": async (bent, dice) => await signed(withField(bent, dice), dice),
  "bytes": async (bent, dice) =>
    await signed({ ...bent, quote: await anyByteStep(bent.quote, dice) }, dice),
  "scalars": withOddScalars,
  "tail": (bent, dice) => {
    const tail = dice.once(2) ? new Uint8Array(dice.below(5000)) : dice.bytes(dice.below(70));
    return { ...bent, quote: concat(bent.quote, tail) };
  },
  "of another": async (bent, dice) => {
    const minted = await tdxBase(dice.below(TDX_BASES.length));
    return await signed({ ...bent, minted, quote: minted.quote }, dice);
  },
  "alone": (bent) => ({ ...bent, alone: true }),
};

/** What may have been accepted. */
async function objectionTo({ minted, quote, alone }: Bent): Promise<string | null> {
  const own = minted.quote;
  const { end } = placesOf(own);
  const vector = { files: { quote: own }, policy: {} };
  const asVector = { ...vector, name: "", labRoots: [], nonce: own, now: NOW } as const;
  if (meansTheSame({ ...asVector, verdict: "lab-trusted", code: null }, "quote", quote)) {
    return null;
  }
  const different = quoteFields(own).filter(([name, at, size, judged]) =>
    !equal(own.subarray(at, at + size), quote.subarray(at, at + size)) &&
    (judged && !quoteFreedom(name, own.subarray(at, at + size), quote.subarray(at, at + size)))
  );
  // What the quoting enclave must be is told by its identity, which was left out.
  const enclave = minted.mrTd.length === 0;
  const unjudged = alone
    ? /^QE (ATTRIBUTES|MISCSELECT|MRSIGNER|ISVPRODID|ISVSVN)$/
    // Of an enclave's platform the TCB status is told, and the caller's to judge.
    : enclave
    ? /^QE ISVSVN$/
    : /^$/;
  const names = different.map(([name]) => name).filter((name) => !unjudged.test(name));
  const behind = quote.subarray(end);
  if (names.length > 0) return `${names.join(", ")} differ`;
  // What follows an enclave's quote is told, and the caller's to judge.
  if (!enclave && behind.some((byte) => byte !== 0)) return "something follows";
  return await isSigned(quote, minted) ? null : "a signature does not hold";
}

/** Asks WebCrypto, which neither engine uses for this, whether attestation key and PCK signed their parts. */
async function isSigned(quote: Uint8Array, { keys }: MintedTdx): Promise<boolean> {
  const { signedEnd, signature, attestationKey, qeReport, qeSignature } = placesOf(quote);
  const point = concat(Uint8Array.of(4), quote.subarray(attestationKey, attestationKey + 64));
  const own = await crypto.subtle.importKey("raw", point, P256, false, ["verify"]);
  const pck = await crypto.subtle.importKey("spki", keys.pck.spki, P256, false, ["verify"]);
  const holds = async (key: CryptoKey, at: number, from: number, to: number): Promise<boolean> =>
    await crypto.subtle.verify(P256, key, quote.slice(at, at + 64), quote.slice(from, to));
  return await holds(own, signature, 0, signedEnd) &&
    await holds(pck, qeSignature, qeReport, qeSignature);
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** Quotes. */
export const quote: Kind = kindOf<Given>({
  id: "quote",
  says: "TDX and SGX quotes of versions 3, 4 and 5",
  given: () =>
    Promise.resolve(fc.record({
      base: fc.nat(TDX_BASES.length - 1),
      steps: someSteps(STEPS, { "field": 8, "bytes": 4, "scalars": 2 }),
    })),
  async judge({ base, steps }) {
    const minted = await tdxBase(base);
    const start = { minted, quote: minted.quote, alone: false };
    const bent = await takeSteps<Bent>(STEPS, start, steps);
    const files = Object.entries({ ...filesOf(minted), quote: bent.quote });
    const given = files.map(([role, file]) =>
      [role, bent.alone && role !== "quote" ? null : file] as const
    );
    return await askTdx({
      minted,
      files: Object.fromEntries(given),
      labRoots: [minted.der.root],
      objection: () => objectionTo(bent),
    });
  },
});

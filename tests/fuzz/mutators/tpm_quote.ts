/**
 * Quotes of TPMs, changed field by field and signed again by the key; their
 * signatures and keys, changed as what they are.
 *
 * @module
 */

import fc from "fast-check";
import { equal } from "../../../src/core/bytes.ts";
import {
  describeSignature,
  LAB_HASHES,
  TPM_ALGORITHMS,
  writePublic,
  writeQuoteSignature,
} from "../../../src/lab/mod.ts";
import type { Dice } from "../../bends/dice.ts";
import { areaFile, bareFile, bentArea } from "../../bends/tpm_public.ts";
import { editQuote } from "../../bends/tpm_quote.ts";
import { bentSignature, numberOf } from "../../bends/tpm_signature.ts";
import { type Kind, kindOf } from "../kind.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { askTpm, TPM_BASES, type TpmBase, tpmBase } from "./tpm_bases.ts";
import { objectionToKey, objectionToQuote, objectionToSignature } from "./tpm_freedom.ts";

/** Evidence on its way. */
interface Bent {
  readonly base: TpmBase;
  readonly quote: Uint8Array;
  readonly signature: Uint8Array;
  readonly key: Uint8Array;
}

/** As an honest TPM signs, mostly. */
async function signed(bent: Bent, dice: Dice): Promise<Bent> {
  if (dice.once(8)) return bent;
  const { scheme, hash, minted } = bent.base;
  const how = describeSignature(minted.keys.ak, scheme, hash);
  return { ...bent, signature: await writeQuoteSignature(how, bent.quote) };
}

/** The numbers that a TPMT_SIGNATURE has. */
function numbersOf(signature: Uint8Array): readonly Uint8Array[] {
  const numbers: Uint8Array[] = [];
  for (let at = 4; at < signature.length;) {
    const size = Number(numberOf(signature.subarray(at, at + 2)));
    numbers.push(signature.subarray(at + 2, at + 2 + size));
    at += 2 + size;
  }
  return numbers;
}

function withOtherSignature(bent: Bent, dice: Dice): Bent {
  const { scheme, hash, minted } = bent.base;
  const numbers = numbersOf(minted.signature);
  const parts = { scheme: TPM_ALGORITHMS[scheme], hash: LAB_HASHES[hash].id, numbers };
  return { ...bent, signature: bentSignature(parts, dice) };
}

function withOtherKey(bent: Bent, dice: Dice): Bent {
  const { area, minted: { keys } } = bent.base;
  const forms = [
    () => bentArea(area, dice),
    () => bentArea(area, dice),
    () => areaFile(writePublic(area), dice),
    () => bareFile(dice.once(8) ? keys.ek.spki : keys.ak.spki, dice),
  ];
  return { ...bent, key: dice.pick(forms)() };
}

const STEPS: StepTable<Bent> = {
  "quote": async (bent, dice) =>
    await signed({ ...bent, quote: editQuote(bent.quote, dice) }, dice),
  "quote bytes": async (bent, dice) =>
    await signed({ ...bent, quote: await anyByteStep(bent.quote, dice) }, dice),
  "signature": withOtherSignature,
  "signature bytes": async (bent, dice) => ({
    ...bent,
    signature: await anyByteStep(bent.signature, dice),
  }),
  "key": withOtherKey,
  "key bytes": async (bent, dice) => ({ ...bent, key: await anyByteStep(bent.key, dice) }),
  "of another": async (bent, dice) => {
    const { quote, signature } = (await tpmBase(dice.below(TPM_BASES.length))).minted;
    return dice.once(2) ? { ...bent, signature } : await signed({ ...bent, quote }, dice);
  },
};

async function objectionTo({ base, quote, signature, key }: Bent): Promise<string | null> {
  const { minted } = base;
  return (equal(minted.quote, quote) ? null : objectionToQuote(minted.quote, quote)) ??
    (equal(minted.akPublic, key) ? null : objectionToKey(base, key)) ??
    await objectionToSignature(base, quote, signature);
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

function quoteKind(id: string, says: string, weights: Readonly<Record<string, number>>): Kind {
  return kindOf<Given>({
    id,
    says,
    given: () =>
      Promise.resolve(fc.record({
        base: fc.nat(TPM_BASES.length - 1),
        steps: someSteps(STEPS, weights),
      })),
    async judge({ base: number, steps }) {
      const base = await tpmBase(number);
      const { quote, signature, akPublic } = base.minted;
      const start: Bent = { base, quote, signature, key: akPublic };
      const bent = await takeSteps<Bent>(STEPS, start, steps);
      return await askTpm({
        base,
        files: { tpmQuoteMsg: bent.quote, tpmQuoteSig: bent.signature, akPub: bent.key },
        objection: () => objectionTo(bent),
      });
    },
  });
}

/** Quotes of TPMs. */
export const tpmQuote: Kind = quoteKind("tpm-quote", "quotes of TPMs", {
  "quote": 12,
  "quote bytes": 4,
});

/** Their signatures. */
export const tpmSignature: Kind = quoteKind("tpm-signature", "signatures of TPMs", {
  "signature": 12,
  "signature bytes": 3,
});

/** Their keys. */
export const tpmKey: Kind = quoteKind("tpm-key", "attestation keys of TPMs", {
  "key": 12,
  "key bytes": 3,
});

/**
 * Quotes that both verifiers are asked about: the lab's and Google's own, right,
 * and with bytes changed in every part.
 *
 * @module
 */

import { concat, fromHex } from "../../../src/core/bytes.ts";
import { AK_KINDS, createTpmAuthority, mintTpm } from "../../../src/lab/mod.ts";
import { editBytes } from "../../bends/byte_edits.ts";
import { Dice } from "../../bends/dice.ts";
import { corpusOf } from "../../corpus.ts";
import type { QuoteQuestion } from "./oracle.ts";

/** A question with its name. */
export interface QuoteCase extends QuoteQuestion {
  /** Name. */
  readonly name: string;
}

/** Edits of each part of each quote. */
const EDITS = 60;

const NONCE = fromHex("00112233445566778899aabbccddeeff");
const NONE = new Uint8Array();

/** All cases. */
export async function quoteCases(): Promise<readonly QuoteCase[]> {
  const right = [...await labQuotes(), ...realQuotes()];
  return right.flatMap((one, index) => [one, ...bent(one, new Dice(index))]);
}

async function labQuotes(): Promise<readonly QuoteCase[]> {
  const now = new Date("2026-11-21T12:00:00Z");
  const authority = await createTpmAuthority({ now });
  const cases: QuoteCase[] = [];
  for (const key of AK_KINDS) {
    for (const bank of ["sha256", "sha384"] as const) {
      const selection = [{ bank, registers: [0, 4, 7, 11] }];
      const minted = await mintTpm(authority, { now, nonce: NONCE, key, selection });
      cases.push({
        name: `lab/${key}/${bank}`,
        kind: "quote",
        bank,
        registers: minted.pcrs[bank] ?? {},
        log: NONE,
        attest: minted.quote,
        signature: minted.signature,
        public: withoutSize(minted.akPublic),
        nonce: NONCE,
      });
    }
  }
  return cases;
}

/** TPM2B_PUBLIC without its size. */
function withoutSize(area: Uint8Array): Uint8Array {
  const size = (area[0] ?? 0) << 8 | (area[1] ?? 0);
  return size === area.length - 2 ? area.subarray(2) : area;
}

/** Google's quotes, one in each bank. */
function realQuotes(): readonly QuoteCase[] {
  const entries = corpusOf(({ input }) => input.files["ak_tpmt_public"] !== undefined);
  return [...entries.values()].flatMap(({ input, expected }): readonly QuoteCase[] =>
    (["sha256", "sha384"] as const).flatMap((bank) => {
      const { [`quote_${bank}_msg`]: attest, [`quote_${bank}_sig`]: signature } = input.files;
      const { ak_tpmt_public: key, event_log: log } = input.files;
      if (!attest || !signature || !key || !log) return [];
      const registers = registersOf(expected.fields["quotes"], bank);
      const nonce = fromHex(input.nonceHex ?? "");
      const question = { kind: "quote", bank, registers, attest, signature, nonce } as const;
      return [{ ...question, name: `real/${input.name}/${bank}`, public: key, log }];
    })
  );
}

function registersOf(quotes: unknown, bank: string): Readonly<Record<string, string>> {
  const all: readonly unknown[] = Array.isArray(quotes) ? quotes : [];
  const found = all.map((one) => Object(one)).find((one) => one.bank === bank);
  return Object.fromEntries(
    Object.entries(Object(found?.pcrs)).map(([name, value]) => [name, String(value)]),
  );
}

function bent(one: QuoteCase, dice: Dice): readonly QuoteCase[] {
  const edit = (part: "attest" | "signature" | "public" | "nonce"): readonly QuoteCase[] =>
    Array.from({ length: EDITS }, (_, index) => ({
      ...one,
      name: `${one.name}/${part}/edit-${index}`,
      [part]: editBytes(concat(one[part]), dice),
    }));
  const registers = Object.entries(one.registers).flatMap(([register, value]) => {
    const { [register]: _, ...rest } = one.registers;
    const other = value.startsWith("0") ? `1${value.slice(1)}` : `0${value.slice(1)}`;
    return [
      { ...one, name: `${one.name}/registers/without-${register}`, registers: rest },
      {
        ...one,
        name: `${one.name}/registers/other-${register}`,
        registers: { ...one.registers, [register]: other },
      },
    ];
  });
  return [
    ...edit("attest"),
    ...edit("signature"),
    ...edit("public"),
    ...edit("nonce"),
    ...registers,
  ];
}

/**
 * Measures what hostile input costs: large, deep, or full of wrong sizes. All
 * of it is refused, and none of it should cost more than its own length does.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { readFiles } from "../../src/evidence/tdx/files.ts";
import { verifyUnder } from "../../src/evidence/tdx/verify.ts";
import { intelRevoked } from "../../src/lab/mod.ts";
import { NOW } from "../lab_authority.ts";
import { changed, type TdxCase } from "../oracle/tdx/case.ts";
import { anchorsOf } from "../oracle/tdx/judge.ts";
import { labCase, mint } from "../oracle/tdx/lab.ts";
import { putTogether, takeApart } from "../oracle/tdx/quote.ts";
import { Random } from "../oracle/random.ts";
import { type Contender, contender, measure } from "./measure.ts";

/** Sizes of hostile input, bytes. */
const SMALL = 20 * 1024;
const LARGE = 1024 * 1024;

/** Rounds in which all take their turn. */
const ROUNDS = 7;

/** Bytes of one entry of a revocation list of the lab. */
const ENTRY_BYTES = 50;

/** What hostile input cost. */
export interface HostileTiming {
  /** What it is. */
  readonly title: string;
  /** How it ended: `accepted`, or the code. */
  readonly ends: readonly [small: string, large: string];
  /** Medians for 20 KiB and 1 MiB, µs. */
  readonly microseconds: readonly [small: number, large: number];
  /** The same to one verification at first sight. */
  readonly ratios: readonly [small: number, large: number];
}

/** Measures all kinds of hostile input in two sizes, beside one verification. */
export async function measureHostile(): Promise<readonly HostileTiming[]> {
  const base = await labCase("bench");
  const kinds = await hostileKinds(base);
  const valid = await judged("valid", base);
  const pairs = await Promise.all(
    kinds.map(async ({ title, small, large }) => ({
      title,
      small: await judged(`${title}/small`, small),
      large: await judged(`${title}/large`, large),
    })),
  );
  const all = [valid, ...pairs.flatMap(({ small, large }) => [small, large])];
  const timings = await measure(all.map(({ one }) => one), ROUNDS);
  const took = (id: string): number => timings.find((one) => one.id === id)?.microseconds ?? NaN;
  return pairs.map(({ title, small, large }) => {
    const microseconds = [took(small.one.id), took(large.one.id)] as const;
    return {
      title,
      ends: [small.end, large.end],
      microseconds,
      ratios: [microseconds[0] / took("valid"), microseconds[1] / took("valid")],
    };
  });
}

/** A case as a contender that has to end as it did the first time. */
async function judged(
  id: string,
  { input, now, root }: TdxCase,
): Promise<{ readonly one: Contender; readonly end: string }> {
  const anchors = await anchorsOf(root);
  const judge = async (): Promise<string> => {
    await inlineEngine.run("cache_clear", []);
    try {
      await verifyUnder(inlineEngine, readFiles({ ...input }), { anchors, now });
      return "accepted";
    } catch (error) {
      if (error instanceof CasemateError) return error.code;
      throw error;
    }
  };
  const end = await judge();
  const again = async (): Promise<void> => {
    const other = await judge();
    if (other !== end) throw new Error(`${id} ended with ${end}, then with ${other}`);
  };
  return { one: contender(id, id, again), end };
}

/** A kind of hostile input in both sizes. */
interface Kind {
  readonly title: string;
  readonly small: TdxCase;
  readonly large: TdxCase;
}

async function hostileKinds(base: TdxCase): Promise<readonly Kind[]> {
  const kind = (title: string, made: (size: number) => Partial<TdxCase["input"]>): Kind => ({
    title,
    small: changed(base, title, made(SMALL)),
    large: changed(base, title, made(LARGE)),
  });
  const lists = new Map([
    [SMALL, await longList(SMALL)],
    [LARGE, await longList(LARGE)],
  ]);
  return [
    kind("random bytes for a quote", (size) => ({ quote: new Random(size).bytes(size) })),
    kind("a header and sizes of 4 GiB", (size) => ({ quote: hugeSizes(base, size) })),
    kind("a quote and zeros behind it", (size) => ({
      quote: concat(base.input.quote, new Uint8Array(size)),
    })),
    ...Object.entries(PEM_GARBAGE).map(([what, text]) =>
      kind(
        `certification data of ${what}`,
        (size) => ({ quote: withChain(base, filled(text, size)) }),
      )
    ),
    kind("TCB info of brackets", (size) => ({ tcbInfo: nested("[", size) })),
    kind("TCB info of nested objects", (size) => ({ tcbInfo: nested('{"a":', size) })),
    kind("TCB info of escapes", (size) => ({
      tcbInfo: filled("\\u0041", size, '{"tcbInfo":{"id":"', '"},"signature":"00"}'),
    })),
    kind("TCB info of members", (size) => ({
      tcbInfo: filled('"a":1,', size, '{"tcbInfo":{', '"id":"TDX"},"signature":"00"}'),
    })),
    kind("random bytes for a list", (size) => ({ pckCrl: new Random(size).bytes(size) })),
    kind("a well-formed list, wrongly signed", (size) => ({
      pckCrl: lists.get(size) ?? new Uint8Array(),
    })),
  ];
}

/** Text that looks like the start of something. */
const PEM_GARBAGE: Readonly<Record<string, string>> = {
  "first lines of PEM": "-----BEGIN CERTIFICATE-----\n",
  "empty PEM": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
  "dashes": "-",
  "line breaks": "\n",
};

/** A text over and over, up to a size, between two others. */
function filled(text: string, size: number, before = "", after = ""): Uint8Array {
  const times = Math.floor((size - before.length - after.length) / text.length);
  return new TextEncoder().encode(before + text.repeat(times) + after);
}

function nested(open: string, size: number): Uint8Array {
  return filled(open, size, '{"tcbInfo":');
}

function withChain({ input }: TdxCase, certification: Uint8Array): Uint8Array {
  return putTogether({ ...takeApart(input.quote), certification });
}

/** A quote that says of each of its parts that it is as large as can be. */
function hugeSizes({ input }: TdxCase, size: number): Uint8Array {
  const quote = putTogether(takeApart(input.quote), {
    signatureData: 0xffffffff,
    outer: 0xffffffff,
    certification: 0xffffffff,
  });
  return concat(quote, new Uint8Array(size)).slice(0, size);
}

/** A list of the right issuer with many entries, whose signature has a bit turned. */
async function longList(size: number): Promise<Uint8Array> {
  const count = Math.floor(size / ENTRY_BYTES);
  const minted = await mint({
    bends: {
      pckCrl: (list) => ({
        ...list,
        revoked: Array.from(
          { length: count },
          (_, i) => intelRevoked((1n << 150n) + BigInt(i), NOW),
        ),
      }),
    },
  });
  const list = minted.der.pckCrl.slice();
  list[list.length - 1] = (list[list.length - 1] ?? 0) ^ 1;
  return list;
}

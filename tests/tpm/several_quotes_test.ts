/**
 * Several quotes of one key, each over a bank of its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CasemateError } from "../../src/core/errors.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { tpm } from "../../src/evidence/tpm/mod.ts";
import {
  createTpmAuthority,
  type LabBank,
  type MintedTpm,
  mintTpm,
  type MintTpmOptions,
  type TpmKeys,
} from "../../src/lab/mod.ts";
import { overReal } from "../corpus.ts";
import {
  engine,
  findings,
  NONCE,
  NOW,
  outcome,
  type Question,
  questionFor,
  verified,
} from "./ask.ts";
import { googleQuote } from "./known_mistakes/real.ts";

const authority = await createTpmAuthority({ now: NOW });
const REGISTERS = [0, 4, 7, 11];

function mint(
  bank: LabBank,
  keys: Partial<TpmKeys>,
  more: Partial<MintTpmOptions> = {},
): Promise<MintedTpm> {
  const selection = [{ bank, registers: REGISTERS }];
  return mintTpm(authority, { now: NOW, nonce: NONCE, selection, keys, ...more });
}

const sha256 = await mint("sha256", {});
const sha384 = await mint("sha384", sha256.keys);

/** What is asked of both. */
function questionOf(first: MintedTpm, ...others: readonly MintedTpm[]): Question {
  const all = [first, ...others];
  const pcrs = new TextEncoder().encode(
    JSON.stringify(Object.assign({}, ...all.map((one) => one.pcrs))),
  );
  const question = questionFor(first);
  return {
    ...question,
    files: {
      ...question.files,
      tpmQuoteMsg: all.map(({ quote }) => quote),
      tpmQuoteSig: all.map(({ signature }) => signature),
      pcrs,
    },
  };
}

Deno.test("quotes of two banks say what both say", async () => {
  const question = questionOf(sha256, sha384);
  assert.equal(await outcome(question), null);
  const { registers, notQuoted, furtherQuotes } = await verified(question);
  assert.deepEqual(
    registers.map(({ bank, register }) => `${bank}:${register}`),
    ["sha256", "sha384"].flatMap((bank) => REGISTERS.map((register) => `${bank}:${register}`)),
  );
  assert.deepEqual(notQuoted, []);
  assert.equal(furtherQuotes.length, 1);
});

Deno.test("the order of the quotes makes no difference to what is judged", async () => {
  const policy = questionFor(sha256).policy;
  assert.equal(await outcome({ ...questionOf(sha384, sha256), policy }), null);
});

Deno.test("a policy can ask for the registers of all quotes", async () => {
  const selection = ["sha256:0,4,7,11", "sha384:0,4,7,11"];
  const demand = (wanted: readonly string[]): Question => {
    const question = questionOf(sha256, sha384);
    return { ...question, policy: { ...question.policy, selection: wanted } };
  };
  assert.equal(await outcome(demand(selection)), null);
  assert.equal(await outcome(demand(selection.slice(0, 1))), "tpm.selection_mismatch");
});

Deno.test("a clock that one of the quotes calls unsafe is not safe", async () => {
  const unsafe = await mint("sha384", sha256.keys, { bends: { attest: { safe: 0 } } });
  assert.equal(await outcome(questionOf(sha256, unsafe)), "tpm.clock_not_safe");
});

for (
  const [what, attest] of [
    ["reset", { resetCount: 8 }],
    ["resume", { restartCount: 1 }],
    ["firmware", { firmwareVersion: 2n }],
    ["nonce", { extraData: Uint8Array.of(1) }],
  ] as const
) {
  Deno.test(`a further quote of another ${what} is refused`, async () => {
    const other = await mint("sha384", sha256.keys, { bends: { attest } });
    assert.equal(await outcome(questionOf(sha256, other)), "tpm.quotes_differ");
  });
}

Deno.test("a further quote by another key, or with a register changed, is refused", async () => {
  assert.equal(
    await outcome(questionOf(sha256, await mint("sha384", {}))),
    "tpm.signature_mismatch",
  );
  const pcrs = { sha384: { ...sha384.pcrs["sha384"], "4": "ee".repeat(48) } };
  assert.equal(
    await outcome(questionOf(sha256, { ...sha384, pcrs })),
    "tpm.pcr_digest_mismatch",
  );
});

Deno.test("a bank is quoted once", async () => {
  assert.equal(await outcome(questionOf(sha256, sha256)), "tpm.bank_repeated");
});

Deno.test("SHA-1 beside another bank proves nothing more, and alone nothing", async () => {
  const sha1 = await mint("sha1", sha256.keys);
  const { policy } = questionFor(sha256);
  const alone = { ...questionOf(sha1, sha384), policy };
  assert.equal(await outcome(alone), "tpm.register_not_quoted");
  const told = await findings(questionOf(sha256, sha1));
  const aside = told.find(({ id }) => id === "tpm.registers-sha1");
  assert.deepEqual([aside?.kind, aside?.required], ["unchecked", false]);
});

Deno.test("quotes and signatures are as many as each other, and at most one a bank", () => {
  const refusal = (files: FilesByRole): string | null => {
    try {
      tpm.readFiles({ ...questionOf(sha256, sha384).files, ...files });
      return null;
    } catch (error) {
      if (error instanceof CasemateError) return `${error.code} ${error.fields["role"]}`;
      throw error;
    }
  };
  const { quote, signature } = sha256;
  assert.equal(refusal({}), null);
  assert.equal(refusal({ tpmQuoteMsg: quote }), "input.missing tpmQuoteMsg");
  assert.equal(refusal({ tpmQuoteSig: [signature] }), "input.missing tpmQuoteSig");
  assert.equal(refusal({ tpmQuoteMsg: [], tpmQuoteSig: [] }), "input.missing tpmQuoteMsg");
  assert.equal(
    refusal({ tpmQuoteMsg: Array(5).fill(quote), tpmQuoteSig: Array(5).fill(signature) }),
    "input.value tpmQuoteMsg",
  );
});

Deno.test({
  ...overReal("the three quotes of a real machine are one piece of evidence"),
  fn: async () => {
    const banks = ["sha1", "sha256", "sha384"] as const;
    const quotes = banks.map(googleQuote);
    const [{ files, now }] = [googleQuote("sha256")];
    const values = Object.fromEntries(banks.map((bank, i) => [bank, quotes[i]?.values]));
    const several = (role: string): readonly Uint8Array[] =>
      quotes.flatMap((one) => {
        const file = one.files[role];
        return file instanceof Uint8Array ? [file] : [];
      });
    const all = tpm.readFiles({
      ...files,
      tpmQuoteMsg: several("tpmQuoteMsg"),
      tpmQuoteSig: several("tpmQuoteSig"),
      pcrs: new TextEncoder().encode(JSON.stringify(values)),
    });
    const { registers, log } = await tpm.verify(engine, all, { now, labRoots: [] });
    assert.equal(registers.length, 3 * 24);
    const states = log?.registers.filter(({ counts }) => counts).map(({ state }) => state) ?? [];
    assert.ok(states.length === 48 && !states.includes("mismatch"), states.join());
  },
});

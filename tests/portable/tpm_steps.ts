/**
 * Steps that bend minted evidence of TPMs: each changes one thing, and signs
 * what comes out, so that it is looked at and not only its signature.
 *
 * @module
 */

import { concat, toBase64 } from "../../src/core/bytes.ts";
import {
  hashOf,
  LAB_HASHES,
  type LabBank,
  type QuoteScheme,
  signBytes,
  signingMethod,
  TPM_ALGORITHMS,
  writePublic,
} from "../../src/lab/mod.ts";
import { editBytes, editText } from "../bends/byte_edits.ts";
import type { Dice } from "../bends/dice.ts";
import { bareFile, bentArea } from "../bends/tpm_public.ts";
import { editQuote } from "../bends/tpm_quote.ts";
import { bentSignature, writeSignature } from "../bends/tpm_signature.ts";
import { bendCertificate } from "./tpm_certificate_steps.ts";
import { bendList } from "./tpm_list_steps.ts";
import { editRegisters, registerItem } from "./tpm_registers.ts";
import type { State } from "./tpm_state.ts";

/** A step. */
export type Step = (state: State, dice: Dice) => State | Promise<State>;

/** The numbers of a signature as WebCrypto makes it. */
async function numbersOf(
  { minted, quote }: State,
  scheme: QuoteScheme,
  hash: LabBank,
  salt?: number,
): Promise<readonly Uint8Array[]> {
  const raw = await signBytes(minted.keys.ak, signingMethod(scheme, hash, salt), quote);
  const half = raw.length / 2;
  return scheme === "ecdsa" ? [raw.subarray(0, half), raw.subarray(half)] : [raw];
}

/** Signed again as it was. */
async function signed(state: State): Promise<State> {
  const numbers = await numbersOf(state, state.scheme, state.hash);
  const parts = { scheme: TPM_ALGORITHMS[state.scheme], hash: LAB_HASHES[state.hash].id, numbers };
  return { ...state, signature: writeSignature(parts) };
}

const bendQuote: Step = async (state, dice) => {
  const quote = dice.once(4) ? editBytes(state.quote, dice) : editQuote(state.quote, dice);
  return dice.once(8) ? { ...state, quote } : await signed({ ...state, quote });
};

const BANKS: readonly LabBank[] = ["sha1", "sha256", "sha384"];

/** A quote over other registers, whose values are given, in any order and with others. */
const bendSelection: Step = async (state, dice) => {
  const banks = BANKS.filter(() => dice.once(2));
  const bits = banks.map(() => dice.bytes(3));
  const values = banks.flatMap((bank, i) =>
    Array.from({ length: 24 }, (_, register) => register)
      .filter((register) => (bits[i]?.[register >> 3] ?? 0) >> (register & 7) & 1)
      .map((register) => ({ bank, register, value: valueOf(state, bank, register) }))
  );
  const selections = banks.map((bank, i) =>
    concat(Uint8Array.of(0, LAB_HASHES[bank].id, 3), bits[i] ?? new Uint8Array())
  );
  const hash = dice.once(8) ? dice.pick(BANKS) : state.hash;
  const digest = await hashOf(hash, ...values.map(({ value }) => value));
  const quote = concat(
    state.minted.quote.subarray(0, startOfSelections(state.minted.quote)),
    Uint8Array.of(0, 0, 0, banks.length),
    ...selections,
    Uint8Array.of(0, digest.length),
    digest,
  );
  const given = values.map(({ bank, register, value }) => registerItem(bank, register, value));
  const registers = dice.once(2) ? given : given.toReversed();
  return await signed({ ...state, quote, registers });
};

function valueOf({ minted }: State, bank: LabBank, register: number): Uint8Array {
  return minted.registers.get(bank)?.[register] ?? new Uint8Array(LAB_HASHES[bank].bytes);
}

/** Behind two fields with their sizes, clock and version of the firmware. */
function startOfSelections(quote: Uint8Array): number {
  const view = new DataView(quote.buffer, quote.byteOffset, quote.length);
  const extra = 8 + view.getUint16(6);
  return extra + 2 + view.getUint16(extra) + 25;
}

const bendRegisters: Step = (state, dice) => ({
  ...state,
  registers: editRegisters(state.registers, dice),
});

const bendPublic: Step = (state, dice) => {
  const { area, minted: { keys } } = state;
  const foreign = dice.once(10) ? keys.ek.spki : keys.ak.spki;
  const akPublic = dice.once(3) ? bareFile(foreign, dice) : bentArea(area, dice);
  return { ...state, akPublic };
};

/** The bare key or its public area without a word on how it signs, and no certificate. */
const bendForm: Step = (state, dice) => {
  const { area, minted: { keys } } = state;
  const { spki } = keys.ak;
  const open = writePublic({ ...area, scheme: [TPM_ALGORITHMS.null] });
  const text = `-----BEGIN PUBLIC KEY-----\n${toBase64(spki)}\n-----END PUBLIC KEY-----\n`;
  const akPublic = dice.pick([spki, open, writePublic(area), new TextEncoder().encode(text)]);
  const certificates = dice.once(2) ? {} : { files: [], lists: [], roots: [] };
  return { ...state, akPublic, ...certificates };
};

const HASHES: readonly LabBank[] = ["sha256", "sha384", "sha512"];
const RSA_SCHEMES: readonly QuoteScheme[] = ["rsassa", "rsapss", "rsapss"];

/** Made by another scheme, hash or salt, and said so or not; then bent as numbers. */
const bendSignature: Step = async (state, dice) => {
  const other = dice.once(3);
  const scheme = other && state.scheme !== "ecdsa" ? dice.pick(RSA_SCHEMES) : state.scheme;
  const hash = other ? dice.pick(HASHES) : state.hash;
  // The longest salt that fits into 2048 bits, that of the hash, and others.
  const longest = 256 - LAB_HASHES[hash].bytes - 2;
  const salts = [LAB_HASHES[hash].bytes, longest, longest, 0, 20, longest - 1];
  const numbers = await numbersOf(state, scheme, hash, other ? dice.pick(salts) : undefined);
  const said = dice.once(4) ? { scheme: state.scheme, hash: state.hash } : { scheme, hash };
  const parts = {
    scheme: TPM_ALGORITHMS[said.scheme],
    hash: LAB_HASHES[said.hash].id,
    numbers,
  };
  return { ...state, signature: bentSignature(parts, dice) };
};

/** Certificates in another order, too many or too few; as PEM or as text that is changed. */
const bendFiles: Step = (state, dice) => {
  const { files, certificates: { ak, ek, issuing, root } } = state;
  const all = [ak, ek, issuing, root];
  const some = (): readonly Uint8Array[] =>
    Array.from({ length: dice.pick([1, 2, 3, 3, 4, 6, 8, 9]) }, () => dice.pick(all));
  const at = dice.below(files.length);
  const one = files[at] ?? ak;
  const edits: readonly (() => readonly Uint8Array[])[] = [
    () => files.toReversed(),
    () => files.toSpliced(at, 1),
    () => [ak, ...some()],
    () => [ak, ek, issuing, ...some(), root],
    () => [concat(...files)],
    () => files.with(at, asPem("CERTIFICATE", [one], dice)),
    () => [asPem("CERTIFICATE", files, dice)],
    () => [ak, asPem("CERTIFICATE", [issuing, root], dice)],
    () => files.with(at, editBytes(one, dice)),
    () => files.with(at, editBytes(one, dice)),
    () => files.with(at, new Uint8Array(dice.pick([0, 1, 40_000]))),
    () => [],
  ];
  return { ...state, files: dice.pick(edits)() };
};

/** Lists the same way. */
const bendListFiles: Step = (state, dice) => {
  const { lists } = state;
  const at = dice.below(lists.length);
  const one = lists[at] ?? new Uint8Array();
  const edits: readonly (() => readonly Uint8Array[])[] = [
    () => lists.toReversed(),
    () => lists.toSpliced(at, 1),
    () => lists.toSpliced(at, 0, one),
    () => [concat(...lists)],
    () => lists.with(at, asPem("X509 CRL", [one], dice)),
    () => lists.with(at, asPem(dice.pick(["CRL", "CERTIFICATE"]), [one], dice)),
    () => lists.with(at, editBytes(one, dice)),
    () => Array.from({ length: dice.pick([8, 9]) }, () => one),
    () => lists.with(at, new Uint8Array()),
    () => [],
  ];
  return { ...state, lists: dice.pick(edits)() };
};

function asPem(label: string, all: readonly Uint8Array[], dice: Dice): Uint8Array {
  const width = dice.pick([64, 64, 64, 76, 10_000]);
  const end = dice.pick(["\n", "\n", "\r\n"]);
  const blocks = all.map((der) => {
    const lines = toBase64(der).match(new RegExp(`.{1,${width}}`, "g")) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join(end);
  });
  const text = blocks.join(dice.pick(["", "", "\n", "x\n"]));
  return new TextEncoder().encode(dice.once(2) ? editText(text, dice) : text);
}

const DAY = 24 * 3600;

/** Another time or kind of root; other roots, at any place of the path. */
const bendTerms: Step = (state, dice) => {
  const { now, roots, authority, minted, certificates } = state;
  const times = [0, 1, now - 1, now + 1, now + 30 * DAY, now + 30 * DAY + 1, now + 400 * DAY];
  const late = [253_402_300_799, 253_402_300_800, Number.MAX_SAFE_INTEGER];
  const issuing = { certificate: certificates.issuing, spki: authority.issuing.key.spki };
  const leaf = { certificate: certificates.ak, spki: minted.keys.ak.spki };
  const bends: readonly (() => Partial<State>)[] = [
    () => ({ now: dice.pick([...times, ...late]) }),
    () => ({ now: dice.pick(times) + 365 * DAY * dice.below(20) }),
    () => ({ lab: !state.lab }),
    () => ({ roots: [] }),
    () => ({ roots: dice.pick([[issuing], [leaf], [...roots, issuing], [leaf, issuing]]) }),
    () => ({ roots: roots.map((root) => ({ ...root, spki: issuing.spki })) }),
    () => ({ lists: [] }),
  ];
  return { ...state, ...dice.pick(bends)() };
};

/** Steps with how often each is taken. */
const STEPS: Readonly<Record<string, readonly [step: Step, times: number]>> = {
  "quote": [bendQuote, 6],
  "selection": [bendSelection, 3],
  "registers": [bendRegisters, 3],
  "public": [bendPublic, 5],
  "form": [bendForm, 2],
  "signature": [bendSignature, 6],
  "certificate": [bendCertificate, 10],
  "list": [bendList, 7],
  "files": [bendFiles, 3],
  "list files": [bendListFiles, 2],
  "terms": [bendTerms, 3],
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

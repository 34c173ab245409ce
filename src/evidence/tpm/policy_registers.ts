/**
 * Registers as a policy names them.
 *
 * @module
 */

import {
  DecodeError,
  type Decoder,
  hex,
  type JsonSchema,
  list,
  record,
  shortened,
} from "../../core/decode.ts";
import { REGISTERS } from "./registers.ts";
import type { Selection, StrongHash } from "./report.ts";

/** Accepted values, hex, by bank and register. */
export type PinnedRegisters = Readonly<
  Partial<Record<StrongHash, Readonly<Record<string, readonly string[]>>>>
>;

/** Banks that a policy can name, and bytes of their digests. SHA-1 is none of them: values of it can be made to order. */
const BANK_BYTES: Readonly<Record<StrongHash, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** Those banks. */
export const STRONG_BANKS: readonly StrongHash[] = ["sha256", "sha384", "sha512"];

/** A value that no extension leads to: what registers hold at the start, or when a D-RTM was never started. */
export const UNSET = /^(?:0+|f+)$/;

const NUMBERS: readonly string[] = Array.from({ length: REGISTERS }, (_, n) => String(n));

/** A register's number. */
const NUMBER = "(?:1?[0-9]|2[0-3])";

/**
 * Reads pinned registers: nested objects, or texts as `sha256:11=HEX`, which the command line has.
 *
 * @param most Most values of one register, and most texts.
 */
export function pinnedRegisters(most: number): Decoder<PinnedRegisters> {
  const nested = nestedRegisters(most);
  const texts = list(pinText(), most);
  return {
    schema: { anyOf: [nested.schema, texts.schema] },
    decode: (value, path) =>
      Array.isArray(value) ? gathered(texts.decode(value, path)) : nested.decode(value, path),
  };
}

function nestedRegisters(most: number): Decoder<PinnedRegisters> {
  const banks: Readonly<Record<StrongHash, Decoder<Readonly<Record<string, readonly string[]>>>>> =
    {
      sha256: bankOf("sha256", most),
      sha384: bankOf("sha384", most),
      sha512: bankOf("sha512", most),
    };
  // Each bank has digests of its own length, so each its own decoder.
  const known = record(STRONG_BANKS, asIs());
  return {
    schema: { ...known.schema, properties: schemasOf(banks) },
    decode(value, path) {
      refuseSha1(value, path);
      const given = known.decode(value, path);
      return Object.fromEntries(
        STRONG_BANKS.filter((bank) => given[bank] !== undefined)
          .map((bank) => [bank, banks[bank].decode(given[bank], `${path}.${bank}`)]),
      );
    },
  };
}

function schemasOf(banks: Readonly<Record<string, Decoder<unknown>>>): JsonSchema {
  return Object.fromEntries(Object.entries(banks).map(([name, { schema }]) => [name, schema]));
}

function bankOf(
  bank: StrongHash,
  most: number,
): Decoder<Readonly<Record<string, readonly string[]>>> {
  const accepted = list(hex(BANK_BYTES[bank]), most);
  const values = record(NUMBERS, accepted);
  return {
    // The same as the record's, which would write the list 24 times.
    schema: {
      type: "object",
      additionalProperties: false,
      minProperties: 1,
      patternProperties: { [`^${NUMBER}$`]: accepted.schema },
    },
    decode: (value, path) =>
      Object.fromEntries(
        Object.entries(values.decode(value, path)).flatMap(([register, accepted]) =>
          accepted === undefined ? [] : [[register, accepted]]
        ),
      ),
  };
}

function asIs(): Decoder<unknown> {
  return { schema: {}, decode: (value) => value };
}

/** The word is known, so that it would be taken for a misspelt one. */
function refuseSha1(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "sha1")) return;
  throw sha1Refused(`${path}.sha1`);
}

function sha1Refused(path: string): DecodeError {
  return new DecodeError(
    path,
    "value",
    "names SHA-1, which proves nothing: collisions can be made; name the register in a bank of SHA-256 or better",
  );
}

/** `sha256:11=HEX` */
interface Pin {
  readonly bank: StrongHash;
  readonly register: string;
  readonly value: string;
}

function pinText(): Decoder<Pin> {
  const forms = STRONG_BANKS.map((bank) =>
    `${bank}:${NUMBER}=[0-9a-fA-F]{${2 * BANK_BYTES[bank]}}`
  );
  const whole = new RegExp(`^(?:${forms.join("|")})$`);
  return {
    schema: { type: "string", pattern: whole.source },
    decode(value, path) {
      if (typeof value === "string" && value.startsWith("sha1:")) throw sha1Refused(path);
      const [bank, register, digits] = typeof value === "string" && whole.test(value)
        ? value.split(/[:=]/)
        : [];
      const known = STRONG_BANKS.find((name) => name === bank);
      if (known === undefined || register === undefined || digits === undefined) {
        throw new DecodeError(
          path,
          "value",
          `expected a register and its value as sha256:11=HEX, the value as long as its bank's digests and without 0x, got ${
            told(value)
          }`,
        );
      }
      return { bank: known, register, value: digits.toLowerCase() };
    },
  };
}

/** What was given, for a message. */
function told(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(shortened(value)) : typeof value;
}

/** Several values of one register are all accepted. */
function gathered(pins: readonly Pin[]): PinnedRegisters {
  const all: Partial<Record<StrongHash, Record<string, string[]>>> = {};
  for (const { bank, register, value } of pins) {
    ((all[bank] ??= {})[register] ??= []).push(value);
  }
  return all;
}

/** Reads a selection: one text a bank, as `sha256:0-7,11`. */
export function registerLists(): Decoder<readonly Selection[]> {
  const texts = list(selectionText(), STRONG_BANKS.length);
  return {
    schema: texts.schema,
    decode(value, path) {
      const selections = texts.decode(value, path);
      const banks = new Set(selections.map(({ bank }) => bank));
      if (banks.size === selections.length) return selections;
      throw new DecodeError(path, "value", "names a bank twice");
    },
  };
}

function selectionText(): Decoder<Selection> {
  const part = `${NUMBER}(?:-${NUMBER})?`;
  const whole = new RegExp(`^(?:${STRONG_BANKS.join("|")}):${part}(?:,${part})*$`);
  return {
    schema: { type: "string", pattern: whole.source },
    decode(value, path) {
      if (typeof value === "string" && value.startsWith("sha1:")) throw sha1Refused(path);
      const [name, numbers] = typeof value === "string" && whole.test(value)
        ? value.split(":")
        : [];
      const bank = STRONG_BANKS.find((known) => known === name);
      if (bank === undefined || numbers === undefined) {
        const expected = "expected a bank and its registers as sha256:0-7,11";
        throw new DecodeError(path, "value", `${expected}, got ${told(value)}`);
      }
      const registers = new Set(numbers.split(",").flatMap(numbersIn));
      return { bank, registers: [...registers].sort((a, b) => a - b) };
    },
  };
}

/** `4`, or `0-7`; one that falls names what lies between all the same. */
function numbersIn(text: string): readonly number[] {
  const ends = text.split("-").map(Number);
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

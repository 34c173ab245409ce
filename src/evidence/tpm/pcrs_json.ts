/**
 * Values of registers as JSON: `{"sha256": {"0": "HEX"}}`.
 *
 * `JSON.parse` would take the last of two members of one name and say nothing;
 * others would take the first.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import { bankOf, type GivenRegister, refuse, registerOf } from "./registers.ts";

/** Text without escapes, or a sign; nothing else occurs in such a document. */
const TOKEN = /\s*(?:"([^"\\\n]*)"|([{}:,]))/y;

/** A word of the document, or a sign. */
interface Token {
  readonly word: string | null;
  readonly sign: string | null;
}

/**
 * Reads the document; members that are repeated come out repeated.
 *
 * @param text The document.
 * @throws {InputError} `input.encoding`, `input.value`
 */
export function readPcrsJson(text: string): readonly GivenRegister[] {
  const tokens = new Tokens(text.trimEnd());
  const values: GivenRegister[] = [];
  readMembers(tokens, (name) => {
    const bank = bankOf(name);
    readMembers(tokens, (digits) => {
      const register = registerOf(digits);
      values.push({ bank, register, value: hexOf(tokens.word()) });
    });
  });
  tokens.end();
  return values;
}

/** An object: each member's name is read here, its value by the caller. */
function readMembers(tokens: Tokens, member: (name: string) => void): void {
  tokens.sign("{");
  if (tokens.follows("}")) return;
  do {
    const name = tokens.word();
    tokens.sign(":");
    member(name);
  } while (tokens.follows(","));
  tokens.sign("}");
}

function hexOf(digits: string): Uint8Array {
  if (/^(?:[0-9a-fA-F]{2})*$/.test(digits)) return fromHex(digits);
  throw refuse("input.value", `${JSON.stringify(digits.slice(0, 40))} is no value in hex`);
}

/** The document, token by token. */
class Tokens {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes a text. */
  word(): string {
    const at = this.#at;
    const { word } = this.#take();
    if (word === null) throw malformed(at);
    return word;
  }

  /** Takes a sign. */
  sign(wanted: string): void {
    const at = this.#at;
    if (this.#take().sign !== wanted) throw malformed(at);
  }

  /** Takes a sign if it is next. */
  follows(wanted: string): boolean {
    const at = this.#at;
    if (at < this.#text.length && this.#take().sign === wanted) return true;
    this.#at = at;
    return false;
  }

  /** Demands that nothing follows. */
  end(): void {
    if (this.#at !== this.#text.length) throw malformed(this.#at);
  }

  #take(): Token {
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#text);
    if (found === null) throw malformed(this.#at);
    this.#at = TOKEN.lastIndex;
    return { word: found[1] ?? null, sign: found[2] ?? null };
  }
}

function malformed(at: number): Error {
  const expected = 'an object as {"sha256": {"0": "HEX"}}';
  return refuse("input.encoding", `expected ${expected}; it is something else at character ${at}`);
}

/**
 * Walks over JSON text (RFC 8259) value by value. `JSON.parse` would not do:
 * of two members of one name it keeps the last in silence, it rounds numbers,
 * and it does not tell where a value stands in the text, which is what may be
 * signed.
 *
 * @module
 */

import { Malformed } from "../malformed.ts";

/** §2: blank space. */
const BLANK = /[ \t\n\r]*/y;
/** §6, and the three names of §3. A zero with a digit behind it is no number, nor two of them. */
const NUMBER = /-?(?:0(?![0-9])|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const NAME = /true|false|null/y;
/** §7: a string, with escapes of which only the form is checked. Each step takes as much as it can, so there is nothing to go back to. */
// deno-lint-ignore no-control-regex -- these are what a string may not hold
const PLAIN = /[^"\\\u0000-\u001f]+/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const ESCAPED: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Text, read from its start on. */
export class JsonScanner {
  readonly #text: string;
  #at = 0;

  /**
   * Starts at the first character.
   *
   * @param text The text.
   */
  constructor(text: string) {
    this.#text = text;
  }

  /** The next character that is not blank; empty at the end. */
  peek(): string {
    this.#match(BLANK);
    return this.#text.charAt(this.#at);
  }

  /**
   * Takes a character where it is the next one, after blank space.
   *
   * @param character The character.
   */
  takes(character: string): boolean {
    if (this.peek() !== character) return false;
    this.#at++;
    return true;
  }

  /**
   * Takes a character that must be the next one.
   *
   * @param character The character.
   * @throws {Malformed} where it is another.
   */
  need(character: string): void {
    if (!this.takes(character)) throw new Malformed(`there is no ${character} where one must be`);
  }

  /**
   * Takes a number, as it is written.
   *
   * @returns Undefined where there is none.
   */
  number(): string | undefined {
    this.peek();
    return this.#match(NUMBER);
  }

  /**
   * Takes `true`, `false` or `null`.
   *
   * @returns Undefined where there is none of them.
   */
  name(): string | undefined {
    this.peek();
    return this.#match(NAME);
  }

  /**
   * Takes a string; gives what it stands for.
   *
   * @throws {Malformed} where there is none, or it is not of Unicode.
   */
  string(): string {
    const parts: string[] = [];
    this.#eachPart((part) => parts.push(part.startsWith("\\") ? unescape(part) : part));
    const text = parts.join("");
    // The text itself was UTF-8; halves of a pair can only come from escapes.
    if (text.isWellFormed()) return text;
    throw new Malformed("a string has half of a surrogate pair");
  }

  #eachPart(take: (part: string) => void): void {
    this.need('"');
    for (;;) {
      const part = this.#match(PLAIN) ?? this.#match(ESCAPE);
      if (part === undefined) break;
      take(part);
    }
    if (this.#text.charAt(this.#at) !== '"') throw new Malformed("a string does not end");
    this.#at++;
  }

  /**
   * Passes over a value of any type; gives its text, without blank space
   * around it. Whatever is nested in it costs no stack.
   *
   * @throws {Malformed} where there is none.
   */
  skip(): string {
    this.peek();
    const start = this.#at;
    const closers: string[] = [];
    do {
      const closer = this.#open();
      if (closer !== undefined) closers.push(closer);
      else this.#closeAll(closers);
    } while (closers.length > 0);
    return this.#text.slice(start, this.#at);
  }

  /**
   * Takes a value without parts, or the start of one with parts and the name of
   * its first member; gives what ends it.
   */
  #open(): string | undefined {
    if (this.takes("[")) return this.takes("]") ? undefined : "]";
    if (this.takes("{")) {
      if (this.takes("}")) return undefined;
      this.#skipMemberName();
      return "}";
    }
    if (this.peek() === '"') this.#eachPart(() => {});
    else if (this.number() === undefined && this.name() === undefined) {
      throw new Malformed("there is no value where one must be");
    }
    return undefined;
  }

  /** After a value: ends all that ends here, up to where the next value follows. */
  #closeAll(closers: string[]): void {
    for (let closer = closers.at(-1); closer !== undefined; closer = closers.at(-1)) {
      if (this.takes(",")) {
        if (closer === "}") this.#skipMemberName();
        return;
      }
      this.need(closer);
      closers.pop();
    }
  }

  #skipMemberName(): void {
    this.#eachPart(() => {});
    this.need(":");
  }

  /**
   * Demands that nothing follows but blank space.
   *
   * @throws {Malformed} where something does.
   */
  finish(): void {
    if (this.peek() !== "") throw new Malformed("something follows the end");
  }

  /** Takes what a pattern matches here; undefined where it does not. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

/** §7: what an escape stands for. */
function unescape(escape: string): string {
  const letter = escape.charAt(1);
  if (letter !== "u") return ESCAPED[letter] ?? letter;
  return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
}

/**
 * What the next byte of a script is guessed by: the last one to six bytes, and
 * the word so far.
 *
 * @module
 */

import type { Contexts } from "./model.ts";

/** Longest word that is looked at, bytes. */
const MOST = 24;

/** Contexts of text. */
export function createTextContexts(): Contexts {
  return { count: 7, set };
}

function set(bytes: Uint8Array, at: number, into: Int32Array): void {
  const back = (i: number): number => i > at ? 0 : bytes[at - i] ?? 0;
  const [a, b, c, d] = [back(1), back(2), back(3), back(4)];
  const four = Math.imul(a | b << 8 | c << 16 | d << 24, 0x2c1b3c6d) + 3;
  let [word, length] = [0, 1];
  for (; length < MOST && isWord(back(length)); length++) {
    word = Math.imul(word + back(length), 0x2c9277b5);
  }
  into[0] = a << 8;
  into[1] = (a | b << 8) + 0x10000;
  into[2] = (a | b << 8 | c << 16) + 0x2000000;
  into[3] = four;
  into[4] = Math.imul(Math.imul(four + back(5) + 1, 0x9e3779b1) + back(6), 0x85ebca6b) + 4;
  into[5] = word ^ 0x1234567;
  into[6] = Math.imul(b | c << 8 | d << 16, 0x61c88647) + 9;
}

function isWord(byte: number): boolean {
  return (byte >= 97 && byte < 123) || (byte >= 48 && byte < 58) || (byte >= 65 && byte < 91) ||
    byte === 36 || byte === 95;
}

/**
 * Searching secrets as they may have been written: as they are, in hex of either
 * case, from the last byte to the first, in base64 and base64url at any place of
 * what was encoded, whole or in part.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A secret, and where it may stand. */
export interface Secret {
  /** What it is. */
  readonly name: string;
  /** The secret, 16 bytes at least. */
  readonly bytes: Uint8Array;
  /** Files, relative to the lab's folder, that are there to hold it. */
  readonly holders: RegExp;
}

/** A place where something was found. */
export interface Finding {
  /** Name of the secret. */
  readonly secret: string;
  /** Place. */
  readonly place: string;
}

/** Bytes of a part: 16 characters of base64, which nothing else has by chance. */
const PART = 12;

/**
 * Ways to write a part of a secret.
 *
 * @param part The part.
 */
export function spellings(part: Uint8Array): readonly Uint8Array[] {
  const bytes = Buffer.from(part);
  const reversed = Buffer.from(part.toReversed());
  const texts = [
    ...[bytes.toString("hex"), bytes.toString("hex").toUpperCase(), reversed.toString("hex")],
    ...[bytes.toString("base64"), bytes.toString("base64url")],
  ];
  return [bytes, reversed, ...texts.map((text) => Buffer.from(text))];
}

/** Parts at the beginning, in the middle and at the end, each at the three places that base64 knows. */
function partsOf(secret: Uint8Array): readonly Uint8Array[] {
  const last = secret.length - PART;
  const places = [0, Math.floor(last / 2), last - 2];
  const starts = places.flatMap((place) => [place, place + 1, place + 2]);
  return starts.filter((at) => at >= 0 && at <= last).map((at) => secret.slice(at, at + PART));
}

/** Searches many places for many secrets. */
export class Search {
  readonly #needles: readonly (readonly [string, readonly Buffer[]])[];

  /**
   * @param secrets What is searched for.
   */
  constructor(secrets: readonly Secret[]) {
    this.#needles = secrets.map(({ name, bytes }) => {
      const all = partsOf(bytes).flatMap(spellings).map((one) => Buffer.from(one));
      return [name, all] as const;
    });
  }

  /**
   * Names of the secrets of which any part stands in some bytes.
   *
   * @param content The bytes.
   */
  in(content: Uint8Array): readonly string[] {
    const hay = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    return this.#needles
      .filter(([, needles]) => needles.some((needle) => hay.includes(needle)))
      .map(([name]) => name);
  }
}

/**
 * Takes files of vectors, and changes them.
 *
 * @module
 */

import { concat } from "../../src/core/bytes.ts";
import type { Vector } from "../vectors.ts";

/**
 * A file of a vector, the first where there are several.
 *
 * @param vector The vector.
 * @param role Its role.
 */
export function fileOf({ files }: Pick<Vector, "files">, role: string): Uint8Array {
  const file = files[role];
  const first = file instanceof Uint8Array ? file : file?.[0];
  if (first === undefined) throw new Error(`The vector has no ${role}`);
  return first;
}

/**
 * A copy with one byte changed.
 *
 * @param bytes The file.
 * @param at Offset of the byte, from the end where it is negative.
 * @param change What becomes of it.
 */
export function edited(
  bytes: Uint8Array,
  at: number,
  change: (byte: number) => number,
): Uint8Array {
  const copy = concat(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = change(copy[index] ?? 0);
  return copy;
}

/**
 * A vector by its name.
 *
 * @param vectors All of them.
 * @param name Its name.
 */
export function vectorOf(vectors: ReadonlyMap<string, Vector>, name: string): Vector {
  const vector = vectors.get(name);
  if (vector === undefined) throw new Error(`There is no vector ${name}`);
  return vector;
}

/**
 * Wycheproof's files as bare signatures.
 *
 * @module
 */

import { fromHex } from "../../../src/core/bytes.ts";
import type { Signature } from "../primitives.ts";
import { readVectors } from "./archive.ts";

/** One vector. */
export interface Vector extends Signature {
  /** Number in its file. */
  readonly id: number;
  /** What Wycheproof says of it. */
  readonly result: "valid" | "invalid" | "acceptable";
  /** What it is about. */
  readonly comment: string;
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * Reads a file of signatures.
 *
 * @param name Its name without `.json`.
 * @throws {Error} where it is not as pinned or not of Wycheproof's form.
 */
export async function signaturesOf(name: string): Promise<readonly Vector[]> {
  const file = plain(await readVectors(name));
  const vectors = list(file, "testGroups").flatMap((group) => {
    const key = fromHex(text(group, "publicKeyDer"));
    return list(group, "tests").map((test) => vectorOf(test, key));
  });
  if (vectors.length !== file["numberOfTests"]) throw new Error(`${name} has another number`);
  return vectors;
}

function vectorOf(test: Plain, key: Uint8Array<ArrayBuffer>): Vector {
  const { tcId, result } = test;
  if (typeof tcId !== "number") throw new Error("a vector has no number");
  if (result !== "valid" && result !== "invalid" && result !== "acceptable") {
    throw new Error(`vector ${tcId} has the result ${result}`);
  }
  const [message, signature] = [fromHex(text(test, "msg")), fromHex(text(test, "sig"))];
  return { id: tcId, key, message, signature, result, comment: text(test, "comment") };
}

function plain(value: unknown): Plain {
  if (typeof value !== "object" || value === null) throw new Error("not an object");
  return Object.fromEntries(Object.entries(value));
}

function list(whole: Plain, member: string): readonly Plain[] {
  const found = whole[member];
  if (!Array.isArray(found)) throw new Error(`${member} is no list`);
  return found.map(plain);
}

function text(whole: Plain, member: string): string {
  const found = whole[member];
  if (typeof found !== "string") throw new Error(`${member} is no text`);
  return found;
}

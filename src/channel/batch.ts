/**
 * One report for many nonces (protocol §5.5): a tree whose root stands for the
 * nonce, and for each verifier the path from its own leaf. For `serve` alone.
 *
 * @module
 */

import { fromHex, toHex } from "../core/bytes.ts";
import { RejectedError } from "../core/errors.ts";
import { labelledHash } from "../core/labelled_hash.ts";
import type { BatchStep } from "../protocol/attest.ts";
import type { ChannelCode } from "./codes.ts";

/** Audience of evidence that answers a batch. */
export const BATCH_AUDIENCE = "batch";

/** Longest path. */
const MAX_STEPS = 20;

/** Most nonces of one batch: as many as paths of that length reach. */
export const MAX_BATCH = 2 ** MAX_STEPS;

/** Bytes of a nonce, an audience and a hash. */
const SIZE = 32;

/** What one verifier asks. */
export interface BatchQuestion {
  /** Its nonce, 32 bytes. */
  readonly nonce: Uint8Array;
  /** Its audience, 32 bytes in hex. */
  readonly audience: string;
}

/** A tree over questions. */
export interface Batch {
  /** What stands for the nonce, 32 bytes. */
  readonly root: Uint8Array;
  /**
   * The path from a question's leaf to the root.
   *
   * @param index Which question, from 0.
   * @throws {RangeError} where there is none.
   */
  path(index: number): readonly BatchStep[];
}

/**
 * Builds the tree: neighbours are joined, and who has none rises as he is.
 *
 * @param questions One to 2^20 of them.
 * @throws {RangeError} on another number, and where a nonce or audience is not of 32 bytes.
 */
export function makeBatch(questions: readonly BatchQuestion[]): Batch {
  if (questions.length === 0 || questions.length > MAX_BATCH) {
    throw new RangeError(`Cannot make a batch of ${questions.length}, expected 1 to ${MAX_BATCH}`);
  }
  const levels: (readonly Uint8Array[])[] = [questions.map(leafOf)];
  let top = levels[0] ?? [];
  while (top.length > 1) {
    top = joined(top);
    levels.push(top);
  }
  const [root] = top;
  if (root === undefined) throw new TypeError("Cannot make a batch: its tree has no root");
  return { root, path: (index) => pathIn(levels, index, questions.length) };
}

/**
 * What stands for a verifier's nonce in evidence of a batch. The verifier's own
 * nonce and audience go in, so nobody else's path leads there.
 *
 * @param question The verifier's own question.
 * @param path The path that came with the evidence.
 * @returns The nonce that the evidence must answer, with the audience `batch`; 32 bytes.
 * @throws {RejectedError} `channel.batch` where it is no path.
 * @throws {RangeError} where the nonce or the audience is not of 32 bytes.
 */
export function batchNonce(question: BatchQuestion, path: readonly BatchStep[]): Uint8Array {
  if (path.length > MAX_STEPS) {
    throw refuse(`it has ${path.length} steps, expected at most ${MAX_STEPS}`);
  }
  let node = leafOf(question);
  for (const { hash, left } of path) {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw refuse("a step is not 32 bytes in lowercase hex");
    const sibling = fromHex(hash);
    node = left ? nodeOf(sibling, node) : nodeOf(node, sibling);
  }
  return node;
}

function leafOf({ nonce, audience }: BatchQuestion): Uint8Array {
  const whom = fromHex(audience);
  if (nonce.length !== SIZE || whom.length !== SIZE) {
    throw new RangeError("Cannot make a leaf: nonce and audience must have 32 bytes each");
  }
  return labelledHash("sha256", "casemate/batch/leaf/v1", nonce, whom);
}

/** Another label than a leaf's: no node can be passed off as a question. */
function nodeOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  return labelledHash("sha256", "casemate/batch/node/v1", left, right);
}

function joined(level: readonly Uint8Array[]): readonly Uint8Array[] {
  const next: Uint8Array[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at], level[at + 1]];
    if (left === undefined) break;
    next.push(right === undefined ? left : nodeOf(left, right));
  }
  return next;
}

function pathIn(
  levels: readonly (readonly Uint8Array[])[],
  index: number,
  count: number,
): readonly BatchStep[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) {
    throw new RangeError(`Cannot find question ${index} in a batch of ${count}`);
  }
  const steps: BatchStep[] = [];
  let at = index;
  for (const level of levels) {
    const left = at % 2 === 1;
    const sibling = level[left ? at - 1 : at + 1];
    if (sibling !== undefined) steps.push({ hash: toHex(sibling), left });
    at = Math.floor(at / 2);
  }
  return steps;
}

function refuse(reason: string): RejectedError {
  const code: ChannelCode = "channel.batch";
  return new RejectedError(`Cannot read the batch's path: ${reason}`, { code, fields: { reason } });
}

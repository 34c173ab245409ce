/**
 * Asks about vectors, changed or not.
 *
 * @module
 */

import { examine, InputError, type Request, type Result } from "../../mod.ts";
import type { AnyTechnology } from "../../src/evidence/evidence.ts";
import type { Vector } from "../vectors.ts";
import type { Change } from "./contract.ts";

const DAY = 86_400_000;

/** The question that a vector is made for, with a change. */
export function questionOf(
  technology: AnyTechnology,
  vector: Vector,
  change: Change = {},
): Request {
  const { files, section, without = [], labRoots, days = 0 } = change;
  const policy = Object.entries(vector.policy ?? {}).filter(([key]) => !without.includes(key));
  const request: unknown = {
    variant: technology.id,
    evidence: { ...vector.files, ...files },
    ...(vector.statement === undefined ? {} : { statement: vector.statement }),
    expect: { nonce: vector.nonce, ...vector.expected },
    policy: {
      ...Object.fromEntries(policy),
      ...(section === undefined ? {} : { [technology.id]: section }),
    },
    now: new Date(vector.now.getTime() + days * DAY),
    labRoots: labRoots ?? vector.labRoots,
  };
  // The registry decides which files there are; the library reads them strictly, and is tested with wrong ones here.
  return request as Request;
}

/** Asks. */
export function ask(
  technology: AnyTechnology,
  vector: Vector,
  change: Change = {},
): Promise<Result> {
  return examine(questionOf(technology, vector, change));
}

/** What came of a question where the files may be nothing that can be read: the code alone. */
export async function codeOf(asked: Promise<Result>): Promise<string | null> {
  try {
    const { verdict, code } = await asked;
    if (verdict !== "rejected") return `${verdict}: ${code}`;
    return code;
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}

/**
 * What comes of what was given.
 *
 * @module
 */

import { confirmBundle } from "../audit/confirm.ts";
import type { AuditBundle } from "../audit/bundle.ts";
import { wordOf } from "../audit/word.ts";
import { fromBase64 } from "../core/bytes.ts";
import { CasemateError } from "../core/errors.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import { technologies } from "../evidence/registry.ts";
import type { Candidate, Heap } from "../recognise/mod.ts";
import type { Result } from "../results/result.ts";
import { examine } from "../verifier/examine.ts";
import type { Request } from "../verifier/request.ts";
import { engine } from "./engine.ts";
import { digestOf, requestFrom } from "./request.ts";
import { chosenOf, type State, type Terms } from "./state.ts";

/** A verification that was done. */
export interface Verified {
  /** Tells it from the others. */
  readonly kind: "verified";
  /** What came of it. */
  readonly result: Result;
  /** Technology of the evidence. */
  readonly technology: AnyTechnology;
  /** What was verified; null of an audit bundle, which has it. */
  readonly request: Request | null;
  /** The evidence as it was found; null of an audit bundle. */
  readonly candidate: Candidate | null;
  /** The audit bundle and its name; null where there was none. */
  readonly audit: { readonly name: string; readonly bundle: AuditBundle } | null;
  /** What is only the word of who gave it. */
  readonly word: readonly string[];
  /** Moment of somebody's choice for which it was judged; null for now, or that of the bundle. */
  readonly at: Date | null;
}

/** What comes of what was given. */
export type Outcome =
  | { readonly kind: "nothing" }
  /** Nothing of it can be verified. */
  | { readonly kind: "unknown" }
  /** Something is missing, or in doubt. */
  | { readonly kind: "lacking"; readonly candidate: Candidate }
  /** What was given or typed is wrong, so that nothing was verified. */
  | { readonly kind: "wrong"; readonly message: string; readonly code: string }
  /** The page itself failed, so that nothing was verified. */
  | { readonly kind: "failed"; readonly message: string }
  | Verified;

/**
 * Verifies what was given.
 *
 * @param state What was given.
 * @param terms What it is judged by.
 * @param version Version of Casemate.
 */
export async function outcomeOf(state: State, terms: Terms, version: string): Promise<Outcome> {
  const { heap, files } = state;
  if (heap === null || files.length === 0) return { kind: "nothing" };
  try {
    const [audit] = heap.audits;
    if (audit !== undefined) return await confirmed(audit, state, terms, version);
    const candidate = chosenOf(state);
    if (candidate === null) return { kind: "unknown" };
    const { missing, contested, problem } = candidate;
    if (missing.length > 0 || contested.length > 0) return { kind: "lacking", candidate };
    if (problem !== null) return { kind: "wrong", message: problem, code: "input.value" };
    return await verified({ heap, candidate }, state, terms);
  } catch (error) {
    if (!(error instanceof CasemateError)) throw error;
    return { kind: "wrong", message: error.message, code: error.code };
  }
}

async function verified(
  { heap, candidate }: { readonly heap: Heap; readonly candidate: Candidate },
  { believed }: State,
  terms: Terms,
): Promise<Verified> {
  const request = await requestFrom({ candidate, heap, terms, believed });
  return {
    kind: "verified",
    result: await examine(engine, request),
    technology: candidate.technology,
    request,
    candidate,
    audit: null,
    word: [],
    at: terms.at,
  };
}

async function confirmed(
  audit: { readonly name: string; readonly bundle: AuditBundle },
  { believed }: State,
  { at }: Terms,
  version: string,
): Promise<Verified> {
  const roots = audit.bundle.request.labRoots.map(fromBase64);
  const known = {
    ...(at === null ? {} : { at }),
    labRoots: roots.filter((root) => believed.has(digestOf(root))),
  };
  const { result } = await confirmBundle(engine, audit.bundle, known, version);
  const technology = technologies.find(({ id }) => id === result.variant);
  if (technology === undefined) throw new TypeError(`${result.variant} is not known`);
  return {
    kind: "verified",
    result,
    technology,
    request: null,
    candidate: null,
    audit,
    word: wordOf(audit.bundle, known),
    at,
  };
}

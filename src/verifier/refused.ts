/**
 * Findings for evidence that `verify` refused.
 *
 * @module
 */

import type { RejectedError } from "../core/errors.ts";
import type { Check } from "../evidence/evidence.ts";
import type { Finding } from "../evidence/finding.ts";
import { AGREEMENT } from "./engines.ts";

/** A file that could not be read as what it should be is refused before the first step. */
const ENCODING: Check = {
  id: "evidence.encoding",
  title: "Files well formed",
  link: "files",
  source: "X.690, RFC 7468",
};

/** Where `verify` stopped. */
export interface Stop {
  /** Id of the step that refused, or of the engines' agreement; null or a foreign one means that files could not be read. */
  readonly failed: string | null;
  /** Ids of the steps that were passed by for want of input. */
  readonly undone: readonly string[];
}

/**
 * The steps before the refused one hold unless they were passed by, the step
 * itself does not, the rest was not reached.
 *
 * @param checks Steps of `verify`, in the order in which they are done.
 * @param error The refusal.
 * @param stop Where it happened.
 */
export function refusedFindings(
  checks: readonly Check[],
  error: RejectedError,
  { failed, undone }: Stop,
): readonly Finding[] {
  const before = failed === AGREEMENT.id ? AGREEMENT : ENCODING;
  const steps = checks.some((check) => check.id === failed) ? checks : [before, ...checks];
  const at = Math.max(0, steps.findIndex((check) => check.id === failed));
  return steps.map((check, i): Finding => {
    const open = {
      ...check,
      required: true,
      expected: null,
      actual: null,
      root: "none",
      code: null,
    } as const;
    if (i !== at) {
      return { ...open, kind: i < at && !undone.includes(check.id) ? "match" : "unchecked" };
    }
    return {
      ...open,
      kind: "mismatch",
      expected: error.fields["expected"] ?? null,
      actual: actualOf(error),
      code: error.code,
    };
  });
}

/** Fields that say it all without their name. */
const SENTENCES: readonly string[] = ["actual", "reason"];

/** What the refusal says of the evidence; null where the code says it all. */
function actualOf(error: RejectedError): string | null {
  const others = Object.entries(error.fields).filter(([name]) => name !== "expected");
  const parts = others.map(([name, value]) =>
    SENTENCES.includes(name) ? value : `${name} ${value}`
  );
  return parts.length === 0 ? null : parts.join(", ");
}

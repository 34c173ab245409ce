/**
 * How a single check of an appraisal is written down.
 *
 * @module
 */

import type { Finding, Link, Root } from "../finding.ts";
import type { SnpCode } from "./codes.ts";

/** How a check came out, before it is written as a {@linkcode Finding}. */
export interface Judgement {
  /** Id of the finding. */
  readonly id: string;
  /** What it is about. */
  readonly title: string;
  /** Link of the chain of trust that it is about. */
  readonly link: Link;
  /** Whether it holds; null where it was not checked. */
  readonly holds: boolean | null;
  /** Whether the verdict depends on it; default true. */
  readonly required?: boolean;
  /** Expected value as text. */
  readonly expected: string | null;
  /** Actual value as text. */
  readonly actual: string | null;
  /** Code when it does not hold, or was required and not checked. */
  readonly code: SnpCode | "freshness.not_checked" | null;
  /** Source when it is not the policy. */
  readonly source?: string;
}

/**
 * A judgement as a finding.
 *
 * @param judgement The judgement.
 * @param root Whose word the report rests on.
 */
export function toFinding(judgement: Judgement, root: Root): Finding {
  const { id, title, link, holds, expected, actual } = judgement;
  const kind = holds === null ? "unchecked" : holds ? "match" : "mismatch";
  const required = judgement.required ?? true;
  const code = holds === true || (holds === null && !required) ? null : judgement.code;
  return {
    id,
    title,
    link,
    kind,
    required,
    expected,
    actual,
    root,
    source: judgement.source ?? "policy",
    code,
  };
}

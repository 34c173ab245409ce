/**
 * How a single check of an appraisal is written down, and checks that every technology has.
 *
 * @module
 */

import { equal, fromHex, toHex } from "../core/bytes.ts";
import type { Freshness } from "./evidence.ts";
import type { Finding, Link, Root } from "./finding.ts";
import { reportDataOf } from "./statement/binding.ts";

/** How a check came out, before it is written as a {@linkcode Finding}; `Code` are the codes of its technology. */
export interface Judgement<Code extends string> {
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
  readonly code: Code | "freshness.not_checked" | null;
  /** Source when it is not the policy. */
  readonly source?: string;
}

/**
 * A judgement as a finding.
 *
 * @param judgement The judgement.
 * @param root Whose word the report rests on.
 */
export function toFinding(judgement: Judgement<string>, root: Root): Finding {
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

/** What a check is called, and the code of a mismatch. */
export interface Named<Code extends string> {
  /** Id of the finding. */
  readonly id: string;
  /** What it is about. */
  readonly title: string;
  /** Code of a mismatch. */
  readonly code: Code;
}

/**
 * Judges a value of the guest that a policy may pin; one that is not pinned is
 * shown, and the verdict does not depend on it.
 *
 * @param actual The value.
 * @param accepted Accepted values; null where it is not pinned.
 * @param named Id, title and code.
 */
export function judgePinned<Code extends string>(
  actual: string,
  accepted: readonly string[] | null,
  { id, title, code }: Named<Code>,
): Judgement<Code> {
  return {
    id,
    title,
    link: "guest",
    holds: accepted === null ? null : accepted.includes(actual),
    required: accepted !== null,
    expected: accepted === null ? null : accepted.join(" or "),
    actual,
    code,
  };
}

/**
 * Judges whether the report data are those that the question asks for.
 *
 * @param actual Report data, hex.
 * @param freshness What the evidence must answer.
 * @param named Id and code.
 */
export function judgeReportData<Code extends string>(
  actual: string,
  freshness: Freshness,
  { id, code }: Omit<Named<Code>, "title">,
): Judgement<Code> {
  const base = {
    id,
    title: "Answers this question",
    link: "evidence",
    actual,
    source: "request",
  } as const;
  if (freshness.kind === "none") {
    return { ...base, holds: null, expected: null, code: "freshness.not_checked" };
  }
  const given = fromHex(actual);
  // A nonce is zero-padded by the attester.
  const wanted = new Uint8Array(given.length);
  wanted.set(expectedReportData(freshness));
  return { ...base, holds: equal(wanted, given), expected: toHex(wanted), code };
}

function expectedReportData(freshness: Exclude<Freshness, { readonly kind: "none" }>): Uint8Array {
  switch (freshness.kind) {
    case "nonce":
    case "report-data":
      return freshness.bytes;
    case "pieces":
      return freshness.reportData;
    case "statement":
      return reportDataOf(freshness.binding, new Uint8Array());
    default:
      return freshness satisfies never;
  }
}

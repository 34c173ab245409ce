/**
 * What the evidence says of the statement that it is bound to.
 *
 * @module
 */

import type { AnyTechnology, Check, Freshness, Rooted } from "../evidence/evidence.ts";
import type { Finding } from "../evidence/finding.ts";
import { type Judgement, toFinding } from "../evidence/judgement.ts";
import { judgeStatement } from "../evidence/statement/appraise.ts";
import { judgePhase } from "../evidence/statement/phase.ts";
import type { Statement } from "../evidence/statement/statement.ts";

/** The step of reading it. */
export const STATEMENT_FORM: Check = {
  id: "statement.form",
  link: "evidence",
  title: "Statement well formed",
  source: "protocol §4",
};

type Proven = Parameters<AnyTechnology["appraise"]>[0];

/**
 * Judges the statement; none where the evidence is bound to none. That it is
 * bound is judged where the report data or the quote are.
 *
 * @param technology Technology of the evidence.
 * @param proven What `verify` established.
 * @param rooted Whose word that rests on.
 * @param freshness The question.
 */
export function statementFindings(
  technology: AnyTechnology,
  proven: Proven,
  rooted: Rooted,
  freshness: Freshness,
): readonly Finding[] {
  if (freshness.kind !== "statement") return [];
  const { statement, expected } = freshness;
  const channel = rooted.channel ?? rooted.root;
  const registers = technology.runtimeRegisters?.(proven) ?? null;
  const launched = technology.launchData?.(proven);
  const phase = judgePhase(statement, registers);
  return [
    ...judgeStatement(statement, expected, { variant: technology.id }).map((judgement) =>
      toFinding(judgement, channel)
    ),
    toFinding(phase, rooted.of?.(phase.id) ?? rooted.root),
    ...(launched === undefined ? [] : [toFinding(judgeLaunchData(launched, statement), channel)]),
  ];
}

/** The cluster's id where whoever launched the guest put it beside the measurement; zeros say nothing. */
function judgeLaunchData(actual: string, { clusterId }: Statement): Judgement<string> {
  const expected = clusterId.padEnd(actual.length, "0");
  const unset = /^0*$/.test(actual);
  return {
    id: "statement.cluster.launch",
    title: "Cluster at launch",
    link: "guest",
    holds: unset || clusterId === "" ? null : actual === expected,
    required: !unset && clusterId !== "",
    expected: unset || clusterId === "" ? null : expected,
    actual,
    code: "statement.cluster_mismatch",
    source: "protocol §2",
  };
}

/**
 * Holds a statement against what the caller asked for (protocol §4). That the
 * statement is bound to the evidence is judged where the evidence is.
 *
 * @module
 */

import type { Link } from "../finding.ts";
import type { Judgement } from "../judgement.ts";
import type { StatementCode } from "./codes.ts";
import type { StatementExpectation } from "./expectation.ts";
import type { Purpose, Statement } from "./statement.ts";

/** What a statement is judged in. */
export interface StatementContext {
  /** Id of the variant that the evidence around it is of. */
  readonly variant: string;
}

/** Purposes that are of a node in phase cluster alone (protocol §3): an admitted one runs workloads already. */
const IN_CLUSTER: readonly Purpose[] = ["init", "join", "unlock", "recover"];

/** A check of one member. */
interface MemberCheck {
  readonly id: string;
  readonly title: string;
  readonly link: Link;
  readonly code: StatementCode;
  readonly actual: (statement: Statement) => string;
  /** Undefined where the caller expects nothing. */
  readonly expected: (
    wanted: StatementExpectation,
    context: StatementContext,
    statement: Statement,
  ) => string | undefined;
}

/** A batch is accepted by the path from the verifier's own nonce to the batch's alone (protocol §5), and none is read here. */
const NO_BATCH = "one verifier, not a batch";

const CHECKS: readonly MemberCheck[] = [
  {
    id: "statement.variant",
    title: "Statement is of this variant",
    link: "evidence",
    code: "statement.variant_mismatch",
    actual: ({ variant }) => variant,
    expected: (_, { variant }) => variant,
  },
  {
    id: "statement.purpose",
    title: "Made for this purpose",
    link: "evidence",
    code: "statement.purpose_mismatch",
    actual: ({ purpose }) => purpose,
    expected: ({ purpose }) => purpose ?? "serve",
  },
  {
    id: "statement.audience",
    title: "Made for this verifier",
    link: "evidence",
    code: "statement.audience_mismatch",
    actual: ({ audience }) => audience,
    expected: ({ audience }, _, statement) =>
      audience?.toLowerCase() ?? (statement.audience === "batch" ? NO_BATCH : undefined),
  },
  {
    id: "statement.request",
    title: "Made for this request",
    link: "evidence",
    code: "statement.request_mismatch",
    actual: ({ requestDigest }) => requestDigest,
    expected: ({ requestDigest }) => (requestDigest ?? "").toLowerCase(),
  },
  {
    id: "statement.cluster",
    title: "Node belongs to this cluster",
    link: "guest",
    code: "statement.cluster_mismatch",
    actual: ({ clusterId }) => clusterId,
    expected: ({ clusterId }) => clusterId?.toLowerCase(),
  },
  {
    id: "statement.manifest",
    title: "Admitted under this manifest",
    link: "guest",
    code: "statement.manifest_mismatch",
    actual: ({ manifestDigest }) => manifestDigest,
    expected: ({ manifestDigest }) => manifestDigest?.toLowerCase(),
  },
  {
    id: "statement.role",
    title: "Has this role",
    link: "guest",
    code: "statement.role_mismatch",
    actual: ({ role }) => role,
    expected: ({ role }) => role,
  },
  {
    id: "statement.node",
    title: "Is this node",
    link: "guest",
    code: "statement.node_mismatch",
    actual: ({ nodeName }) => nodeName,
    expected: ({ nodeName }) => nodeName,
  },
  {
    id: "statement.tls",
    title: "Holds the TLS key in use",
    link: "guest",
    code: "statement.tls_mismatch",
    actual: ({ tlsSpki }) => tlsSpki,
    expected: ({ tlsSpki }) => tlsSpki?.toLowerCase(),
  },
];

/**
 * Judges every member that a caller can expect something of. What the caller
 * gave no expectation for is shown, and nothing depends on it; purpose, request,
 * variant and phase are judged in any case, and an audience of `batch` is none.
 *
 * @param statement The statement, read.
 * @param expected What the caller expects.
 * @param context The evidence around it.
 */
export function judgeStatement(
  statement: Statement,
  expected: StatementExpectation,
  context: StatementContext,
): readonly Judgement<StatementCode>[] {
  const members = CHECKS.map((check) => judgeMember(check, statement, expected, context));
  return [...members, judgePurposeInPhase(statement)];
}

function judgeMember(
  { id, title, link, code, ...check }: MemberCheck,
  statement: Statement,
  wanted: StatementExpectation,
  context: StatementContext,
): Judgement<StatementCode> {
  const actual = check.actual(statement);
  const expected = check.expected(wanted, context, statement);
  return {
    id,
    title,
    link,
    holds: expected === undefined ? null : expected === actual,
    required: expected !== undefined,
    expected: expected === undefined ? null : named(expected),
    actual: named(actual),
    code,
    source: "request",
  };
}

/** What is empty says that there is none, which must not look like a value that was left out. */
function named(value: string): string {
  return value === "" ? "none" : value;
}

/** Which phases may speak for a purpose does not depend on what the caller expects. */
function judgePurposeInPhase({ purpose, phase }: Statement): Judgement<StatementCode> {
  const demanded = IN_CLUSTER.includes(purpose);
  return {
    id: "statement.phase",
    title: `Phase in which ${purpose} is served`,
    link: "guest",
    holds: !demanded || phase === "cluster",
    expected: demanded ? "cluster" : "any",
    actual: phase,
    code: "statement.phase_refused",
    source: "protocol §3",
  };
}

/**
 * What ties the evidence to a question, as a caller states it, and the strict reading of it.
 *
 * @module
 */

import { isBytes } from "../core/bytes.ts";
import { isPlain, shortened } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import type { AnyTechnology, Freshness } from "../evidence/evidence.ts";
import { bindingOf, NONCE_BYTES } from "../evidence/statement/binding.ts";
import type { StatementExpectation } from "../evidence/statement/expectation.ts";
import { readStatement } from "../evidence/statement/read.ts";
import { PURPOSES } from "../evidence/statement/statement.ts";
import type { Profile } from "../results/result.ts";

/** What ties the evidence to a question, as a caller states it. */
export type Expectation =
  /** The report data, whole. */
  | { readonly reportData: Uint8Array }
  /**
   * A nonce: with a statement the verifier's own 32 bytes, and what the statement must say;
   * without one the data themselves, zero-padded by the attester to the length of the report
   * data where there are any. Of a report beside another part its report data, too.
   */
  | ({ readonly nonce: Uint8Array; readonly reportData?: Uint8Array } & StatementExpectation)
  /** Nothing; the verdict is then at most `platform-only`. */
  | { readonly freshness: "none" };

/** A question that was read; the statement itself is evidence, and read in its turn. */
export type Question =
  | Exclude<Freshness, { readonly kind: "statement" }>
  | {
    readonly kind: "statement";
    readonly nonce: Uint8Array;
    readonly bytes: Uint8Array;
    readonly expected: StatementExpectation;
  };

/** Forms of what a statement can be expected to say: the pattern, and in words. */
export const STATEMENT_FORMS: Readonly<
  Record<keyof StatementExpectation, readonly [RegExp, string]>
> = {
  purpose: [new RegExp(`^(?:${PURPOSES.join("|")})$`), PURPOSES.join(", ")],
  audience: [/^[0-9a-f]{64}$/, "32 bytes in lowercase hex"],
  requestDigest: [/^[0-9a-f]{64}$/, "32 bytes in lowercase hex"],
  clusterId: [/^[0-9a-f]{64}$/, "32 bytes in lowercase hex"],
  manifestDigest: [/^[0-9a-f]{64}$/, "32 bytes in lowercase hex"],
  role: [/^[a-z0-9][a-z0-9.-]{0,62}$/, "a role as control-plane"],
  nodeName: [/^[a-z0-9][a-z0-9.-]{0,62}$/, "a name of a node"],
  tlsSpki: [/^(?:[0-9a-f]{2}){1,1024}$/, "a public key, DER in lowercase hex"],
};

/** Marks an expectation whose nonce is the root of a batch. No JSON has it: it comes from code that followed a path. */
const BATCH_ROOT = Symbol("root of a batch");

/**
 * The expectation of who followed a path of a batch from a leaf of its own (protocol §5): its nonce is the
 * root, and the audience that of a batch. Nobody can state that audience otherwise.
 *
 * @param expected What the statement must say beside; its audience gives way.
 */
export function ofBatch({ audience: _, ...expected }: StatementExpectation): StatementExpectation {
  return Object.assign(expected, { [BATCH_ROOT]: true });
}

/** Keys of an expectation that are about the statement. */
export const STATEMENT_KEYS: readonly string[] = Object.keys(STATEMENT_FORMS);

/**
 * Reads what a caller expects. What is absent, empty or of the wrong length is an
 * error, never a wish to skip the check; so is a member that is there and undefined.
 *
 * @param expect What the caller gave; may be anything where the caller is not typed.
 * @param statement Bytes of the statement; undefined where there is none.
 * @param technology Technology of the evidence.
 * @param profile How much is examined.
 * @throws {InputError} `input.missing`, `input.conflict`, `input.value`
 */
export function readExpectation(
  expect: Expectation | undefined,
  statement: Uint8Array | undefined,
  technology: AnyTechnology,
  profile: Profile,
): Question {
  if (statement !== undefined) refuseNoVariant(technology);
  if (expect === undefined) {
    if (profile === "crypto-only") return { kind: "none" };
    throw new InputError(
      'Cannot verify: give `expect` as reportData, nonce or {freshness: "none"}',
      { code: "input.missing" },
    );
  }
  // Of an object of a class, getters would be passed over: each is a check.
  if (typeof expect !== "object" || expect === null || !isPlain(expect)) {
    throw wrong("expect", "a plain object");
  }
  const stated = Object.keys(expect);
  const aboutStatement = stated.filter((key) => STATEMENT_KEYS.includes(key));
  refuseMixed(stated.filter((key) => !STATEMENT_KEYS.includes(key)), technology, statement);
  const isNone = "freshness" in expect;
  if (aboutStatement.length > 0 && (statement === undefined || isNone)) {
    const fields = { field: `expect.${aboutStatement[0]}` };
    const why = isNone ? "nothing is bound to one" : "none is given";
    throw new InputError(
      `Cannot verify: \`${fields.field}\` is about a statement, and ${why}`,
      { code: "input.conflict", fields },
    );
  }
  if (isNone && expect.freshness === "none") return { kind: "none" };
  if (isNone) throw wrong("expect.freshness", '"none"');
  return statement === undefined ? readData(expect, technology) : readStated(expect, statement);
}

/** One expectation alone, but that a report beside another part has data of its own. */
function refuseMixed(
  stated: readonly string[],
  { reportDataBeside }: AnyTechnology,
  statement: Uint8Array | undefined,
): void {
  const both = reportDataBeside !== undefined && statement === undefined &&
    stated.length === 2 && stated.includes("nonce") && stated.includes("reportData");
  if (stated.length <= 1 || both) return;
  const fields = { actual: shortened(stated.join(", ")) };
  throw new InputError("Cannot verify: `expect` must state exactly one expectation", {
    code: "input.conflict",
    fields,
  });
}

type Data = Exclude<Expectation, { readonly freshness: "none" }>;

/** A statement that nothing would look at must not seem to have been looked at. */
function refuseNoVariant({ facts, title }: AnyTechnology): void {
  if (facts !== undefined) return;
  throw new InputError(
    `Cannot verify: ${title} evidence is of no variant, and has no statement`,
    { code: "input.conflict", fields: { field: "statement" } },
  );
}

function readStated(expect: Data, bytes: Uint8Array): Question {
  if (!("nonce" in expect)) {
    throw new InputError("Cannot verify: evidence with a statement answers a nonce; give `nonce`", {
      code: "input.missing",
      fields: { field: "expect.nonce" },
    });
  }
  const nonce = readBytes("nonce", expect.nonce, NONCE_BYTES, NONCE_BYTES);
  return { kind: "statement", nonce, bytes, expected: readExpected(expect) };
}

function readExpected(expect: Data): StatementExpectation {
  const members = Object.entries(expect).filter(([key]) => STATEMENT_KEYS.includes(key));
  for (const [key, value] of members) {
    const form = Object.entries(STATEMENT_FORMS).find(([name]) => name === key)?.[1];
    if (form === undefined) continue;
    const [pattern, says] = form;
    if (typeof value !== "string" || !pattern.test(value)) throw wrong(`expect.${key}`, says);
  }
  // Each member was held against its form just above.
  const expected: StatementExpectation = Object.fromEntries(members);
  return BATCH_ROOT in expect ? { ...expected, audience: "batch" } : expected;
}

function readData(expect: Data, technology: AnyTechnology): Question {
  const { reportDataBytes: length, padsNonce, reportDataBeside, title } = technology;
  if (reportDataBeside !== undefined) return readPieces(expect, length, reportDataBeside);
  if (!("nonce" in expect || "reportData" in expect)) {
    throw wrong("expect", `${padsNonce ? "reportData, nonce" : "nonce"} or {freshness: "none"}`);
  }
  if (!padsNonce && "reportData" in expect) {
    const fields = { expected: "nonce", actual: "reportData" };
    throw new InputError(`Cannot verify: ${title} evidence has no report data; give a nonce`, {
      code: "input.value",
      fields,
    });
  }
  return "nonce" in expect
    ? { kind: "nonce", bytes: readBytes("nonce", expect.nonce, 1, length) }
    : {
      kind: "report-data",
      bytes: readBytes("report-data", expect.reportData, length, length),
    };
}

/** Two parts without a statement answer two questions: with one of them alone, the other could be of any time. */
function readPieces(expect: Data, nonceBytes: number, reportDataBytes: number): Question {
  const nonce = "nonce" in expect ? expect.nonce : undefined;
  if (nonce === undefined || expect.reportData === undefined) {
    const missing = nonce === undefined ? "nonce" : "reportData";
    throw new InputError(
      `Cannot verify: without a statement, give what both parts must answer: ${missing} is missing`,
      { code: "input.missing", fields: { field: `expect.${missing}` } },
    );
  }
  return {
    kind: "pieces",
    nonce: readBytes("nonce", nonce, 1, nonceBytes),
    reportData: readBytes("report-data", expect.reportData, reportDataBytes, reportDataBytes),
  };
}

function readBytes(kind: string, given: unknown, least: number, most: number): Uint8Array {
  const isNonce = kind === "nonce";
  const range = least === most ? `${most} bytes` : `${least} to ${most} bytes`;
  // A nonce of zeros would match every report whose data nobody set.
  const wanted = isNonce ? `${range}, not all zero` : range;
  const fits = isBytes(given) && given.length >= least && given.length <= most;
  if (fits && (!isNonce || given.some((byte) => byte !== 0))) return new Uint8Array(given);
  const actual = isBytes(given) ? `${given.length} bytes` : "no bytes";
  throw new InputError(`Cannot verify: ${kind} must have ${wanted}, got ${actual}`, {
    code: "input.value",
    fields: { expected: wanted, actual },
  });
}

/**
 * The question with its statement read.
 *
 * @param question The question.
 * @throws {RejectedError} `statement.*`
 */
export function freshnessOf(question: Question): Freshness {
  if (question.kind !== "statement") return question;
  const { kind, nonce, bytes, expected } = question;
  return {
    kind,
    nonce,
    expected,
    statement: readStatement(bytes),
    binding: bindingOf(nonce, bytes),
  };
}

function wrong(name: string, expected: string): InputError {
  return new InputError(`Cannot verify: \`${name}\` is not ${expected}`, {
    code: "input.value",
    fields: { field: name, expected },
  });
}

/**
 * Statements as bytes: the canonical form, and nothing else, is bound and read.
 *
 * @module
 */

import { equal } from "../../core/bytes.ts";
import { DecodeError } from "../../core/decode.ts";
import { type ErrorFields, RejectedError } from "../../core/errors.ts";
import { parseStrictJson } from "../../core/strict_json.ts";
import { canonicalJson } from "../../core/canonical_json.ts";
import { STATEMENT_CODES, type StatementCode } from "./codes.ts";
import { contradictionIn, STATEMENT_FORM } from "./form.ts";
import type { Statement } from "./statement.ts";

/** Largest statement, bytes: the longest that the forms of its members allow takes 3 KiB. */
export const MAX_STATEMENT_BYTES = 16_384;

/**
 * Reads a statement, strictly. That the bytes are bound to evidence is for
 * {@linkcode bindingOf} and the appraisal to establish; alone they prove nothing.
 *
 * @param bytes The bytes as they were bound, at most 16384.
 * @throws {RejectedError} `statement.encoding`, `statement.member` (field `member`),
 * `statement.not_canonical`, `statement.inconsistent`
 *
 * @example
 * ```ts
 * import { readStatement, writeStatement } from "@casemate/casemate";
 *
 * const bytes = writeStatement({
 *   v: 1,
 *   purpose: "serve",
 *   variant: "sev-snp",
 *   audience: "aa".repeat(32),
 *   requestDigest: "",
 *   clusterId: "",
 *   manifestDigest: "",
 *   manifestSequence: 0,
 *   role: "",
 *   nodeName: "",
 *   bootId: "bb".repeat(16),
 *   tlsSpki: "3059",
 *   hpkeKey: "cc".repeat(32),
 *   phase: "zero",
 *   logHead: "",
 * });
 * console.log(readStatement(bytes).variant);
 * ```
 */
export function readStatement(bytes: Uint8Array): Statement {
  const statement = decode(parse(bytes));
  const canonical = canonicalOf(statement);
  if (!equal(canonical, bytes)) throw notCanonical(canonical, bytes);
  const reason = contradictionIn(statement);
  if (reason !== null) throw refuse("statement.inconsistent", { reason });
  return statement;
}

function notCanonical(canonical: Uint8Array, bytes: Uint8Array): RejectedError {
  const at = bytes.findIndex((byte, i) => byte !== canonical[i]);
  return refuse("statement.not_canonical", {
    expected: `${canonical.length} bytes in the form of RFC 8785`,
    actual: `${bytes.length} bytes, other from byte ${at < 0 ? bytes.length : at} on`,
  });
}

/**
 * Writes a statement in its canonical form: the bytes that are bound.
 *
 * @param statement The statement.
 * @throws {RangeError} where {@linkcode readStatement} would refuse it.
 */
export function writeStatement(statement: Statement): Uint8Array<ArrayBuffer> {
  try {
    const bytes = canonicalOf(decode(statement));
    readStatement(bytes);
    return bytes;
  } catch (cause) {
    if (!(cause instanceof RejectedError)) throw cause;
    throw new RangeError(`Cannot write the statement: ${cause.message}`, { cause });
  }
}

function canonicalOf(statement: Statement): Uint8Array<ArrayBuffer> {
  return canonicalJson({ ...statement });
}

function parse(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_STATEMENT_BYTES) {
    const limit = `${MAX_STATEMENT_BYTES} bytes`;
    throw refuse("statement.encoding", { limit, actual: `${bytes.length} bytes` });
  }
  try {
    return parseStrictJson(bytes);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw refuse("statement.encoding", { reason: cause.message }, cause);
  }
}

function decode(value: unknown): Statement {
  try {
    return STATEMENT_FORM.decode(value, "");
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw refuse("statement.member", { member: cause.path, reason: cause.message }, cause);
  }
}

function refuse(code: StatementCode, fields: ErrorFields, cause?: unknown): RejectedError {
  const explained = Object.entries(fields).map(([name, text]) => `${name} ${text}`).join(", ");
  const message = `${STATEMENT_CODES[code].says}${explained === "" ? "" : `: ${explained}`}`;
  return new RejectedError(message, { code, fields, cause });
}

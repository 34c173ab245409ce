/**
 * Says what a verification's answer must be, whatever the technology.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result, Verdict } from "../mod.ts";
import type { CodeEntry } from "../src/core/code_entry.ts";
import { CORE_CODES } from "../src/core/codes.ts";
import type { Finding } from "../src/evidence/finding.ts";
import { technologies } from "../src/evidence/registry.ts";
import { STATEMENT_CODES } from "../src/evidence/statement/codes.ts";
import { REFERENCE_CODES } from "../src/policy/reference/codes.ts";

const CODES: ReadonlyMap<string, CodeEntry> = new Map(
  [CORE_CODES, STATEMENT_CODES, REFERENCE_CODES, ...technologies.map(({ codes }) => codes)].flatMap(
    (table) => Object.entries(table),
  ),
);

/** Meaning of a code; there is none without. */
export function entryOf(code: string): CodeEntry {
  const entry = CODES.get(code);
  assert.ok(entry, `${code} stands in a table`);
  return entry;
}

/** Codes that several checks give at once: none of them can be done, a register is wrong that says what runs, or each part of a pair would answer the question. */
const SHARED: readonly string[] = [
  "freshness.not_checked",
  "nitro.register_mismatch",
  "nitro.register_missing",
  "tdx.collateral_missing",
  "tpm.register_mismatch",
  "tpm.register_not_quoted",
];

/** The finding that carries a code, the first where several share it; it must be of the check that the code names. */
export function findingOf(result: Result, code: string): Finding {
  const [finding, ...others] = result.findings.filter((finding) => finding.code === code);
  assert.ok(finding, `${code} stands in a finding of ${shown(result)}`);
  if (!SHARED.includes(code)) assert.equal(others.length, 0, `${code} stands in one finding`);
  const { check } = entryOf(code);
  assert.ok(
    isOf(finding.id, check),
    `${code} belongs to ${check}, not to ${finding.id}`,
  );
  return finding;
}

/** Whether a finding is of a check; that of freshness, which is the core's, has an id of the technology. */
function isOf(id: string, check: string | null): boolean {
  if (check === "trust.freshness") return /\.(?:(?:report|qualifying)-data|nonce)$/.test(id);
  return id === check || id.startsWith(`${check}.`);
}

/** Asserts a verdict and the code that decided it; where it was refused, that nothing is passed off as checked. */
export function assertVerdict(result: Result, verdict: Verdict, code: string): Finding {
  assert.deepEqual(
    { verdict: result.verdict, code: result.code },
    { verdict, code },
    shown(result),
  );
  const finding = findingOf(result, code);
  assert.notEqual(finding.kind, "match");
  assert.ok(finding.required);
  if (result.claims === null) assertNothingAfter(result, finding);
  return finding;
}

/** Refused before appraisal: one step failed, none after it was done. */
function assertNothingAfter(result: Result, finding: Finding): void {
  const at = result.findings.indexOf(finding);
  const after = result.findings.slice(at + 1).map(({ kind }) => kind);
  assert.ok(after.every((kind) => kind === "unchecked"), shown(result));
  const before = result.findings.slice(0, at).map(({ kind }) => kind);
  assert.ok(before.every((kind) => kind === "match" || kind === "unchecked"), shown(result));
}

/** Asserts a refusal with its code, by a mismatch. */
export function assertRefused(result: Result, code: string): void {
  const finding = assertVerdict(result, "rejected", code);
  assert.equal(finding.kind, "mismatch", shown(result));
  // A signature that does not hold has nothing to show beside its code.
  if (/signature/.test(code) && result.claims === null) return;
  assert.notEqual(finding.actual ?? finding.expected, null, `${code} says what was found`);
}

/** A result as one line, for failing assertions. */
export function shown(result: Result): string {
  const bad = result.findings.filter(({ code }) => code !== null);
  return `${result.says} (${bad.map(({ id, actual }) => `${id}: ${actual}`).join("; ")})`;
}

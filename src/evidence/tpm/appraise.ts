/**
 * Judges verified TPM evidence against a policy. Every check gives a finding.
 *
 * @module
 */

import { equal, fromHex, toHex } from "../../core/bytes.ts";
import type { AppraiseContext, Freshness, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { type Judgement, toFinding } from "../judgement.ts";
import { judgeLog, type LogNames } from "../logs/judge_log.ts";
import type { TpmCode } from "./codes.ts";
import { judgeKey } from "./key.ts";
import type { TpmPolicy } from "./policy.ts";
import type { TpmEvidence } from "./report.ts";
import { judgeState } from "./state.ts";
import { qualifyingDataOf } from "../statement/binding.ts";
import { judgeRegisters } from "./what_runs.ts";

/** Most bytes of qualifying data that can be asked for: a hash of SHA-512 (Part 2 §11.2.9; TPMs without it take 48). */
export const QUALIFYING_DATA_BYTES = 64;

/** What a log beside a quote is told by. */
const LOG_NAMES: LogNames<TpmCode> = {
  registers: "pcr",
  secureBoot: "tpm.secure-boot",
  missing: "tpm.event_log_missing",
  off: "tpm.secure_boot_off",
  unknown: "tpm.secure_boot_unknown",
};

/**
 * Judges verified evidence.
 *
 * Freshness, the key's place, registers, counters and the event log are judged
 * here; signature, chain and the registers' values were established by `verify`.
 *
 * @param proven What `verify` established.
 * @param policy The `tpm` section, defaults filled in.
 * @param context Time and freshness.
 */
export function appraise(
  proven: Verified<TpmEvidence>,
  policy: TpmPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const judgements: readonly Judgement<string>[] = [
    ...judgeKey(proven, policy),
    judgeQualifyingData(proven.quote.qualifyingData, context.freshness),
    ...judgeRegisters(proven, policy),
    ...judgeState(proven, policy),
    ...judgeLog(proven.log, policy, LOG_NAMES),
  ];
  const { root } = rootOf(proven, context);
  return judgements.map((judgement) => toFinding(judgement, root));
}

/**
 * Whose word verified evidence rests on: a TPM vouches for itself, and who
 * certified its key is the provider, or a lab; without a certificate nobody.
 *
 * @param proven What `verify` established.
 * @param _context Time and accepted risks; no product line of TPMs is listed here.
 */
export function rootOf(
  { certificate }: Verified<TpmEvidence>,
  _context: RootContext,
): Rooted {
  if (certificate === null) return { root: "none", warnings: [] };
  return { root: certificate.lab ? "lab" : "provider", warnings: [] };
}

/** The nonce itself, byte for byte: zeros behind it would be another question's. */
function judgeQualifyingData(actual: string, freshness: Freshness): Judgement<TpmCode> {
  const base = {
    id: "tpm.qualifying-data",
    title: "Answers this question",
    link: "evidence",
    actual: actual === "" ? "empty" : actual,
    source: "request",
  } as const;
  if (freshness.kind === "none") {
    return { ...base, holds: null, expected: null, code: "freshness.not_checked" };
  }
  const wanted = expectedData(freshness);
  return {
    ...base,
    holds: equal(wanted, fromHex(actual)),
    expected: toHex(wanted),
    code: "tpm.qualifying_data_mismatch",
  };
}

/** Beside a hardware report a pairing says what the quote must answer, as a nonce. */
function expectedData(freshness: Exclude<Freshness, { readonly kind: "none" }>): Uint8Array {
  switch (freshness.kind) {
    case "nonce":
    case "report-data":
      return freshness.bytes;
    case "pieces":
      return freshness.nonce;
    case "statement":
      return qualifyingDataOf(freshness.binding, null);
    default:
      return freshness satisfies never;
  }
}

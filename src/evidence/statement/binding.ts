/**
 * What ties evidence to a nonce and a statement (protocol §4).
 *
 * @module
 */

import { fromHex, uint64 } from "../../core/bytes.ts";
import { labelledHash, plainHash } from "../../core/labelled_hash.ts";
import type { Statement } from "./statement.ts";

/** Length of a verifier's nonce, bytes (protocol §1). */
export const NONCE_BYTES = 32;

/**
 * The binding: SHA-512 H("casemate/binding/v1", nonce, statement).
 *
 * @param nonce The verifier's own copy, 32 bytes.
 * @param statement Bytes of the statement.
 * @returns 64 bytes.
 *
 * @example What a report must hold
 * ```ts
 * import { bindingOf, reportDataOf } from "@casemate/casemate";
 *
 * const nonce = crypto.getRandomValues(new Uint8Array(32));
 * const statement = new TextEncoder().encode("{}");
 * const reportData = reportDataOf(bindingOf(nonce, statement), new Uint8Array());
 * console.log(reportData.length); // 64
 * ```
 */
export function bindingOf(nonce: Uint8Array, statement: Uint8Array): Uint8Array {
  return labelledHash("sha512", "casemate/binding/v1", nonce, statement);
}

/**
 * Report data of a TEE: SHA-512 H("casemate/report/v1", AK Name, binding).
 *
 * @param binding The binding.
 * @param akName TPM Name of the attestation key beside the report; empty where the variant binds none.
 * @returns 64 bytes.
 */
export function reportDataOf(binding: Uint8Array, akName: Uint8Array): Uint8Array {
  return labelledHash("sha512", "casemate/report/v1", akName, binding);
}

/**
 * Qualifying data of a TPM quote: SHA-256 H("casemate/quote/v1", binding, digest).
 *
 * @param binding The binding.
 * @param beside The hardware report that the quote stands beside; null where there is none.
 * @returns 32 bytes.
 */
export function qualifyingDataOf(binding: Uint8Array, beside: Uint8Array | null): Uint8Array {
  const digest = beside === null ? new Uint8Array() : plainHash("sha256", beside);
  return qualifyingDataBeside(binding, digest);
}

/**
 * The same where the report's SHA-256 is known.
 *
 * @param binding The binding.
 * @param digest SHA-256 of the hardware report, 32 bytes.
 * @returns 32 bytes.
 */
export function qualifyingDataBeside(binding: Uint8Array, digest: Uint8Array): Uint8Array {
  return labelledHash("sha256", "casemate/quote/v1", binding, digest);
}

/** Banks in which the runtime register is predicted. */
export type PhaseBank = "sha256" | "sha384";

/** What the runtime register depends on. */
export type PhaseMark = Pick<
  Statement,
  "phase" | "clusterId" | "role" | "nodeName" | "manifestSequence"
>;

/**
 * Value of the runtime register (PCR 15, or RTMR 3 in SHA-384) for a
 * statement's phase: what was extended so far, in the bank's own hash (protocol §3).
 *
 * @param bank The bank.
 * @param statement The statement, as read; its claim of a phase proves nothing until a register holds this value.
 * @returns As many bytes as the bank's hash has.
 */
export function runtimeRegisterOf(bank: PhaseBank, statement: PhaseMark): Uint8Array {
  const zero = new Uint8Array(bank === "sha256" ? 32 : 48);
  if (statement.phase === "zero") return zero;
  const inCluster = extend(bank, zero, phaseDigestOf(bank, "cluster", statement));
  if (statement.phase === "cluster") return inCluster;
  return extend(bank, inCluster, phaseDigestOf(bank, "member", statement));
}

/**
 * What is extended on the way into a phase (protocol §3).
 *
 * @param bank The bank.
 * @param phase The phase that begins with it.
 * @param statement Cluster; role, name and manifest of the admission.
 * @returns As many bytes as the bank's hash has.
 */
export function phaseDigestOf(
  bank: PhaseBank,
  phase: "cluster" | "member",
  { clusterId, role, nodeName, manifestSequence }: PhaseMark,
): Uint8Array {
  if (phase === "cluster") {
    return labelledHash(bank, "casemate/phase/cluster", fromHex(clusterId));
  }
  const text = new TextEncoder();
  return labelledHash(
    bank,
    "casemate/phase/member",
    text.encode(role),
    text.encode(nodeName),
    uint64(manifestSequence),
  );
}

/** What TPMs and TDX do: the hash over the old value and what is added. */
function extend(bank: PhaseBank, old: Uint8Array, digest: Uint8Array): Uint8Array {
  const both = new Uint8Array(old.length + digest.length);
  both.set(old);
  both.set(digest, old.length);
  return plainHash(bank, both);
}

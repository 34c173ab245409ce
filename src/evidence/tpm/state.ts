/**
 * Judges what the TPM says of itself in a quote: clock, counters, firmware.
 *
 * @module
 */

import { type Judgement, judgePinned } from "../judgement.ts";
import type { TpmCode } from "./codes.ts";
import type { TpmPolicy } from "./policy.ts";
import type { Hierarchy, TpmEvidence } from "./report.ts";

/** Hierarchies whose keys tell counters and firmware as they are (Part 1 §36.7); for others the TPM adds a number to each. */
const PLAIN: readonly (Hierarchy | null)[] = ["endorsement", "platform"];

/**
 * Judges clock, counters and firmware.
 *
 * @param evidence What `verify` established.
 * @param policy The `tpm` section.
 */
export function judgeState(
  evidence: TpmEvidence,
  policy: TpmPolicy,
): readonly Judgement<TpmCode>[] {
  return [
    judgeClock(evidence, policy),
    judgeBoot(evidence, policy),
    judgeFirmware(evidence, policy),
  ];
}

/** Of several quotes the one that says least. */
function judgeClock(
  { quote, furtherQuotes }: TpmEvidence,
  policy: TpmPolicy,
): Judgement<TpmCode> {
  const demanded = policy.clock === "safe";
  const { clock } = furtherQuotes.find((one) => !one.clock.safe) ?? quote;
  return {
    id: "tpm.clock",
    title: "Clock never ran backwards",
    link: "platform",
    // What the policy alone lets through is no pass.
    holds: clock.safe ? true : demanded ? false : null,
    required: demanded,
    expected: demanded ? "safe" : null,
    actual: `${clock.safe ? "safe" : "not safe"}, ${clock.clock} ms`,
    code: "tpm.clock_not_safe",
    source: "TPM 2.0 Library Part 2 §10.11.1",
  };
}

function judgeBoot(evidence: TpmEvidence, policy: TpmPolicy): Judgement<TpmCode> {
  const { resetCount, restartCount } = evidence.quote.clock;
  const resets = policy.resetCount;
  const restarts = policy.restartCount;
  const pinned = resets !== null || restarts !== null;
  const holds = (resets ?? resetCount) === resetCount &&
    (restarts ?? restartCount) === restartCount;
  const wanted = [
    ...(resets === null ? [] : [`reset ${resets}`]),
    ...(restarts === null ? [] : [`restart ${restarts}`]),
  ];
  return {
    id: "tpm.boot",
    title: "Boot",
    link: "platform",
    holds: pinned ? holds : null,
    required: pinned,
    expected: pinned ? wanted.join(", ") : null,
    actual: `reset ${resetCount}, restart ${restartCount}${disguise(evidence)}`,
    code: "tpm.reset_mismatch",
  };
}

function judgeFirmware(evidence: TpmEvidence, policy: TpmPolicy): Judgement<TpmCode> {
  const { firmwareVersion } = evidence.quote;
  const judged = judgePinned(firmwareVersion, policy.firmwareVersions, {
    id: "tpm.firmware",
    title: "Firmware of the TPM",
    code: "tpm.firmware_mismatch" as const,
  });
  return { ...judged, link: "platform", actual: firmwareVersion + disguise(evidence) };
}

/** For one key the number that is added is always the same, so that values can still be compared. */
function disguise({ hierarchy }: TpmEvidence): string {
  return PLAIN.includes(hierarchy) || hierarchy === null
    ? ""
    : " (disguised, as for every key of its hierarchy)";
}

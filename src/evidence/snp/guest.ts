/**
 * Judges what the guest's owner demanded at launch and the state of the host.
 *
 * @module
 */

import type { SnpCode } from "./codes.ts";
import type { Judgement } from "../judgement.ts";
import type { SnpPolicy } from "./policy.ts";
import type { SnpReport } from "./report.ts";

/**
 * Judges POLICY (56860 §4.3).
 *
 * @param report The report.
 * @param policy The `sev-snp` section.
 */
export function judgeGuestPolicy(
  report: SnpReport,
  policy: SnpPolicy,
): readonly Judgement<SnpCode>[] {
  const guest = report.policy;
  const smtSeen = `${guest.smt ? "allowed" : "forbidden"} by the guest, ${
    report.platformInfo.smtEnabled ? "active" : "off"
  } on the platform`;
  const bits = Object.entries(policy.guestPolicy).map(([bit, wanted]): Judgement<SnpCode> => ({
    id: `snp.guest-policy.${bit}`,
    title: `Guest policy ${bit}`,
    link: "guest",
    holds: guest[bit as keyof typeof policy.guestPolicy] === wanted,
    expected: String(wanted),
    actual: String(guest[bit as keyof typeof policy.guestPolicy]),
    code: "snp.guest_policy",
  }));
  return [
    forbidden("snp.debug", "Debugging", guest.debug, policy.debug, "snp.debug_allowed"),
    forbidden(
      "snp.migration",
      "Migration agent",
      guest.migrateMa,
      policy.migration,
      "snp.migration_allowed",
    ),
    {
      id: "snp.smt",
      title: "Multithreading (SMT)",
      link: "platform",
      holds: policy.smt === "allow" ? null : !guest.smt && !report.platformInfo.smtEnabled,
      required: policy.smt === "forbid",
      expected: policy.smt === "allow" ? null : "forbidden and off",
      actual: smtSeen,
      code: "snp.smt_refused",
    },
    {
      id: "snp.single-socket",
      title: "Single socket",
      link: "guest",
      holds: policy.singleSocket === "any" ? null : guest.singleSocket,
      required: policy.singleSocket === "require",
      expected: policy.singleSocket === "any" ? null : "required",
      actual: guest.singleSocket ? "required" : "not required",
      code: "snp.single_socket_required",
    },
    judgeAbi(report, policy),
    ...bits,
  ];
}

function forbidden(
  id: string,
  title: string,
  allowed: boolean,
  rule: "forbid" | "allow",
  code: SnpCode,
): Judgement<SnpCode> {
  return {
    id,
    title,
    link: "guest",
    holds: rule === "allow" && allowed ? null : !allowed,
    required: rule === "forbid",
    expected: rule === "forbid" ? "forbidden" : null,
    actual: allowed ? "allowed" : "forbidden",
    code,
  };
}

function judgeAbi(report: SnpReport, policy: SnpPolicy): Judgement<SnpCode> {
  const { abiMajor, abiMinor } = report.policy;
  const [major = 0, minor = 0] = (policy.minimumAbi ?? "0.0").split(".").map(Number);
  return {
    id: "snp.abi",
    title: "Minimum firmware ABI",
    link: "guest",
    holds: policy.minimumAbi === null
      ? null
      : abiMajor > major || (abiMajor === major && abiMinor >= minor),
    required: policy.minimumAbi !== null,
    expected: policy.minimumAbi === null ? null : `at least ${policy.minimumAbi}`,
    actual: `${abiMajor}.${abiMinor}`,
    code: "snp.abi_too_low",
  };
}

/**
 * Judges PLATFORM_INFO (56860 Table 24): one judgement per bit that the policy names.
 *
 * @param report The report.
 * @param policy The `sev-snp` section.
 */
export function judgePlatform(report: SnpReport, policy: SnpPolicy): readonly Judgement<SnpCode>[] {
  const info = report.platformInfo;
  return Object.entries(policy.platformInfo).map(([bit, wanted]): Judgement<SnpCode> => ({
    id: `snp.platform-info.${bit}`,
    title: `Platform ${bit}`,
    link: "platform",
    holds: info[bit as keyof typeof policy.platformInfo] === wanted,
    expected: String(wanted),
    actual: String(info[bit as keyof typeof policy.platformInfo]),
    code: "snp.platform_info",
  }));
}

/**
 * An attestation report as a person sees it: every field by its name in 56860 Table 23.
 *
 * @module
 */

import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import type { SnpReport } from "./report.ts";
import { formatTcb, formatVersion } from "./tcb.ts";

/**
 * Describes a report. Nothing of it is verified.
 *
 * @param report The report.
 */
export function showReport(report: SnpReport): Shown {
  return {
    kind: "snp-report",
    title: `AMD SEV-SNP attestation report, version ${report.version} (not verified)`,
    usedBy: "casemate evidence verify snp --report",
    sections: [
      guestSection(report),
      policySection(report),
      platformSection(report),
      keySection(report),
    ],
  };
}

function guestSection(report: SnpReport): ShownSection {
  const host = report.vmpl > 3
    ? "the host asked for this report"
    : report.vmpl === 0
    ? "most privileged"
    : "below a paravisor or SVSM";
  return {
    title: "Guest",
    rows: [
      {
        name: "REPORT_DATA",
        value: report.reportData,
        meaning: textOf(report.reportData) ?? "chosen by the guest",
      },
      {
        name: "MEASUREMENT",
        value: report.measurement,
        meaning: "launch digest: what was loaded before the guest ran",
      },
      {
        name: "HOST_DATA",
        value: report.hostData,
        meaning: zeroOr(report.hostData, "given by the host at launch"),
      },
      { name: "VMPL", value: String(report.vmpl), meaning: host },
      {
        name: "GUEST_SVN",
        value: String(report.guestSvn),
        meaning: "security version of the guest, from the ID block",
      },
      { name: "FAMILY_ID", value: report.familyId },
      { name: "IMAGE_ID", value: report.imageId },
      {
        name: "ID_KEY_DIGEST",
        value: report.idKeyDigest,
        meaning: zeroOr(report.idKeyDigest, "key that signed the ID block"),
      },
      {
        name: "AUTHOR_KEY_DIGEST",
        value: report.authorKeyDigest,
        meaning: report.authorKeyEnabled ? "in use" : "not in use",
      },
      { name: "REPORT_ID", value: report.reportId, meaning: "this guest instance" },
      {
        name: "REPORT_ID_MA",
        value: report.reportIdMa,
        meaning: /^f+$/.test(report.reportIdMa) ? "no migration agent" : "migration agent",
      },
    ],
  };
}

function policySection(report: SnpReport): ShownSection {
  const { policy } = report;
  const rows: readonly ShownRow[] = [
    { name: "POLICY", value: policy.raw },
    {
      name: "ABI",
      value: `${policy.abiMajor}.${policy.abiMinor}`,
      meaning: "lowest firmware ABI the guest accepts",
    },
    flag("DEBUG", policy.debug, "the host may read the guest's memory", "no debugging"),
    flag("MIGRATE_MA", policy.migrateMa, "a migration agent may move the guest", "no migration"),
    flag("SMT", policy.smt, "multithreading allowed", "multithreading forbidden"),
    flag("SINGLE_SOCKET", policy.singleSocket, "one socket only", "any number of sockets"),
    flag("CXL_ALLOW", policy.cxlAllowed, "CXL allowed", "CXL not allowed"),
    flag(
      "MEM_AES_256_XTS",
      policy.memAes256Xts,
      "AES-256 XTS required",
      "AES-256 XTS not required",
    ),
    flag("RAPL_DIS", policy.raplDisabled, "power readings must be off", "power readings allowed"),
    flag(
      "CIPHERTEXT_HIDING_DRAM",
      policy.ciphertextHidingDram,
      "ciphertext hiding required",
      "ciphertext hiding not required",
    ),
    flag("PAGE_SWAP_DISABLE", policy.pageSwapDisabled, "page swap off", "page swap allowed"),
  ];
  return { title: "Guest policy", rows };
}

function platformSection(report: SnpReport): ShownSection {
  const info = report.platformInfo;
  const cpu = report.cpuid === null ? [] : [{
    name: "CPUID",
    value:
      `family ${report.cpuid.family}, model ${report.cpuid.model}, stepping ${report.cpuid.stepping}`,
  }];
  const mitigations = report.launchMitigationVector === null ? [] : [
    {
      name: "LAUNCH_MIT_VECTOR",
      value: report.launchMitigationVector,
      meaning: "mitigations in force at launch",
    },
    {
      name: "CURRENT_MIT_VECTOR",
      value: report.currentMitigationVector ?? "",
      meaning: "mitigations in force now",
    },
  ];
  const rows: readonly ShownRow[] = [
    ...cpu,
    {
      name: "CHIP_ID",
      value: report.chipId,
      meaning: zeroOr(report.chipId, "this chip", "masked, or a VLEK is used"),
    },
    {
      name: "PLATFORM_INFO",
      value: info.raw,
      ...(info.unknownBits === ZERO64
        ? {}
        : { meaning: `bits without published meaning: ${info.unknownBits}` }),
    },
    flag("SMT_EN", info.smtEnabled, "multithreading on", "multithreading off"),
    flag(
      "TSME_EN",
      info.tsmeEnabled,
      "transparent memory encryption on",
      "transparent memory encryption off",
    ),
    flag("ECC_EN", info.eccEnabled, "error correcting memory", "no error correcting memory"),
    flag("RAPL_DIS", info.raplDisabled, "power readings off", "power readings on"),
    flag(
      "CIPHERTEXT_HIDING_DRAM_EN",
      info.ciphertextHidingDramEnabled,
      "ciphertext hiding on",
      "ciphertext hiding off",
    ),
    flag(
      "ALIAS_CHECK_COMPLETE",
      info.aliasCheckComplete,
      "memory aliases checked (BadRAM)",
      "memory aliases not checked (BadRAM)",
    ),
    flag("TIO_EN", info.tioEnabled, "trusted I/O on", "trusted I/O off"),
    {
      name: "REPORTED_TCB",
      value: formatTcb(report.reportedTcb),
      meaning: "the signing key was derived for it",
    },
    {
      name: "COMMITTED_TCB",
      value: formatTcb(report.committedTcb),
      meaning: "cannot be rolled back below it",
    },
    { name: "CURRENT_TCB", value: formatTcb(report.currentTcb), meaning: "runs now" },
    {
      name: "LAUNCH_TCB",
      value: formatTcb(report.launchTcb),
      meaning: "ran when the guest was launched",
    },
    { name: "CURRENT_VERSION", value: formatVersion(report.currentVersion) },
    { name: "COMMITTED_VERSION", value: formatVersion(report.committedVersion) },
    ...mitigations,
  ];
  return { title: "Platform", rows };
}

function keySection(report: SnpReport): ShownSection {
  return {
    title: "Signature",
    rows: [
      {
        name: "SIGNATURE_ALGO",
        value: String(report.signatureAlgorithm),
        meaning: "ECDSA P-384 with SHA-384",
      },
      { name: "SIGNING_KEY", value: report.signingKey, meaning: SIGNING_KEYS[report.signingKey] },
      flag("MASK_CHIP_KEY", report.maskChipKey, "the report is not signed", "the report is signed"),
      { name: "R", value: report.signature.r },
      { name: "S", value: report.signature.s },
    ],
  };
}

const SIGNING_KEYS: Readonly<Record<SnpReport["signingKey"], string>> = {
  VCEK: "key of this chip",
  VLEK: "key that AMD gave to the cloud provider",
  NONE: "the report is not signed",
};

const ZERO64 = "0x0000000000000000";

function flag(name: string, on: boolean, yes: string, no: string): ShownRow {
  return { name, value: on ? "1" : "0", meaning: on ? yes : no };
}

function zeroOr(hex: string, meaning: string, zero = "not used"): string {
  return /^0*$/.test(hex) ? zero : meaning;
}

/** The printable text that zero-padded bytes hold, if they do. */
function textOf(hex: string): string | undefined {
  const trimmed = hex.replace(/(00)+$/, "");
  const text = (trimmed.match(/../g) ?? []).map((pair) =>
    String.fromCharCode(Number.parseInt(pair, 16))
  ).join("");
  return /^[\x20-\x7e]{4,}$/.test(text) ? `text ${JSON.stringify(text)}` : undefined;
}

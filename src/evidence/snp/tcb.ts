/**
 * Judges the four TCBs of a report, component by component.
 *
 * @module
 */

import type { Verified } from "../evidence.ts";
import type { Judgement } from "../judgement.ts";
import type { SnpCode } from "./codes.ts";
import type { SnpPolicy, TcbFloor, TcbKind } from "./policy.ts";
import { SNP_PRODUCT_NAMES } from "./products.ts";
import type { FirmwareVersion, SnpEvidence, SnpReport, Tcb, TcbComponent } from "./report.ts";

const COMPONENTS: readonly TcbComponent[] = ["fmc", "bootloader", "tee", "snp", "microcode"];

/** Which TCB must not exceed which (56860 §2.2, SNP_CONFIG, SNP_COMMIT). */
const ORDER: readonly (readonly [TcbKind, TcbKind])[] = [
  ["reported", "committed"],
  ["committed", "current"],
  ["launch", "current"],
];

/**
 * Judges floors, order and provisional firmware.
 *
 * @param proven What `verify` established.
 * @param policy The `sev-snp` section.
 */
export function judgeTcb(
  proven: Verified<SnpEvidence>,
  policy: SnpPolicy,
): readonly Judgement<SnpCode>[] {
  return [
    judgeOrder(proven.report),
    judgeProvisional(proven.report, policy),
    ...judgeFloors(proven, policy),
  ];
}

/**
 * A TCB as text, as `bootloader 10, tee 0, snp 23, microcode 84`.
 *
 * @param tcb The TCB.
 */
export function formatTcb(tcb: Tcb): string {
  return COMPONENTS.flatMap((name) => tcb[name] === null ? [] : [`${name} ${tcb[name]}`]).join(
    ", ",
  );
}

/**
 * A firmware version as text, as `1.55 build 40`.
 *
 * @param version The version.
 */
export function formatVersion(version: FirmwareVersion): string {
  return `${version.major}.${version.minor} build ${version.build}`;
}

function tcbOf(report: SnpReport, kind: TcbKind): Tcb {
  const tcbs: Readonly<Record<TcbKind, Tcb>> = {
    reported: report.reportedTcb,
    committed: report.committedTcb,
    current: report.currentTcb,
    launch: report.launchTcb,
  };
  return tcbs[kind];
}

/** Components in which `tcb` is below the floor. A component that the platform lacks is below any floor. */
function below(tcb: Tcb, floor: TcbFloor): readonly TcbComponent[] {
  return COMPONENTS.filter((name) => {
    const least = floor[name];
    return least !== undefined && (tcb[name] ?? -1) < least;
  });
}

function judgeOrder(report: SnpReport): Judgement<SnpCode> {
  const broken = ORDER.flatMap(([lower, upper]) => {
    const limit = tcbOf(report, upper);
    const over = COMPONENTS.filter((name) =>
      (tcbOf(report, lower)[name] ?? 0) > (limit[name] ?? 0)
    );
    return over.map((name) => `${lower} ${name} exceeds ${upper}`);
  });
  return {
    id: "snp.tcb-order",
    title: "TCB versions agree",
    link: "platform",
    holds: broken.length === 0,
    expected: "reported ≤ committed ≤ current, launch ≤ current",
    actual: broken.length === 0 ? formatTcb(report.reportedTcb) : broken.join("; "),
    code: "snp.tcb_order",
    source: "AMD 56860 §2.2",
  };
}

function judgeProvisional(report: SnpReport, policy: SnpPolicy): Judgement<SnpCode> {
  const running = `${formatVersion(report.currentVersion)}, ${formatTcb(report.currentTcb)}`;
  const committed = `${formatVersion(report.committedVersion)}, ${formatTcb(report.committedTcb)}`;
  const same = formatVersion(report.currentVersion) === formatVersion(report.committedVersion) &&
    report.currentTcb.raw === report.committedTcb.raw;
  const forbid = policy.provisionalFirmware === "forbid";
  return {
    id: "snp.provisional-firmware",
    title: "Firmware committed",
    link: "platform",
    holds: !forbid && !same ? null : same,
    required: forbid,
    expected: forbid ? committed : null,
    actual: running,
    code: "snp.firmware_provisional",
  };
}

function judgeFloors(
  proven: Verified<SnpEvidence>,
  policy: SnpPolicy,
): readonly Judgement<SnpCode>[] {
  const { minimumTcb } = policy;
  const base = { id: "snp.minimum-tcb", title: "Minimum TCB", link: "platform" } as const;
  const reported = formatTcb(proven.report.reportedTcb);
  if (minimumTcb === null) {
    return [{
      ...base,
      holds: null,
      required: false,
      expected: null,
      actual: reported,
      code: null,
    }];
  }
  const product = SNP_PRODUCT_NAMES.find((name) => name === proven.chain.line.toLowerCase());
  const floors = product === undefined ? undefined : minimumTcb[product];
  if (floors === undefined) {
    const listed = Object.keys(minimumTcb).join(", ");
    return [{
      ...base,
      holds: false,
      expected: `one of ${listed}`,
      actual: proven.chain.line,
      code: "snp.tcb_floor_missing",
    }];
  }
  return (["reported", "committed", "current", "launch"] as const).flatMap((kind) => {
    const floor = floors[kind];
    return floor === undefined ? [] : [judgeFloor(proven.report, kind, floor)];
  });
}

function judgeFloor(report: SnpReport, kind: TcbKind, floor: TcbFloor): Judgement<SnpCode> {
  const tcb = tcbOf(report, kind);
  const low = below(tcb, floor);
  const wanted = Object.entries(floor).map(([name, least]) => `${name} ${least}`).join(", ");
  return {
    id: `snp.minimum-tcb.${kind}`,
    title: `Minimum TCB, ${kind}`,
    link: "platform",
    holds: low.length === 0,
    expected: `at least ${wanted}`,
    actual: low.length === 0
      ? formatTcb(tcb)
      : low.map((name) => `${name} ${tcb[name] ?? "absent"}`).join(", "),
    code: "snp.tcb_too_low",
  };
}

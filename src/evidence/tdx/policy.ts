/**
 * The `tdx` section of a policy: what an appraisal of TDX evidence demands.
 *
 * @module
 */

import {
  boolean,
  date,
  type Decoder,
  hex,
  integer,
  list,
  object,
  oneOf,
  optional,
  record,
  text,
} from "../../core/decode.ts";
import {
  admits,
  byName,
  type Direction,
  fixes,
  floors,
  ladder,
  pins,
  refuses,
} from "../../core/direction.ts";
import type { TcbStatus } from "./report.ts";

/** Statuses that a policy can accept; `Revoked` is none of them. */
export type AcceptableStatus = Exclude<TcbStatus, "Revoked">;

/** TD attributes that may be demanded beside those with a key of their own. */
export type AttributeBit =
  | "icssd"
  | "lass"
  | "septVeDisable"
  | "pks"
  | "keyLocker"
  | "tpa"
  | "perfmon";

/** Properties of the platform that the PCK certificate states. */
export type PlatformBit = "dynamicPlatform" | "cachedKeys" | "smtEnabled";

/** What an appraisal demands. Null stands for "not pinned". */
export interface TdxPolicy {
  /** Accepted MRTD values, hex of 48 bytes. */
  readonly mrTd: readonly string[] | null;
  /** Accepted RTMR 0 values, hex of 48 bytes. */
  readonly rtmr0: readonly string[] | null;
  /** Accepted RTMR 1 values. */
  readonly rtmr1: readonly string[] | null;
  /** Accepted RTMR 2 values. */
  readonly rtmr2: readonly string[] | null;
  /** Accepted RTMR 3 values. */
  readonly rtmr3: readonly string[] | null;
  /** Accepted MRCONFIGID values, hex of 48 bytes. */
  readonly mrConfigId: readonly string[] | null;
  /** Accepted MROWNER values, hex of 48 bytes. */
  readonly mrOwner: readonly string[] | null;
  /** Accepted MROWNERCONFIG values, hex of 48 bytes. */
  readonly mrOwnerConfig: readonly string[] | null;
  /** Accepted MRSEAM values, hex of 48 bytes. */
  readonly mrSeam: readonly string[] | null;
  /** Accepted MRSERVICETD values, hex of 48 bytes; null: no service TD may be bound. */
  readonly serviceTds: readonly string[] | null;
  /** Accepted TCB statuses. */
  readonly tcbStatuses: readonly AcceptableStatus[];
  /** Days after the date of its level for which `OutOfDate` is accepted. */
  readonly outOfDateGraceDays: number | null;
  /** Oldest accepted TCB date, `YYYY-MM-DD`. */
  readonly minimumTcbDate: string | null;
  /** Advisory ids that alone are accepted. */
  readonly allowAdvisories: readonly string[] | null;
  /** Advisory ids that are refused. */
  readonly denyAdvisories: readonly string[] | null;
  /** Lowest tcbEvaluationDataNumber of the collateral. */
  readonly minimumTcbEvaluationDataNumber: number | null;
  /** TD attribute DEBUG. */
  readonly debug: "forbid" | "allow";
  /** TD attributes HGS_PLUS_PROF, PERF_PROF and PMT_PROF. */
  readonly profiling: "forbid" | "allow";
  /** TD attribute MIGRATABLE. */
  readonly migration: "forbid" | "allow";
  /** Further TD attributes. */
  readonly attributes: Readonly<Partial<Record<AttributeBit, boolean>>>;
  /** Accepted XFAM values, `0x` and 16 digits. */
  readonly xfam: readonly string[] | null;
  /** Bytes after the quote. */
  readonly trailingBytes: "forbid" | "zero" | "any";
  /** Properties of the platform. */
  readonly platformConfiguration: Readonly<Partial<Record<PlatformBit, boolean>>>;
  /** PPIDs, hex of 16 bytes, that alone are accepted. */
  readonly allowPlatforms: readonly string[] | null;
  /** PPIDs, hex of 16 bytes, that are refused. */
  readonly denyPlatforms: readonly string[] | null;
}

/** Most values of one kind; a fleet of 500 machines fits four times. */
const MAX_VALUES = 2048;

/** Statuses from best to worst. */
export const ACCEPTABLE_STATUSES: readonly AcceptableStatus[] = [
  "UpToDate",
  "SWHardeningNeeded",
  "ConfigurationNeeded",
  "ConfigurationAndSWHardeningNeeded",
  "TDRelaunchAdvised",
  "TDRelaunchAdvisedConfigurationNeeded",
  "OutOfDate",
  "OutOfDateConfigurationNeeded",
];

const ATTRIBUTE_BITS: readonly AttributeBit[] = [
  "icssd",
  "lass",
  "septVeDisable",
  "pks",
  "keyLocker",
  "tpa",
  "perfmon",
];
const PLATFORM_BITS: readonly PlatformBit[] = ["dynamicPlatform", "cachedKeys", "smtEnabled"];

const digests: Decoder<readonly string[]> = list(hex(48), MAX_VALUES);
/** Registers that say what runs: zero says that nothing was measured, which pins nothing. */
const measured: Decoder<readonly string[]> = list(notZero(48), MAX_VALUES);
const advisories: Decoder<readonly string[]> = list(
  text("INTEL-SA-[0-9]{5}", "an advisory as INTEL-SA-00837"),
  MAX_VALUES,
);
const platforms: Decoder<readonly string[]> = list(hex(16), MAX_VALUES);
const rule = oneOf("forbid", "allow");

const HARDENING = "software without Intel's hardening may give secrets away";
const CONFIGURATION = "the platform is set up in a way for which known attacks work";
const RELAUNCH =
  "the TD was launched on a module with known holes, and still runs as it was launched";
const OLD = "the platform has known holes that Intel has closed in newer versions";

/** What accepting each status costs. */
const STATUS_COSTS: Readonly<Record<AcceptableStatus, string>> = {
  UpToDate: "nothing",
  SWHardeningNeeded: HARDENING,
  ConfigurationNeeded: CONFIGURATION,
  ConfigurationAndSWHardeningNeeded: `${CONFIGURATION}; ${HARDENING}`,
  TDRelaunchAdvised: RELAUNCH,
  TDRelaunchAdvisedConfigurationNeeded: `${RELAUNCH}; ${CONFIGURATION}`,
  OutOfDate: OLD,
  OutOfDateConfigurationNeeded: `${OLD}; ${CONFIGURATION}`,
};

/** The more days, the weaker. */
const GRACE: Direction<number | null> = {
  costs: (days) => days === null ? null : `for ${days} days after the date of its level ${OLD}`,
  compare: (from, to) => from === to ? "same" : (to ?? 0) > (from ?? 0) ? "weaker" : "stronger",
};

/** Reads the section; defaults are the strict ones of the design §3. */
export const tdxPolicy: Decoder<TdxPolicy> = object<TdxPolicy>({
  mrTd: optional(
    measured,
    null,
    "Accepted initial contents of the TD, hex of 48 bytes each",
    pins(),
  ),
  rtmr0: optional(digests, null, "Accepted RTMR 0: configuration of the firmware", pins()),
  rtmr1: optional(measured, null, "Accepted RTMR 1: kernel", pins()),
  rtmr2: optional(
    measured,
    null,
    "Accepted RTMR 2: command line and what the kernel measured",
    pins(),
  ),
  rtmr3: optional(digests, null, "Accepted RTMR 3: what was measured at run time", pins()),
  mrConfigId: optional(digests, null, "Accepted MRCONFIGID, hex of 48 bytes each", pins()),
  mrOwner: optional(digests, null, "Accepted MROWNER, hex of 48 bytes each", pins()),
  mrOwnerConfig: optional(digests, null, "Accepted MROWNERCONFIG, hex of 48 bytes each", pins()),
  mrSeam: optional(
    digests,
    null,
    "Accepted digests of the TDX module, hex of 48 bytes each",
    pins(),
  ),
  serviceTds: optional(
    digests,
    null,
    "Accepted MRSERVICETD of bound service TDs, hex of 48 bytes each; absent: none may be bound, as some providers do",
    admits<string>(
      [],
      () =>
        "whoever runs the service TD, as for migration, can take the memory of this one elsewhere",
    ),
  ),
  tcbStatuses: optional(
    list(oneOf(...ACCEPTABLE_STATUSES), ACCEPTABLE_STATUSES.length),
    ["UpToDate"],
    "Accepted TCB statuses of platform, module and quoting enclave together",
    admits<AcceptableStatus>(["UpToDate"], (status) => STATUS_COSTS[status]),
  ),
  outOfDateGraceDays: optional(
    integer(1, 3650),
    null,
    "Days for which OutOfDate is accepted, counted from the date of the level that was reached: newer levels are often published long after it",
    GRACE,
  ),
  minimumTcbDate: optional(
    date(),
    null,
    "Oldest accepted TCB date",
    floors((day) => Date.parse(day)),
  ),
  allowAdvisories: optional(advisories, null, "Advisories that alone are accepted", pins()),
  denyAdvisories: optional(advisories, null, "Advisories that are refused", refuses()),
  minimumTcbEvaluationDataNumber: optional(
    integer(1, 0xffff_ffff),
    null,
    "Lowest number of the TCB recovery that the collateral must be of",
    floors((number) => number),
  ),
  debug: optional(
    rule,
    "forbid",
    "Whether the host may debug the TD",
    ladder({ forbid: null, allow: "whoever controls the host can read and change the memory" }),
  ),
  profiling: optional(
    rule,
    "forbid",
    "Whether the host may profile the TD",
    ladder({
      forbid: null,
      allow:
        "whoever controls the host sees counters from inside, which give away what runs and parts of secrets",
    }),
  ),
  migration: optional(
    rule,
    "forbid",
    "Whether the TD may be migrated",
    ladder({ forbid: null, allow: "a migration TD can take the memory to another machine" }),
  ),
  attributes: optional(
    record(ATTRIBUTE_BITS, boolean()),
    {},
    "Further attributes that the TD must have or not have",
    byName(fixes()),
  ),
  xfam: optional(
    list(text("0x[0-9a-f]{16}", "0x and 16 digits in hex"), MAX_VALUES),
    null,
    "Accepted values of XFAM, the extended features",
    pins(),
  ),
  trailingBytes: optional(
    oneOf("forbid", "zero", "any"),
    "zero",
    "Bytes that may follow the quote: none, the zero padding of quoting services, or any",
    ladder({
      forbid: null,
      zero: null,
      any: "whoever carries the quote can hide data behind it, which no signature covers",
    }),
  ),
  platformConfiguration: optional(
    record(PLATFORM_BITS, boolean()),
    {},
    "Properties that the platform must have or not have, by its PCK certificate",
    byName(fixes()),
  ),
  allowPlatforms: optional(
    platforms,
    null,
    "PPIDs of platforms that alone are accepted, hex of 16 bytes each",
    pins(),
  ),
  denyPlatforms: optional(
    platforms,
    null,
    "PPIDs of platforms that are refused, hex of 16 bytes each",
    refuses(),
  ),
});

/** Reads hex of an exact number of bytes that are not all zero. */
function notZero(bytes: number): Decoder<string> {
  const plain = text(
    `(?!0{${2 * bytes}}$)[0-9a-fA-F]{${2 * bytes}}`,
    `${bytes} bytes in hex, not all of them zero (nothing was measured then)`,
  );
  return { schema: plain.schema, decode: (value, path) => plain.decode(value, path).toLowerCase() };
}

/**
 * Platforms of every status: levels of TCB info, of the TDX module and of the
 * quoting enclave, the edges of each SVN, and modules that were updated while
 * the TD ran.
 *
 * @module
 */

import {
  LEVEL_STATUSES,
  type LevelStatus,
  type PlatformTcb,
  type TcbInfo,
  type TcbLevel,
} from "../../../src/lab/mod.ts";
import type { TdxCase } from "./case.ts";
import { labCase, type LabOptions } from "./lab.ts";

/** Statuses that the PCS documents for TDX modules. */
const MODULE_STATUSES: readonly LevelStatus[] = ["UpToDate", "OutOfDate", "Revoked"];

/** All cases. */
export async function levelCases(): Promise<readonly TdxCase[]> {
  const named = [
    ...statusCases(),
    ...boundaryCases(),
    ...orderCases(),
    ...moduleCases(),
    ...relaunchCases(),
  ];
  return await Promise.all(named.map(([name, options]) => labCase(`levels/${name}`, options)));
}

type Named = readonly (readonly [string, LabOptions])[];

/** Every way in which platform, module and quoting enclave meet. */
function statusCases(): Named {
  const ofTdx = LEVEL_STATUSES.flatMap((tcbStatus) =>
    LEVEL_STATUSES.flatMap((moduleStatus) =>
      LEVEL_STATUSES.map((qeStatus) =>
        [
          `status/tdx/${tcbStatus}/${moduleStatus}/${qeStatus}`,
          { tcbStatus, moduleStatus, qeStatus },
        ] as const
      )
    )
  );
  const ofSgx = LEVEL_STATUSES.flatMap((tcbStatus) =>
    LEVEL_STATUSES.map((qeStatus) =>
      [`status/sgx/${tcbStatus}/${qeStatus}`, { version: 3, tcbStatus, qeStatus }] as const
    )
  );
  return [...ofTdx, ...ofSgx];
}

/** The first level demands one more, as much, or one less than the platform has, of one SVN. */
function boundaryCases(): Named {
  const places = [
    ...Array.from({ length: 16 }, (_, i) => ["sgxtcbcomponents", i] as const),
    ...Array.from({ length: 16 }, (_, i) => ["tdxtcbcomponents", i] as const),
    ["pcesvn", 0] as const,
  ];
  // Every component has an SVN, so that there is one less.
  const svns = Array.from({ length: 16 }, (_, i) => i + 3);
  const platform = (version: number): LabOptions => ({
    pck: { components: svns },
    teeTcbSvn: Uint8Array.from(svns, (svn, i) => i === 1 ? version : svn),
  });
  return [0, 1].flatMap((version) =>
    places.flatMap(([half, at]) =>
      [-1, 0, 1].map((step) => {
        const tcbInfo = (info: TcbInfo): TcbInfo => demanding(info, half, at, step);
        const name = `boundary/module-${version}/${half}/${at}/${step}`;
        return [name, { ...platform(version), bends: { tcbInfo } }] as const;
      })
    )
  );
}

function demanding(
  info: TcbInfo,
  half: "sgxtcbcomponents" | "tdxtcbcomponents" | "pcesvn",
  at: number,
  step: number,
): TcbInfo {
  return {
    ...info,
    tcbLevels: info.tcbLevels.map((level, i) =>
      i > 0 ? level : { ...level, tcb: shifted(level.tcb, half, at, step) }
    ),
  };
}

function shifted(
  tcb: PlatformTcb,
  half: "sgxtcbcomponents" | "tdxtcbcomponents" | "pcesvn",
  at: number,
  step: number,
): PlatformTcb {
  if (half === "pcesvn") return { ...tcb, pcesvn: tcb.pcesvn + step };
  const components = (tcb[half] ?? []).map((component, i) =>
    i === at ? { ...component, svn: component.svn + step } : component
  );
  return { ...tcb, [half]: components };
}

/** Levels that do not stand from the newest to the oldest, twice, or not at all. */
function orderCases(): Named {
  const levels = (change: (levels: TcbInfo["tcbLevels"]) => TcbInfo["tcbLevels"]): LabOptions => ({
    tcbStatus: "SWHardeningNeeded",
    bends: { tcbInfo: (info) => ({ ...info, tcbLevels: change(info.tcbLevels) }) },
  });
  return [
    ["order/reversed", levels((all) => all.toReversed())],
    ["order/oldest-first", levels((all) => [...all.slice(-1), ...all.slice(0, -1)])],
    ["order/twice", levels((all) => [...all, ...all])],
    [
      "order/same-svns-other-status",
      levels((all) => {
        const revoked = all.map((level) => ({ ...level, tcbStatus: "Revoked" }));
        return all.flatMap((level, i) => [level, revoked[i] ?? level]);
      }),
    ],
    ["order/one", levels((all) => all.slice(1, 2))],
    ["order/too-new", levels((all) => all.slice(0, 1))],
    ["order/none", levels(() => [])],
    ["order/many", levels((all) => Array.from({ length: 40 }, () => all).flat())],
  ];
}

/** Which module is named how, and what is said of it. */
function moduleCases(): Named {
  const svn = (...start: readonly number[]): Uint8Array =>
    Uint8Array.of(...start, ...new Uint8Array(16 - start.length));
  const modules = (
    teeTcbSvn: Uint8Array,
    change: (info: TcbInfo) => Partial<TcbInfo>,
  ): LabOptions => ({
    teeTcbSvn,
    bends: { tcbInfo: (info) => ({ ...info, ...change(info) }) },
  });
  const identities = (info: TcbInfo): NonNullable<TcbInfo["tdxModuleIdentities"]> =>
    info.tdxModuleIdentities ?? [];
  const [current, old, big] = [svn(6, 1, 3), svn(3, 0, 5), svn(6, 0xab, 3)];
  return [
    ["module/version-0", { teeTcbSvn: old }],
    ["module/version-ab", { teeTcbSvn: big }],
    ["module/version-ff", { teeTcbSvn: svn(6, 0xff, 3) }],
    ["module/svn-0", { teeTcbSvn: svn(0, 1, 3) }],
    ["module/svn-ff", { teeTcbSvn: svn(0xff, 1, 3) }],
    [
      "module/lower-case-id",
      modules(big, (info) => ({
        tdxModuleIdentities: identities(info).map((one) => ({ ...one, id: one.id.toLowerCase() })),
      })),
    ],
    [
      "module/lower-case-digits",
      modules(big, (info) => ({
        tdxModuleIdentities: identities(info).map((one) => ({ ...one, id: "TDX_ab" })),
      })),
    ],
    [
      "module/unknown",
      modules(current, (info) => ({
        tdxModuleIdentities: identities(info).slice(0, 1),
      })),
    ],
    ["module/none", modules(current, () => ({ tdxModuleIdentities: [] }))],
    ["module/none-version-0", modules(old, () => ({ tdxModuleIdentities: [] }))],
    [
      "module/twice",
      modules(current, (info) => ({
        tdxModuleIdentities: [...identities(info), ...identities(info)],
      })),
    ],
    [
      "module/no-levels",
      modules(current, (info) => ({
        tdxModuleIdentities: identities(info).map((one) => ({ ...one, tcbLevels: [] })),
      })),
    ],
    [
      "module/below-all",
      modules(current, (info) => ({
        tdxModuleIdentities: identities(info).map((one) => ({
          ...one,
          tcbLevels: one.tcbLevels.map((level) => ({ ...level, tcb: { isvsvn: 7 } })),
        })),
      })),
    ],
    [
      "module/at-the-edge",
      modules(current, (info) => ({
        tdxModuleIdentities: identities(info).map((one) => ({
          ...one,
          tcbLevels: one.tcbLevels.map((level) => ({ ...level, tcb: { isvsvn: 6 } })),
        })),
      })),
    ],
    [
      "module/svn-above-a-byte",
      modules(current, (info) => ({
        tdxModuleIdentities: identities(info).map((one) => ({
          ...one,
          tcbLevels: one.tcbLevels.map((level, i) =>
            i > 0 ? level : { ...level, tcb: { isvsvn: 256 } }
          ),
        })),
      })),
    ],
    [
      "module/other-signer",
      modules(current, (info) => ({
        tdxModuleIdentities: identities(info).map((one) => ({ ...one, mrsigner: "01".repeat(48) })),
      })),
    ],
    [
      "module/other-signer-of-version-0",
      modules(current, (info) => ({
        tdxModule: {
          mrsigner: "01".repeat(48),
          attributes: "00".repeat(8),
          attributesMask: "FF".repeat(8),
        },
        tdxModuleIdentities: identities(info),
      })),
    ],
    [
      "module/version-0-other-signer",
      modules(old, () => ({
        tdxModule: {
          mrsigner: "01".repeat(48),
          attributes: "00".repeat(8),
          attributesMask: "FF".repeat(8),
        },
      })),
    ],
  ];
}

/** SVNs of the module and of microcode: as the TD was launched, and as the platform runs now. */
const LAUNCHED = Uint8Array.of(4, 1, 2, ...new Uint8Array(13));
const RUNNING = Uint8Array.of(6, 1, 3, ...new Uint8Array(13));

/** Each status of each level that launched and running TCB reach, for quotes of TDX 1.5. */
function relaunchCases(): Named {
  const all = LEVEL_STATUSES.flatMap((launched) =>
    LEVEL_STATUSES.flatMap((running) =>
      MODULE_STATUSES.flatMap((launchedModule) =>
        MODULE_STATUSES.map((runningModule) => ({
          launched,
          running,
          launchedModule,
          runningModule,
        }))
      )
    )
  );
  const plain = all.map((statuses) =>
    [`relaunch/${Object.values(statuses).join("/")}`, relaunch(statuses)] as const
  );
  const withQe = all.filter((_, i) => i % 7 === 0).flatMap((statuses) =>
    (["OutOfDate", "Revoked"] as const).map((qeStatus) =>
      [
        `relaunch-qe/${qeStatus}/${Object.values(statuses).join("/")}`,
        { ...relaunch(statuses), qeStatus },
      ] as const
    )
  );
  return [...plain, ...withQe, ...runningCases()];
}

/** Statuses of what launched and running TCB reach. */
interface RelaunchStatuses {
  readonly launched: LevelStatus;
  readonly running: LevelStatus;
  readonly launchedModule: LevelStatus;
  readonly runningModule: LevelStatus;
}

function relaunch(statuses: RelaunchStatuses): LabOptions {
  return {
    version: 5,
    teeTcbSvn: LAUNCHED,
    teeTcbSvn2: RUNNING,
    bends: { tcbInfo: (info) => twoLevels(info, statuses) },
  };
}

/** TCB info of two levels: one that the running TCB alone reaches, one that both reach. */
function twoLevels(info: TcbInfo, statuses: RelaunchStatuses): TcbInfo {
  const [level] = info.tcbLevels;
  const [, identity] = info.tdxModuleIdentities ?? [];
  if (level === undefined || identity === undefined) throw new Error("there is nothing to bend");
  const older = shifted(level.tcb, "tdxtcbcomponents", 2, -1);
  // What is newer has no advisory that the older has not, as in Intel's own lists.
  const module = (
    isvsvn: number,
    tcbStatus: LevelStatus,
    advisoryIDs: readonly string[],
  ): TcbLevel<{ isvsvn: number }> => ({
    tcb: { isvsvn },
    tcbDate: level.tcbDate,
    tcbStatus,
    advisoryIDs,
  });
  return {
    ...info,
    tdxModuleIdentities: [{
      ...identity,
      tcbLevels: [
        module(6, statuses.runningModule, ["INTEL-SA-09906"]),
        module(4, statuses.launchedModule, ["INTEL-SA-09904", "INTEL-SA-09906"]),
      ],
    }],
    tcbLevels: [
      { ...level, tcbStatus: statuses.running, advisoryIDs: ["INTEL-SA-09911"] },
      {
        ...level,
        tcb: shifted(older, "tdxtcbcomponents", 0, -2),
        tcbStatus: statuses.launched,
        advisoryIDs: ["INTEL-SA-09911", "INTEL-SA-09912"],
      },
    ],
  };
}

/** Running TCBs that TCB info says nothing of, or that are older. */
function runningCases(): Named {
  const statuses: RelaunchStatuses = {
    launched: "OutOfDate",
    running: "UpToDate",
    launchedModule: "OutOfDate",
    runningModule: "UpToDate",
  };
  const running: Readonly<Record<string, readonly number[]>> = {
    "same": [4, 1, 2],
    "module-newer": [6, 1, 2],
    "microcode-newer": [4, 1, 3],
    "module-older": [3, 1, 2],
    "microcode-older": [4, 1, 1],
    "version-0": [6, 0, 3],
    "version-unknown": [6, 9, 3],
    "newest-and-more": [9, 1, 9],
    "zero": [0, 0, 0],
  };
  return (["OutOfDate", "UpToDate"] as const).flatMap((launched) =>
    Object.entries(running).map(([what, start]) => {
      const of = launched === "OutOfDate"
        ? statuses
        : { ...statuses, launched, launchedModule: launched };
      const teeTcbSvn2 = Uint8Array.of(...start, ...new Uint8Array(13));
      const added = { teeTcbSvn2, mrServiceTd: new Uint8Array(48) };
      const options = relaunch(of);
      return [
        `running/${launched}/${what}`,
        { ...options, bends: { ...options.bends, body: { added } } },
      ] as const;
    })
  );
}

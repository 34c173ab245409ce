/**
 * Writes levels of TCB info and QE identity by hand, where the lab's own would not do.
 *
 * @module
 */

import type {
  EnclaveTcb,
  PlatformTcb,
  TcbInfo,
  TcbLevel,
  TdxBends,
  TdxModuleIdentity,
} from "../../src/lab/mod.ts";

/** What a level of a platform demands; a number alone stands for all 16 components. */
export interface Demands {
  /** Status. */
  readonly status: string;
  /** SGX components. */
  readonly sgx?: number | readonly number[];
  /** PCESVN. */
  readonly pceSvn?: number;
  /** TDX components. */
  readonly tdx?: number | readonly number[];
  /** Advisories. */
  readonly advisoryIDs?: readonly string[];
}

/** Date of all levels that are written by hand. */
export const LEVEL_DATE = "2026-01-01T00:00:00Z";

/** 16 components. */
export function sixteen(svns: number | readonly number[]): readonly number[] {
  return Array.from({ length: 16 }, (_, i) => typeof svns === "number" ? svns : svns[i] ?? 0);
}

/** Levels of a platform in the order given; what is not demanded is zero. */
export function platformLevels(
  levels: readonly Demands[],
): (info: TcbInfo) => TcbInfo {
  return (info) => ({ ...info, tcbLevels: levels.map((level) => platformLevel(level, info.id)) });
}

function platformLevel(demands: Demands, id: string): TcbLevel<PlatformTcb> {
  const { status, sgx = 0, pceSvn = 0, tdx = 0, advisoryIDs } = demands;
  const components = (svns: number | readonly number[]) => sixteen(svns).map((svn) => ({ svn }));
  return {
    tcb: {
      sgxtcbcomponents: components(sgx),
      pcesvn: pceSvn,
      ...(id === "TDX" ? { tdxtcbcomponents: components(tdx) } : {}),
    },
    tcbDate: LEVEL_DATE,
    tcbStatus: status,
    ...(advisoryIDs === undefined ? {} : { advisoryIDs }),
  };
}

/** Levels of an enclave or a module in the order given. */
export function enclaveLevels(
  levels: readonly (readonly [isvsvn: number, status: string])[],
): readonly TcbLevel<EnclaveTcb>[] {
  return levels.map(([isvsvn, tcbStatus]) => ({ tcb: { isvsvn }, tcbDate: LEVEL_DATE, tcbStatus }));
}

/** What differs in the identity of a module. */
export interface ModuleDemands {
  /** Id, as `TDX_01`. */
  readonly id: string;
  /** Levels. */
  readonly levels?: readonly (readonly [isvsvn: number, status: string])[];
  /** MRSIGNERSEAM. */
  readonly mrsigner?: string;
  /** SEAMATTRIBUTES. */
  readonly attributes?: string;
  /** Their mask. */
  readonly attributesMask?: string;
}

/** Identities of modules in the order given. */
export function modules(...demands: readonly ModuleDemands[]): (info: TcbInfo) => TcbInfo {
  return (info) => ({ ...info, tdxModuleIdentities: demands.map(moduleIdentity) });
}

function moduleIdentity({ levels = [[0, "UpToDate"]], ...rest }: ModuleDemands): TdxModuleIdentity {
  return {
    mrsigner: "00".repeat(48),
    attributes: "00".repeat(8),
    attributesMask: "FF".repeat(8),
    ...rest,
    tcbLevels: enclaveLevels(levels),
  };
}

/** Several changes to TCB info, one after the other. */
export function tcbInfo(...changes: readonly ((info: TcbInfo) => TcbInfo)[]): TdxBends {
  return { tcbInfo: (info) => changes.reduce((changed, change) => change(changed), info) };
}

/** TEE_TCB_SVN by its first bytes. */
export function svn(...start: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  bytes.set(start);
  return bytes;
}

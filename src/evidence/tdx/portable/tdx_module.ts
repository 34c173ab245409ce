/**
 * Whether a TDX module is one that TCB info describes, and the level that it
 * reaches (PCS, "Get TDX TCB Info").
 *
 * @module
 */

import { equal, toHex } from "../../../core/bytes.ts";
import { type EnclaveTcb, findLevel, leastOf, type Level } from "./level.ts";
import { masked } from "./quoting_enclave.ts";
import { refuseTdx } from "./refuse.ts";
import type { ModuleIdentity, ModuleSigner, TcbInfo } from "./tcb_info.ts";
import type { ParsedTdReport } from "./td_report.ts";

/** Parts of TEE_TCB_SVN that are of the module. */
export interface ModuleSvn {
  /** Byte 0: its SVN. */
  readonly isvSvn: number;
  /** Byte 1: its version. */
  readonly version: number;
}

/** A level that a module of a version with levels of its own reached. */
export interface ReachedModule {
  /** Name of its identity. */
  readonly id: string;
  /** Its SVN. */
  readonly isvSvn: number;
  /** The level. */
  readonly level: Level<EnclaveTcb>;
}

/**
 * Reads the module's parts.
 *
 * @param teeTcbSvn TEE_TCB_SVN, or TEE_TCB_SVN_2.
 */
export function moduleSvnOf(teeTcbSvn: Uint8Array): ModuleSvn {
  const [isvSvn = 0, version = 0] = teeTcbSvn;
  return { isvSvn, version };
}

/**
 * Compares the module that a TD was launched on with TCB info and finds its level.
 *
 * @param info TCB info, of TDX.
 * @param report What the TD report says of the module.
 * @returns Null for version 0, whose SVN is a component of the platform.
 * @throws {RejectedError} `tdx.module_unknown`, `tdx.module_mismatch`, `tdx.module_level_not_found`
 */
export function judgeModule(
  info: TcbInfo,
  report: ParsedTdReport,
): ReachedModule | null {
  const { isvSvn, version } = moduleSvnOf(report.teeTcbSvn);
  const module = nameOf(version);
  if (version === 0) {
    if (info.module === null) throw refuseTdx("tdx.module_unknown", { module });
    checkSigner(module, info.module, report);
    return null;
  }
  const identity = findModule(info, version);
  checkSigner(module, identity, report);
  const level = findLevel(identity.levels, isvSvn);
  if (level !== undefined) return { id: module, isvSvn, level };
  throw refuseTdx("tdx.module_level_not_found", {
    module,
    expected: leastOf(identity.levels),
    actual: `${isvSvn}`,
  });
}

/**
 * The identity of a version.
 *
 * @param info TCB info.
 * @param version The version.
 * @throws {RejectedError} `tdx.module_unknown`
 */
export function findModule({ modules }: TcbInfo, version: number): ModuleIdentity {
  const module = nameOf(version);
  const identity = modules.find(({ id }) => id === module);
  if (identity === undefined) throw refuseTdx("tdx.module_unknown", { module });
  return identity;
}

function nameOf(version: number): string {
  return `TDX_${toHex(Uint8Array.of(version)).toUpperCase()}`;
}

function checkSigner(module: string, expected: ModuleSigner, report: ParsedTdReport): void {
  const mismatch = (field: string, wanted: Uint8Array, actual: Uint8Array): Error =>
    refuseTdx("tdx.module_mismatch", {
      module,
      field,
      expected: toHex(wanted),
      actual: toHex(actual),
    });
  const { mrSigner, attributes, attributesMask } = expected;
  if (!equal(report.mrSignerSeam, mrSigner)) {
    throw mismatch("mrsigner", mrSigner, report.mrSignerSeam);
  }
  const actual = masked(report.seamAttributes, attributesMask);
  if (!equal(actual, attributes)) throw mismatch("attributes", attributes, actual);
}

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
 * Compares the module that a TD was launched on with what TCB info says of its version.
 *
 * @param info TCB info, of TDX.
 * @param report What the TD report says of the module.
 * @throws {RejectedError} `tdx.module_unknown`, `tdx.module_mismatch`
 */
export function checkModule(info: TcbInfo, report: ParsedTdReport): void {
  const [, version = 0] = report.teeTcbSvn;
  const module = nameOf(version);
  const signer = version === 0 ? info.module : findModule(info, version);
  if (signer === null) throw refuseTdx("tdx.module_unknown", { module });
  checkSigner(module, signer, report);
}

/**
 * Finds the level that a module reaches.
 *
 * @param info TCB info, of TDX.
 * @param teeTcbSvn TEE_TCB_SVN, or TEE_TCB_SVN_2: byte 0 is the module's SVN, byte 1 its version.
 * @returns Null for version 0, whose SVN is a component of the platform.
 * @throws {RejectedError} `tdx.module_unknown`, `tdx.module_level_not_found`
 */
export function findModuleLevel(info: TcbInfo, teeTcbSvn: Uint8Array): ReachedModule | null {
  const [isvSvn = 0, version = 0] = teeTcbSvn;
  if (version === 0) return null;
  const { levels } = findModule(info, version);
  const level = findLevel(levels, isvSvn);
  const id = nameOf(version);
  if (level !== undefined) return { id, isvSvn, level };
  throw refuseTdx("tdx.module_level_not_found", {
    module: id,
    expected: leastOf(levels),
    actual: `${isvSvn}`,
  });
}

function findModule({ modules }: TcbInfo, version: number): ModuleIdentity {
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

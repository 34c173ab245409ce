/**
 * The levels of TCB info that a platform reaches (PCS, "Get SGX TCB Info" and
 * "Get TDX TCB Info").
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import type { Pck } from "../report.ts";
import type { Level } from "./level.ts";
import { refuseTdx } from "./refuse.ts";
import type { PlatformTcb, TcbInfo } from "./tcb_info.ts";

/** A level and its place, counted from the newest. */
export interface ReachedPlatform {
  /** The level. */
  readonly level: Level<PlatformTcb>;
  /** Its place. */
  readonly index: number;
}

/**
 * Finds the first level that the SGX half reaches alone.
 *
 * @param info TCB info.
 * @param pck What Intel certifies of the platform: the SGX half.
 * @throws {RejectedError} `tdx.tcb_level_not_found`
 */
export function findSgxLevel(info: TcbInfo, pck: Pck): ReachedPlatform {
  const [found] = reachedBySgx(info, pck);
  if (found !== undefined) return found;
  throw refuseTdx("tdx.tcb_level_not_found", {
    what: "SGX components and PCESVN",
    components: toHex(Uint8Array.from(pck.components)),
    pceSvn: `${pck.pceSvn}`,
  });
}

/**
 * Finds the first level that both halves reach.
 *
 * @param info TCB info, of TDX.
 * @param pck What Intel certifies of the platform: the SGX half.
 * @param teeTcbSvn TEE_TCB_SVN, or TEE_TCB_SVN_2: the TDX half.
 * @throws {RejectedError} `tdx.tcb_level_not_found`
 */
export function findTdxLevel(info: TcbInfo, pck: Pck, teeTcbSvn: Uint8Array): ReachedPlatform {
  const found = reachedBySgx(info, pck).find(({ level }) => reachesTdx(teeTcbSvn, level.tcb));
  if (found !== undefined) return found;
  throw refuseTdx("tdx.tcb_level_not_found", {
    what: "TDX components",
    teeTcbSvn: toHex(teeTcbSvn),
  });
}

function reachedBySgx({ levels }: TcbInfo, pck: Pck): readonly ReachedPlatform[] {
  return levels
    .map((level, index): ReachedPlatform => ({ level, index }))
    .filter(({ level }) => reachesSgx(pck, level.tcb));
}

/** Each of the 16 components, and the PCE's SVN. */
function reachesSgx({ components, pceSvn }: Pck, tcb: PlatformTcb): boolean {
  return tcb.sgx.every((least, i) => (components[i] ?? 0) >= least) && pceSvn >= tcb.pceSvn;
}

/**
 * Each of the 16 components; where the module has a version (component 1), the
 * first two are judged by its own identity and say nothing here.
 */
function reachesTdx(teeTcbSvn: Uint8Array, { tdx }: PlatformTcb): boolean {
  const start = (teeTcbSvn[1] ?? 0) > 0 ? 2 : 0;
  return tdx !== null && tdx.every((least, i) => i < start || (teeTcbSvn[i] ?? 0) >= least);
}

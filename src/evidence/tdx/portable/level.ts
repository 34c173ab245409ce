/**
 * Levels of TCB info and QE identity, the newest first.
 *
 * @module
 */

import {
  list,
  type Members,
  moment,
  number,
  object,
  oneOf,
  type Read,
} from "../../../core/portable/json.ts";
import { Malformed } from "../../../core/malformed.ts";
import { momentText } from "../../../core/portable/moment.ts";
import type { ReachedLevel } from "../report.ts";
import { refuseTdx } from "./refuse.ts";
import { LEVEL_STATUSES, type LevelStatus } from "./status.ts";

/** Most levels of one list. Intel's have up to 20. */
const MAX_LEVELS = 64;
/** Most advisories of one level. Intel's have up to 20. */
const MAX_ADVISORIES = 64;
/** Names of advisories are shown and compared with a policy's; Intel's are as `INTEL-SA-00837`. */
const ADVISORY = /^[A-Z0-9-]{1,32}$/;

/** A level. */
export interface Level<Tcb> {
  /** What must be reached. */
  readonly tcb: Tcb;
  /** When it was the newest, seconds since 1970. */
  readonly date: number;
  /** Its status. */
  readonly status: LevelStatus;
  /** Advisories that affect it. */
  readonly advisoryIds: readonly string[];
}

/** What a level of a module or of a quoting enclave demands. */
export interface EnclaveTcb {
  /** Least SVN. */
  readonly isvSvn: number;
}

/**
 * Reads a list of levels.
 *
 * @param readTcb Takes the members that say what must be reached.
 */
export function levels<Tcb>(readTcb: (members: Members) => Tcb): Read<readonly Level<Tcb>[]> {
  const level = object((members): Level<Tcb> => ({
    tcb: members.need("tcb", object(readTcb)),
    date: members.need("tcbDate", moment),
    status: members.need("tcbStatus", oneOf(...LEVEL_STATUSES)),
    advisoryIds: members.may("advisoryIDs", list(advisory, 0, MAX_ADVISORIES)) ?? [],
  }));
  return list(level, 1, MAX_LEVELS);
}

const advisory: Read<string> = (scanner) => {
  const id = scanner.string();
  if (!ADVISORY.test(id)) throw new Malformed("an advisory's name has the wrong form");
  return id;
};

/** Reads levels of a module or of a quoting enclave. */
export const enclaveLevels: Read<readonly Level<EnclaveTcb>[]> = levels((members) => ({
  isvSvn: members.need("isvsvn", number(0xffff)),
}));

/**
 * The first level that an SVN reaches (PCS, "Get TDX TCB Info" and "Get TDX QE Identity").
 *
 * @param all The levels.
 * @param svn The SVN.
 */
export function findLevel(
  all: readonly Level<EnclaveTcb>[],
  svn: number,
): Level<EnclaveTcb> | undefined {
  return all.find(({ tcb }) => svn >= tcb.isvSvn);
}

/**
 * What must be reached at least, for a person.
 *
 * @param all The levels.
 */
export function leastOf(all: readonly Level<EnclaveTcb>[]): string {
  return `at least ${Math.min(...all.map(({ tcb }) => tcb.isvSvn))}`;
}

/**
 * A level as it leaves the engine.
 *
 * @param level The level.
 */
export function reachedOf({ status, date, advisoryIds }: Level<unknown>): ReachedLevel {
  return { status, tcbDate: momentText(date), advisoryIds };
}

/**
 * Refuses a level that Intel has revoked.
 *
 * @param level The level.
 * @param what What reached it.
 * @throws {RejectedError} `tdx.tcb_revoked`
 */
export function checkInForce({ status, date }: Level<unknown>, what: string): void {
  if (status !== "Revoked") return;
  throw refuseTdx("tdx.tcb_revoked", { what, tcbDate: momentText(date) });
}

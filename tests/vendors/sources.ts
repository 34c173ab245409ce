/**
 * The real source of collateral over doubles, with a clock that tests move.
 *
 * @module
 */

import {
  type Collateral,
  createCollateral,
  createStore,
  memoryCache,
} from "../../src/collateral/mod.ts";
import type { Clock, Http } from "../../src/core/ports.ts";
import type { AnyTechnology, FilesByRole } from "../../src/evidence/evidence.ts";
import { NOW } from "../lab_authority.ts";
import { engine, itemsOf } from "./gather.ts";

/** A source, and its time. */
export interface Timed {
  /** The source. */
  readonly collateral: Collateral;
  /** Its time; whoever waits moves it. */
  readonly clock: Clock;
  /** Moves it. */
  pass(hours: number): void;
}

const HOUR = 3600_000;

/** A source with nothing kept, as of {@linkcode NOW}. */
export function sourceOver(http: Http): Timed {
  let time = NOW.getTime();
  const clock: Clock = { now: () => new Date(time) };
  const collateral = createCollateral({
    http,
    store: createStore(memoryCache(clock)),
    clock,
    timer: {
      wait(milliseconds) {
        time += milliseconds;
        return Promise.resolve();
      },
    },
    random: { bytes: (length) => new Uint8Array(length).fill(0x40) },
  });
  return { collateral, clock, pass: (hours) => void (time += hours * HOUR) };
}

/** What was got, and why something of it was not asked for again. */
export interface Completed {
  /** Files of the evidence with what was got. */
  readonly files: FilesByRole;
  /** Reasons; none where all is fresh. */
  readonly stale: readonly string[];
}

/**
 * Gets all that evidence needs from a source.
 *
 * @throws {UnavailableError} where something cannot be had.
 */
export async function completeFrom(
  { collateral, clock }: Timed,
  technology: AnyTechnology,
  evidence: FilesByRole,
  labRoots: readonly Uint8Array[],
): Promise<Completed> {
  const stale = new Set<string>();
  const terms = { engine, now: clock.now(), labRoots };
  let files = evidence;
  const got = new Set<string>();
  // What was got may say what else is needed.
  for (let known = -1; known < got.size;) {
    known = got.size;
    for (const item of await itemsOf(technology, files)) {
      if (got.has(item.key)) continue;
      const { content, key, stale: reason } = await collateral.get(item, terms);
      got.add(key);
      files = { ...files, ...content.files };
      if (reason !== null) stale.add(reason);
    }
  }
  return { files, stale: [...stale] };
}

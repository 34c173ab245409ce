/**
 * When a service may be asked: not before the moment that it named itself
 * (`Retry-After`), and not faster than it is known to bear. Both are
 * remembered in the store, so that many processes ask like one.
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { Clock, Timer } from "../core/ports.ts";
import type { CollateralService } from "../evidence/collateral.ts";
import { type Service, SERVICES } from "./services.ts";
import type { CollateralStore } from "./store.ts";

/** Longest time that a service can keep itself from being asked, ms; a longer one is taken for this, since a mistake of a server or a clock must not silence us for days. */
const LONGEST = 3600_000;

/** Rest after 429 or 503 without `Retry-After`, ms: the pace that AMD KDS bears. */
export const DEFAULT_REST = 10_000;

/** Where requests go. */
export interface Target {
  /** Service. */
  readonly service: CollateralService;
  /** Its address, or the mirror's. */
  readonly base: string;
}

/** The gate before a service. */
export interface Throttle {
  /**
   * Waits until the service may be asked.
   *
   * @param target Where.
   * @param until The moment up to which waiting makes sense.
   * @throws {UnavailableError} `collateral.throttled` where it would take longer.
   */
  admit(target: Target, until: Date): Promise<void>;
  /**
   * Gives a turn back: what did not reach the service was no request to it.
   *
   * @param target Where.
   * @param patience How long to wait for others that take turns, ms.
   */
  giveBack(target: Target, patience: number): Promise<void>;
  /**
   * Remembers that the service asks for rest.
   *
   * @param target Where.
   * @param rest How long, ms.
   */
  rest(target: Target, rest: number): Promise<void>;
}

/** What it is made of. */
interface Parts {
  readonly store: CollateralStore;
  readonly clock: Clock;
  readonly timer: Timer;
}

/**
 * The gate.
 *
 * @param parts Store, clock, waiting.
 */
export function createThrottle({ store, clock, timer }: Parts): Throttle {
  return {
    async admit(target, until) {
      // Others may be told to rest while this one waits for its turn.
      for (let waited = true; waited;) {
        const from = await restsUntil(store, target, clock.now());
        waited = await waitUntil(from, until, target, { clock, timer });
      }
      const turn = await takeTurn(store, target, clock, until);
      await waitUntil(turn, until, target, { clock, timer });
    },
    async giveBack(target, patience) {
      const pace = paceOf(target);
      if (pace === null) return;
      await store.lock(paceNote(target), patience, async () => {
        const at = clock.now();
        const note = await store.note(paceNote(target));
        if (note === null || note.until <= at) return;
        const until = new Date(note.until.getTime() - pace.interval);
        await store.leaveNote(paceNote(target), { at, until, code: "", says: "" });
      });
    },
    async rest(target, rest) {
      const at = clock.now();
      const until = new Date(at.getTime() + Math.min(rest, LONGEST));
      const name = restNote(target);
      const before = await restsUntil(store, target, at);
      if (before >= until) return;
      await store.leaveNote(name, { at, until, code: "collateral.throttled", says: "" });
    },
  };
}

async function restsUntil(store: CollateralStore, target: Target, now: Date): Promise<Date> {
  const note = await store.note(restNote(target));
  return note === null || !isSensible(note.until, now) ? now : note.until;
}

/** What lies further ahead than anything that is written was written by a clock that was wrong. */
function isSensible(moment: Date, now: Date): boolean {
  return moment.getTime() - now.getTime() <= LONGEST;
}

/** Whether it had to wait. */
async function waitUntil(
  from: Date,
  until: Date,
  target: Target,
  { clock, timer }: Pick<Parts, "clock" | "timer">,
): Promise<boolean> {
  const wait = from.getTime() - clock.now().getTime();
  if (wait <= 0) return false;
  if (from > until) throw throttled(target, from);
  await timer.wait(wait);
  return true;
}

/** A mirror has a pace of its own, which is the mirror's business. */
function paceOf(target: Target): Service["pace"] {
  const { base, pace } = SERVICES[target.service];
  return target.base === base ? pace : null;
}

/**
 * Takes the next turn (generic cell rate algorithm): `until` of the note is
 * when all turns that were given would be over at an even pace.
 */
async function takeTurn(
  store: CollateralStore,
  target: Target,
  clock: Clock,
  until: Date,
): Promise<Date> {
  const pace = paceOf(target);
  if (pace === null) return clock.now();
  const patience = Math.max(0, until.getTime() - clock.now().getTime());
  return await store.lock(paceNote(target), patience, async () => {
    const now = clock.now();
    const note = await store.note(paceNote(target));
    const given = note !== null && note.until > now && isSensible(note.until, now)
      ? note.until.getTime()
      : now.getTime();
    const turn = new Date(Math.max(now.getTime(), given - (pace.burst - 1) * pace.interval));
    if (turn > until) throw throttled(target, turn);
    const all = new Date(given + pace.interval);
    await store.leaveNote(paceNote(target), { at: now, until: all, code: "", says: "" });
    return turn;
  });
}

function throttled({ service }: Target, from: Date): UnavailableError {
  const { title } = SERVICES[service];
  const until = from.toISOString();
  return new UnavailableError(`Cannot ask ${title} before ${until}: it allows no more requests`, {
    code: "collateral.throttled",
    fields: { service, until },
    retryable: true,
  });
}

function restNote({ service, base }: Target): string {
  return `rest ${service} ${base}`;
}

function paceNote({ service }: Target): string {
  return `pace ${service}`;
}

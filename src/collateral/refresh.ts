/**
 * Asks for something while nobody else does, and keeps what holds.
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import { ask, type AskParts, type Effort } from "./ask.ts";
import { COLLATERAL_CODES, type CollateralCode } from "./codes.ts";
import { failureOf, isFailure, reasonOf } from "./failures.ts";
import { compareIssues, type Held } from "./judge.ts";
import { type Incoming, keep, readAnswer, readKept, type Wanted } from "./keep.ts";
import { SERVICES } from "./services.ts";
import type { CollateralStore, Note } from "./store.ts";

/** Time for which a service is not asked again for what it does not have, ms. */
const NOT_FOUND_PAUSE = 600_000;
/** Time for which it is not asked again after another failure, as long as there is something to go on with, ms. */
const FAILED_PAUSE = 300_000;
/** Longest wait for who is at the same thing, as long as there is something to go on with, ms: such a process may be stopped. */
const SHORT_WAIT = 10_000;

/** Failures that say nothing of the service, or that the throttle remembers. */
const NOT_REMEMBERED: readonly CollateralCode[] = [
  "collateral.busy",
  "collateral.cache_failed",
  "collateral.throttled",
];

/** What it is made of. */
export interface RefreshParts extends AskParts {
  readonly store: CollateralStore;
  readonly clock: Clock;
  /** Longest time for one thing, ms. */
  readonly deadline: number;
}

/** How it is asked for. */
export interface RefreshOptions {
  /** Whether there is something to go on with. */
  readonly hasOther: boolean;
  /** Whether the caller insists, whatever failed a moment ago. */
  readonly insists: boolean;
  /** Moment at which it must be over, if that comes before its own deadline. */
  readonly until?: Date;
}

/**
 * Asks for something, or takes what another process got in the meantime.
 *
 * @param wanted What.
 * @param options How.
 * @param parts Network, store, clock.
 * @returns What holds now, and whether it was asked for here.
 * @throws {UnavailableError} `collateral.*`
 */
export async function refresh(
  wanted: Wanted,
  options: RefreshOptions,
  parts: RefreshParts,
): Promise<{ readonly held: Held; readonly asked: boolean }> {
  const { store, clock, deadline } = parts;
  const since = clock.now();
  const own = since.getTime() + deadline;
  const until = new Date(Math.min(own, options.until?.getTime() ?? own));
  const left = until.getTime() - since.getTime();
  if (left <= 0) throw late(wanted);
  const name = `get ${wanted.realm} ${wanted.item.key}`;
  const patience = options.hasOther ? Math.min(SHORT_WAIT, left) : left;
  const work = async () => {
    const other = await readKept(wanted, store);
    if (isOfOthers(other, since, clock.now())) return { held: other, asked: false };
    await refuseRemembered(wanted, other, since, options, parts);
    const held = await remembering(
      wanted,
      parts,
      () => fetchAndKeep(wanted, { until, once: options.hasOther }, other, parts),
    );
    return { held, asked: true };
  };
  try {
    return await store.lock(name, patience, work);
  } catch (error) {
    if (!isFailure(error, "collateral.busy")) throw error;
    // Where many want the same, somebody may have got it and the next one be at it.
    const other = await readKept(wanted, store);
    if (isOfOthers(other, since, clock.now())) return { held: other, asked: false };
    throw error;
  }
}

/** Whether somebody else got it in the meantime. */
function isOfOthers(other: Held | null, since: Date, now: Date): other is Held {
  return other !== null && other.entry.confirmed > since && other.entry.confirmed <= now;
}

function late({ item }: Wanted): UnavailableError {
  const reason = "the time for all that the evidence needs is over";
  return failureOf(item, { code: "collateral.timeout", reason });
}

async function fetchAndKeep(
  wanted: Wanted,
  effort: Effort,
  other: Held | null,
  parts: RefreshParts,
): Promise<Held> {
  const { item, context } = wanted;
  const { answer, age } = await ask(item, effort, parts);
  const content = await readAnswer(item, answer, context);
  const base = parts.bases[item.service];
  if (content instanceof Error) {
    const reason = `what ${base} answered is not that: ${content.message}`;
    throw failureOf(item, { code: "collateral.wrong_content", reason, cause: content });
  }
  const now = parts.clock.now();
  const ownWord = other !== null && compareIssues(content, other.content) === 0
    ? other.entry.confirmed
    : null;
  const confirmed = laterOf(new Date(now.getTime() - age), ownWord, now);
  const source: Incoming["source"] = base === SERVICES[item.service].base ? "vendor" : mirror(base);
  const incoming = { answer, content, confirmed, source };
  const kept = await keep(wanted, incoming, parts.store, now);
  if ("entry" in kept) return kept;
  throw failureOf(item, kept);
}

/** A mirror may have asked for the same issue longer ago than somebody here did; a moment to come was written by a clock that was wrong. */
function laterOf(given: Date, own: Date | null, now: Date): Date {
  return own !== null && own > given && own <= now ? own : given;
}

/** The base was read as an address of http or https. */
function mirror(base: string): `http${string}` {
  return `http${base.slice("http".length)}`;
}

/** Leaves a note where it fails, for who waits for the same. */
async function remembering<T>(
  wanted: Wanted,
  { store, clock, bases }: RefreshParts,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    if (NOT_REMEMBERED.some((code) => code === error.code)) throw error;
    const at = clock.now();
    const pause = isFailure(error, "collateral.not_found") ? NOT_FOUND_PAUSE : FAILED_PAUSE;
    const until = new Date(at.getTime() + pause);
    const name = noteName(wanted, bases[wanted.item.service]);
    await store.leaveNote(name, { at, until, code: error.code, says: reasonOf(error) });
    throw error;
  }
}

/** Fails like who failed while this one waited, or a short while ago where that is enough. */
async function refuseRemembered(
  wanted: Wanted,
  other: Held | null,
  since: Date,
  options: RefreshOptions,
  { store, clock, bases }: RefreshParts,
): Promise<void> {
  const note = await store.note(noteName(wanted, bases[wanted.item.service]));
  const now = clock.now();
  if (note === null || note.at > now || (other?.entry.confirmed ?? 0) >= note.at) return;
  const code = codeOf(note);
  const lasts = now < note.until && (options.hasOther || code === "collateral.not_found");
  if (code === null || !(note.at > since || (lasts && !options.insists))) return;
  throw failureOf(wanted.item, { code, reason: note.says });
}

function codeOf({ code }: Note): CollateralCode | null {
  const known = Object.keys(COLLATERAL_CODES).find((name) => name === code);
  // Keys of the table are the codes.
  return known === undefined ? null : known as CollateralCode;
}

function noteName({ item, realm }: Wanted, base: string): string {
  return `failed ${realm} ${base} ${item.key}`;
}

/**
 * What a node tells those who run it. Nothing of it is a secret.
 *
 * @module
 */

import { CasemateError } from "../core/errors.ts";

/** How much somebody must care. */
export type Level = "info" | "warning" | "error";

/** Something that happened. */
export interface NodeEvent {
  /** How much somebody must care. */
  readonly level: Level;
  /** What kind of thing, one word, as `admitted`. */
  readonly event: string;
  /** One sentence. */
  readonly message: string;
  /** What goes with it. */
  readonly fields: Readonly<Record<string, string | number>>;
}

/** Takes what happened. */
export type NodeLog = (event: NodeEvent) => void;

/**
 * An error as an event: code and message, without what caused it, whose text nobody looked through for secrets.
 *
 * @param event What kind of thing, as `refused`.
 * @param level How much somebody must care.
 * @param doing What was being done, as `Cannot join at https://10.0.0.4:9000`.
 * @param error The error.
 */
export function failureEvent(
  event: string,
  level: Level,
  doing: string,
  error: unknown,
): NodeEvent {
  if (error instanceof CasemateError) {
    const { code, fields: { code: inner } } = error;
    const fields = { code, ...(inner === undefined ? {} : { inner }) };
    return { level, event, message: `${doing}: ${error.message}`, fields };
  }
  const kind = error instanceof Error ? `${error.name}: ${error.message}` : "something unknown";
  return { level: "error", event, message: `${doing}: ${kind}`, fields: { code: "bug" } };
}

/**
 * A log that does not repeat itself: who tries again and again fails again and again, and for the same reason at
 * the same address that is told once.
 *
 * @param log Takes the rest.
 */
export function withoutRepeats(log: NodeLog): NodeLog {
  const last = new Map<string, string>();
  return (event) => {
    const { url, code } = event.fields;
    if (url === undefined || code === undefined) {
      if (event.event === "admitted") last.clear();
      return log(event);
    }
    const key = `${event.event} ${url}`;
    if (last.get(key) === `${code}`) return;
    last.set(key, `${code}`);
    log(event);
  };
}

/** The event of a request that was not done. */
const REQUEST_FAILED = "request_failed";

/** How long what was told of one code counts, ms. */
const FLOOD_WINDOW = 60_000;

/** Lines of one code in that time: who is refused by mistake is among them, whoever else asks. */
const FLOOD_LINES = 8;

/** What was told of a code, and what was not. */
interface Flood {
  readonly since: number;
  readonly told: Set<string>;
  untold: number;
}

/**
 * A log that nobody fills by asking: of requests that were not done, some different lines of each code in a minute
 * are told, the rest is counted, and the next line of that code says how many they were. Codes are this program's
 * own, so that there is an end to them; what is refused under one hides nothing that is refused under another.
 *
 * @param log Takes what is told.
 * @param monotonic Milliseconds that only rise.
 */
export function withoutFloods(log: NodeLog, monotonic: () => number): NodeLog {
  const floods = new Map<string, Flood>();
  return (event) => {
    if (event.event !== REQUEST_FAILED) return log(event);
    const code = `${event.fields["code"] ?? ""}`;
    const last = floods.get(code);
    const now = monotonic();
    if (last !== undefined && now - last.since < FLOOD_WINDOW) {
      if (last.told.size >= FLOOD_LINES || last.told.has(event.message)) return void last.untold++;
      last.told.add(event.message);
      return log(event);
    }
    floods.set(code, { since: now, told: new Set([event.message]), untold: 0 });
    log(last === undefined || last.untold === 0 ? event : counted(event, last.untold));
  };
}

function counted(event: NodeEvent, untold: number): NodeEvent {
  const message = `${event.message} (${untold} more of this code were not told)`;
  return { ...event, message, fields: { ...event.fields, untold } };
}

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

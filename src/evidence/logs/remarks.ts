/**
 * What is noticed about a log without a quote, event by event.
 *
 * @module
 */

import type { EventLog, LogEvent } from "./event_log.ts";
import { EVENT, EVENT_TYPES, HASHED_WHOLE, KNOWN_EXCEPTIONS } from "./event_types.ts";
import type { Remark, RemarkKind } from "./remark.ts";
import { isErrorForm, isHandOver } from "./separator_digests.ts";
import { findSeparators, type RegisterSeparators } from "./separators.ts";

/**
 * Makes the remarks.
 *
 * @param log The log.
 */
export function remarkOn(log: EventLog): readonly Remark[] {
  const strong = log.banks.some((bank) => /^sha(?:256|384|512)$/.test(bank));
  const general: readonly Remark[] = strong
    ? []
    : [{ kind: "sha1-only", register: null, event: null }];
  return [
    ...general,
    ...findSeparators(log).flatMap(onSeparators),
    ...log.events.flatMap((event) => kindsOf(event).map((kind) => onEvent(kind, event))),
  ];
}

function onEvent(kind: RemarkKind, { register, number }: LogEvent): Remark {
  return { kind, register, event: number };
}

function onSeparators(
  { register, first, repeated, errors }: RegisterSeparators,
): readonly Remark[] {
  const missing = first === null && errors.length === 0;
  return [
    ...(missing ? [{ kind: "separator-missing", register, event: null } as const] : []),
    ...repeated.map((event) => ({ kind: "separator-repeated", register, event } as const)),
    ...errors.map((event) => ({ kind: "separator-error", register, event } as const)),
  ];
}

function kindsOf(event: LogEvent): readonly RemarkKind[] {
  const { type, register, covered } = event;
  if (register === null) return hasDigest(event) ? ["no-action-digest"] : [];
  if (type === null) return [];
  const handsOver = isHandOver(event);
  const kinds: readonly (readonly [RemarkKind, boolean])[] = [
    ["unknown-type", !EVENT_TYPES.has(type)],
    ["separator-type", handsOver && type !== EVENT.separator],
    ["separator-digest", type === EVENT.separator && !handsOver && !isErrorForm(event)],
    ["data-not-covered", HASHED_WHOLE.includes(type) && covered !== "whole" && !isErrorForm(event)],
    ["variable-not-covered", KNOWN_EXCEPTIONS.includes(type) && covered === null],
  ];
  return kinds.flatMap(([kind, holds]) => holds ? [kind] : []);
}

/** An event that extends nothing has zeros for digests (PFP §10.4.5), or none at all (CEL). */
function hasDigest({ digests }: LogEvent): boolean {
  return Object.values(digests).some((digest) => /[^0]/.test(digest));
}

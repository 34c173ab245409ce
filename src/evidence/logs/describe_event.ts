/**
 * What an event is, in a few words.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import { tellAny, TELLERS } from "./describe_data.ts";
import type { LogEvent } from "./event_log.ts";
import { EVENT, EVENT_TYPES } from "./event_types.ts";
import { isErrorForm, isHandOver } from "./separator_digests.ts";

/** Most characters that are shown of what an event is. */
const MAX_CHARACTERS = 160;

/**
 * What an event is. The words come from data that may not be covered by any
 * digest: {@linkcode LogEvent.covered} says how far they may be believed.
 *
 * @param event The event.
 */
export function describeEvent(event: LogEvent): string {
  const text = describe(event, fromHex(event.data));
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}…`;
}

function describe(event: LogEvent, data: Uint8Array<ArrayBuffer>): string {
  const { type, register } = event;
  if (register !== null && isHandOver(event)) return "the firmware hands over";
  if (type === EVENT.separator && isErrorForm(event)) {
    return `the firmware failed: ${tellAny(data)}`;
  }
  if (type === null) return tellAny(data);
  if (type === EVENT.noAction) return tellNote(data);
  if (data.length === 0) return EVENT_TYPES.get(type)?.says ?? tellAny(data);
  return TELLERS.get(type)?.(data) ?? tellAny(data);
}

/** A note begins with a signature of 16 bytes (PFP §10.4.5). */
function tellNote(data: Uint8Array<ArrayBuffer>): string {
  const signature = tellAny(data.subarray(0, 16));
  return data.length <= 16 ? signature : `${signature}, ${tellAny(data.subarray(16))}`;
}

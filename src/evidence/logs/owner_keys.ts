/**
 * Keys of the machine's owner, which shim accepts beside the firmware's (PCR 14).
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import { PCR } from "./registers.ts";
import { readAscii } from "./text.ts";
import type { BelievedDigests, Origin, TrustedEvents } from "./trusted_events.ts";

/** Longest name that is told, characters: MokListTrusted is the longest of shim. */
const MAX_NAME = 64;

/** A list of the machine's owner. */
export interface OwnerKeysClaim extends Origin {
  /** Digests of its contents. */
  readonly digests: BelievedDigests;
  /** Name that the log states, as `MokList`; signed by nothing. */
  readonly statedName: string | null;
}

/**
 * Reads all that was measured into the register of shim. A TD has none of its own.
 *
 * @param trusted Events that may be believed.
 */
export function readOwnerKeys(trusted: TrustedEvents): readonly OwnerKeysClaim[] {
  const { events, register, shared, handedOver } = trusted.all(PCR.ownerKeys);
  if (shared) return [];
  return events.map((event) => {
    const name = readAscii(fromHex(event.data));
    return {
      digests: trusted.digests(event),
      statedName: name === null || name.length > MAX_NAME ? null : name,
      register,
      events: [event.number],
      by: "shim",
      handedOver,
      complete: true,
    };
  });
}

/**
 * What a boot loader did, in its own words (GRUB measures each command, PCR 8).
 *
 * @module
 */

import { grubText, type MeasuredText } from "./measured_text.ts";
import { PCR } from "./registers.ts";
import type { Origin, TrustedEvents } from "./trusted_events.ts";

/** Most texts that a claim lists; the count is of all. A boot of Ubuntu has some 90. */
export const MAX_LISTED_TEXTS = 256;

/** Longest text that a claim lists whole, characters: that of a menu entry with its body fits. */
export const MAX_TEXT_CHARACTERS = 4096;

/** A text. */
export interface BootLoaderText {
  /** The text. */
  readonly text: string;
  /** Whether it was cut. */
  readonly cut: boolean;
  /** What the log says that it is, as `grub_cmd`; signed by nothing. */
  readonly statedPrefix: string | null;
}

/** Commands of a boot loader. */
export interface BootLoaderClaim extends Origin {
  /** How many there are. */
  readonly count: number;
  /** The first of them, in order. */
  readonly texts: readonly BootLoaderText[];
}

/**
 * Reads the commands.
 *
 * @param trusted Events that may be believed.
 * @returns Null where there are none.
 */
export function readBootLoaderTexts(trusted: TrustedEvents): BootLoaderClaim | null {
  const place = trusted.all(PCR.bootLoader);
  // Without a prefix, text in a shared register could be anybody's.
  const texts = place.events.map(grubText).filter((text) => text !== null)
    .filter(({ statedPrefix }) => !place.shared || statedPrefix !== null);
  if (texts.length === 0) return null;
  const { register, handedOver } = place;
  return {
    count: texts.length,
    texts: texts.slice(0, MAX_LISTED_TEXTS).map(listed),
    register,
    events: texts.map(({ event }) => event.number),
    by: "boot loader",
    handedOver,
    complete: texts.length === place.events.length,
  };
}

function listed({ text, statedPrefix }: MeasuredText): BootLoaderText {
  const cut = text.length > MAX_TEXT_CHARACTERS;
  return { text: cut ? text.slice(0, MAX_TEXT_CHARACTERS) : text, cut, statedPrefix };
}

/**
 * What was booted: digests of applications and drivers (PFP §3.3.4.3, §3.3.4.5).
 *
 * For an image the digest is its Authenticode hash, and the data (device path, place
 * in memory) are covered by nothing: a path is no claim. The type is not covered,
 * either. So each digest counts as an image that no harmless data explain, whatever
 * its type: an image whose event was given another type stays in the list (LOG-01).
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { LogEvent } from "./event_log.ts";
import { typeName } from "./event_types.ts";
import { PCR } from "./registers.ts";
import { readAscii } from "./text.ts";
import type { BelievedDigests, Measurer, Origin, Place, TrustedEvents } from "./trusted_events.ts";

/** Longest text that explains a digest, bytes: longer than any action that firmware logs. */
const MAX_ACTION_BYTES = 256;

/** How UEFI_GPT_DATA begin (UEFI 2.10 §5.3.2); an image begins with MZ or PE. */
const GPT_SIGNATURE = "4546492050415254";

/** Something that ran, or could have. */
export interface ImageClaim extends Origin {
  /** Its Authenticode digest, where it is an image. */
  readonly digests: BelievedDigests;
  /** Type that the log states, which nothing signs. */
  readonly statedType: string;
}

/** Images by when they were measured. */
export interface Images {
  /** What the firmware measured as code of devices, or ran itself, before it handed over. */
  readonly drivers: readonly ImageClaim[];
  /** What was booted, in order; the first is what the firmware chose. */
  readonly applications: readonly ImageClaim[];
}

/**
 * Reads the images.
 *
 * @param trusted Events that may be believed.
 */
export function readImages(trusted: TrustedEvents): Images {
  const drivers = imagesOf(trusted, trusted.before(PCR.drivers), () => "firmware");
  const early = trusted.before(PCR.bootManager);
  const booted = imagesOf(
    trusted,
    trusted.after(PCR.bootManager),
    (index) => index === 0 ? "firmware" : "boot loader",
  );
  // Where registers are shared, the early ones are among the drivers.
  const chosen = early.shared ? [] : imagesOf(trusted, early, () => "firmware");
  return { drivers, applications: [...chosen, ...booted] };
}

function imagesOf(
  trusted: TrustedEvents,
  place: Place,
  by: (index: number) => Measurer,
): readonly ImageClaim[] {
  return place.events.filter((event) => !isExplained(event)).map((event, index) => ({
    digests: trusted.digests(event),
    statedType: typeName(event.type, event.content),
    register: place.register,
    events: [event.number],
    by: by(index),
    handedOver: place.handedOver,
    complete: true,
  }));
}

/** Text and partition tables are no code, and hash to their digest: no image can be behind them. */
function isExplained({ covered, data }: LogEvent): boolean {
  if (covered !== "whole") return false;
  if (data.startsWith(GPT_SIGNATURE)) return true;
  const bytes = fromHex(data);
  return bytes.length <= MAX_ACTION_BYTES && readAscii(bytes) !== null;
}

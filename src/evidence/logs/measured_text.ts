/**
 * Text that boot loaders measure: commands and command lines.
 *
 * GRUB writes a prefix before the text which is not measured (`grub_cmd: ` in newer
 * versions, `grub_cmd ` in those of Red Hat, and the same for `kernel_cmdline`), and
 * mostly a NUL behind it (LOG-06). So nothing tells a command from a command line
 * but the text itself, and the prefix is only shown.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { LogEvent } from "./event_log.ts";
import { readAscii, readUtf16 } from "./text.ts";

/** Prefixes of GRUB. */
const PREFIX = /^(?:grub_cmd:? |kernel_cmdline:? |grub_kernel_cmdline |module_cmdline:? )/;

/** A text and the event that has it. */
export interface MeasuredText {
  /** The text, without prefix and NUL. */
  readonly text: string;
  /** Prefix that the log states, without colon and blank; null where there is none. Measured by nobody. */
  readonly statedPrefix: string | null;
  /** The event. */
  readonly event: LogEvent;
}

/**
 * The text of GRUB in an event.
 *
 * @param event The event.
 * @returns Null where its digest covers no text.
 */
export function grubText(event: LogEvent): MeasuredText | null {
  if (event.covered !== "text" && event.covered !== "whole") return null;
  const data = utf8(fromHex(event.data));
  if (data === null) return null;
  const prefix = event.covered === "text" ? PREFIX.exec(data)?.[0] ?? null : null;
  const statedPrefix = prefix === null ? null : prefix.replace(/:? $/, "");
  return { text: data.slice(prefix?.length ?? 0), statedPrefix, event };
}

/**
 * A whole text in UTF-16, as systemd-boot and systemd-stub measure command lines.
 *
 * @param event The event.
 * @returns Null where its data are something else, or are not covered.
 */
export function wideText(event: LogEvent): MeasuredText | null {
  if (event.covered !== "whole") return null;
  const bytes = fromHex(event.data);
  // ASCII of even length is UTF-16, too, of other writing: what has a NUL at its end, alone, is meant here.
  const ends = bytes.at(-1) === 0 && bytes.at(-2) === 0;
  const text = ends && readAscii(bytes) === null ? readUtf16(bytes) : null;
  return text === null || text === "" ? null : { text, statedPrefix: null, event };
}

/** GRUB does not say which encoding its texts have; what is no UTF-8 is no text here. */
function utf8(bytes: Uint8Array): string | null {
  const body = bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes;
  if (readAscii(body) !== null) return readAscii(body);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return text.includes("\0") ? null : text;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

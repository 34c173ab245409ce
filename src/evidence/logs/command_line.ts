/**
 * The kernel's command line, as a boot loader or systemd-stub measured it.
 *
 * Where there are several, none is chosen: a verifier that takes the first and a
 * kernel that takes the last do not mean the same (LOG-09).
 *
 * @module
 */

import type { LogEvent } from "./event_log.ts";
import { grubText, type MeasuredText, wideText } from "./measured_text.ts";
import { PCR } from "./registers.ts";
import type { Found, Remark, RemarkKind } from "./remark.ts";
import type { Measurer, Origin, Place, TrustedEvents } from "./trusted_events.ts";
import { isNoSection, type UnifiedKernelClaim } from "./unified_kernel.ts";

/** Longest command line, characters: Linux takes 2048 on x86, and no architecture more than this. */
export const MAX_COMMAND_LINE = 65_536;

/** Commands of GRUB that load a kernel. */
const BOOT_COMMAND = /^(?:linux|linux16|linuxefi) +/;

/** Registers that take a command line by itself. */
const TEXTS: readonly number[] = [PCR.bootLoader, PCR.kernelConfiguration];

/** All in which one can stand. */
const PLACES: readonly number[] = [...TEXTS, PCR.unifiedKernel];

/** A kernel's command line. */
export interface CommandLineClaim extends Origin {
  /** The text, as it was measured. */
  readonly text: string;
  /** Names of parameters that stand in it more than once, as `console`: which of them counts is the reader's affair. */
  readonly repeated: readonly string[];
}

interface Candidate {
  readonly text: string;
  readonly events: readonly LogEvent[];
  readonly place: Place;
  readonly by: Measurer;
  readonly complete: boolean;
}

/**
 * Reads the command line.
 *
 * @param trusted Events that may be believed.
 * @param kernel The unified kernel image, where there is one. Text beside a `.cmdline` section
 * stands in its place, or is added to it, and nothing tells which.
 * @returns Null where there is none, or more than one.
 */
export function readCommandLine(
  trusted: TrustedEvents,
  kernel: UnifiedKernelClaim | null,
): Found<CommandLineClaim | null> {
  const grub = grubCandidates(trusted.all(PCR.bootLoader));
  const wide = wideCandidates(trusted);
  const candidates = [...grub.found, ...wide].filter(({ text }) => text.length <= MAX_COMMAND_LINE);
  const [only, another] = candidates;
  if (only === undefined) return { found: null, remarks: grub.remarks };
  const embedded = kernel?.sections.some(({ name }) => name === ".cmdline") ?? false;
  if (another !== undefined || embedded) {
    const ambiguous = remark("command-line-ambiguous", only.place, null);
    return { found: null, remarks: [...grub.remarks, ambiguous] };
  }
  const undecided = grub.remarks.length > 0;
  const complete = only.complete && isElsewhereKnown(trusted, kernel);
  return { found: undecided ? null : claimOf({ ...only, complete }), remarks: grub.remarks };
}

/** A register of which the log does not say all may hold another command line; so may an image's section. */
function isElsewhereKnown(trusted: TrustedEvents, kernel: UnifiedKernelClaim | null): boolean {
  if (!PLACES.every((pcr) => trusted.knows(pcr))) return false;
  const sections = kernel?.complete ?? trusted.all(PCR.unifiedKernel).events.every(isNoSection);
  // In a shared register texts stand beside all else, where they were looked at.
  const texts = TEXTS.map((pcr) => trusted.all(pcr))
    .every(({ shared, events }) => shared || events.every(isText));
  return sections && texts;
}

function isText(event: LogEvent): boolean {
  return grubText(event) !== null || wideText(event) !== null;
}

/**
 * Names of parameters that stand in a command line more than once.
 *
 * @param text The command line.
 */
export function repeatedParameters(text: string): readonly string[] {
  // Blanks inside of double quotes part nothing (Linux, next_arg).
  const words = text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const word of words) {
    const name = (/^"?([^="]*)/.exec(word)?.[1] ?? "").replaceAll("-", "_");
    if (name !== "" && seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return [...repeated];
}

function claimOf({ text, events, place, by, complete }: Candidate): CommandLineClaim {
  const { register, handedOver } = place;
  const numbers = events.map(({ number }) => number);
  return {
    text,
    repeated: repeatedParameters(text),
    register,
    events: numbers,
    by,
    handedOver,
    complete,
  };
}

/**
 * GRUB measures the command that loads a kernel, then the command line that it
 * made of it. One command wants its line, and each line that the log calls one its
 * command; the text decides which is which, since the prefix is measured by nobody.
 */
function grubCandidates(place: Place): Found<readonly Candidate[]> {
  const texts = place.events.map(grubText).filter((text) => text !== null);
  const [command, another] = texts.filter(({ text }) => BOOT_COMMAND.test(text));
  if (another !== undefined) {
    return { found: [], remarks: [remark("command-line-ambiguous", place, null)] };
  }
  const lines = command === undefined ? [] : linesOf(command, texts);
  const stray = texts.filter((text) =>
    text.statedPrefix?.endsWith("kernel_cmdline") === true && !lines.includes(text)
  );
  const complete = texts.length === place.events.length;
  const found = lines.map(({ text, event }) => ({
    text,
    events: command === undefined ? [event] : [command.event, event],
    place,
    by: "boot loader" as const,
    complete,
  }));
  const remarks = stray.map(({ event }) => remark("command-line-unmatched", place, event.number));
  return { found, remarks };
}

/** The lines behind a command that say the same, once GRUB's quotes are taken away. */
function linesOf(command: MeasuredText, texts: readonly MeasuredText[]): readonly MeasuredText[] {
  const wanted = command.text.replace(BOOT_COMMAND, "").trimEnd();
  return texts.filter(({ text, event }) =>
    event.number > command.event.number && unquoted(text).trimEnd() === wanted
  );
}

/** Takes away what GRUB adds to an argument with blanks, quotes or backslashes in it. */
function unquoted(text: string): string {
  return text.replaceAll(/\\(.)|"/gs, (_, kept: string | undefined) => kept ?? "");
}

/** systemd-boot of before 2022 measured into PCR 8, the stub and newer ones into PCR 12. */
function wideCandidates(trusted: TrustedEvents): readonly Candidate[] {
  const loader = trusted.all(PCR.bootLoader);
  const stub = trusted.all(PCR.kernelConfiguration);
  return [
    ...(loader.shared ? [] : wideIn(loader, "boot loader")),
    ...wideIn(stub, "stub"),
  ];
}

function wideIn(place: Place, by: Measurer): readonly Candidate[] {
  const texts = place.events.map(wideText).filter((text) => text !== null);
  const complete = texts.length === place.events.length;
  return texts.map(({ text, event }) => ({ text, events: [event], place, by, complete }));
}

function remark(kind: RemarkKind, { register }: Place, event: number | null): Remark {
  return { kind, register, event };
}

/**
 * Sections of a unified kernel image, as systemd-stub measures them (UAPI UKI specification, "TPM PCR measurements").
 *
 * For each section there are two events: of its name, in ASCII with its NUL, then
 * of its contents. Both have the name in UTF-16 as data, so the first is covered.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import type { LogEvent } from "./event_log.ts";
import { grubText } from "./measured_text.ts";
import { PCR } from "./registers.ts";
import type { Found } from "./remark.ts";
import { readUtf16 } from "./text.ts";
import type { BelievedDigests, Origin, Place, TrustedEvents } from "./trusted_events.ts";

/** Sections that are measured, in the order in which they are. `.pcrsig` is not. */
export const MEASURED_SECTIONS: readonly string[] = [
  ".linux",
  ".osrel",
  ".cmdline",
  ".initrd",
  ".ucode",
  ".splash",
  ".dtb",
  ".uname",
  ".sbat",
  ".pcrpkey",
  ".profile",
  ".dtbauto",
  ".hwids",
  ".efifw",
];

/** A section. */
export interface SectionClaim {
  /** Name, as `.linux`. */
  readonly name: string;
  /** Digests of its contents. */
  readonly digests: BelievedDigests;
  /** Numbers of the events of name and contents. */
  readonly events: readonly number[];
}

/** A unified kernel image. */
export interface UnifiedKernelClaim extends Origin {
  /** Its sections, in order. */
  readonly sections: readonly SectionClaim[];
}

/**
 * Reads the sections: one after the other, none twice, in their order.
 *
 * @param trusted Events that may be believed.
 * @returns Null where there are none, or where they stand otherwise.
 */
export function readUnifiedKernel(trusted: TrustedEvents): Found<UnifiedKernelClaim | null> {
  const place = trusted.all(PCR.unifiedKernel);
  const start = place.events.findIndex((event) => sectionOf(event) !== null);
  if (start === -1) return { found: null, remarks: [] };
  const sections = readSections(trusted, place.events.slice(start));
  if (sections === null) return ambiguous(place);
  const events = sections.flatMap((section) => section.events);
  const { register, handedOver } = place;
  // A section whose name was edited away is behind the others, or before them.
  const behind = place.events.slice(start + events.length);
  const claim: UnifiedKernelClaim = {
    sections,
    register,
    events,
    by: "stub",
    handedOver,
    complete: start === 0 && behind.every(isNoSection),
  };
  return { found: claim, remarks: [] };
}

function ambiguous({ register }: Place): Found<null> {
  return { found: null, remarks: [{ kind: "sections-ambiguous", register, event: null }] };
}

function readSections(
  trusted: TrustedEvents,
  events: readonly LogEvent[],
): readonly SectionClaim[] | null {
  const sections: SectionClaim[] = [];
  let at = 0;
  let last = -1;
  for (;;) {
    const [head, contents] = events.slice(at, at + 2);
    const order = head === undefined ? null : sectionOf(head);
    if (head === undefined || order === null) break;
    if (contents === undefined || contents.data !== head.data || order <= last) return null;
    sections.push({
      name: MEASURED_SECTIONS[order] ?? "",
      digests: trusted.digests(contents),
      events: [head.number, contents.number],
    });
    last = order;
    at += 2;
  }
  // A name behind the others was measured by somebody who wants to be taken for the stub.
  return events.slice(at).some((event) => sectionOf(event) !== null) ? null : sections;
}

/** Place of a section in their order, where an event is that of its name. */
function sectionOf({ covered, data }: LogEvent): number | null {
  const text = covered === "name" ? readUtf16(fromHex(data)) : null;
  const order = text === null ? -1 : MEASURED_SECTIONS.indexOf(text);
  return order === -1 ? null : order;
}

/**
 * Whether it is seen that an event is not the name of a section, which could have
 * been logged in another form so that it is not taken for one.
 *
 * @param event The event.
 */
export function isNoSection(event: LogEvent): boolean {
  const { covered } = event;
  if (covered === "name") return sectionOf(event) === null;
  const text = grubText(event)?.text ?? "";
  return (covered === "whole" || covered === "text") && !MEASURED_SECTIONS.includes(text);
}

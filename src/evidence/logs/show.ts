/**
 * Event logs as a person sees them: events, replayed registers, remarks.
 *
 * Nothing shown here is verified.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import { describeEvent } from "./describe_event.ts";
import type { EventLog, LogEvent, LogFormat } from "./event_log.ts";
import { typeName } from "./event_types.ts";
import { askForLog } from "./operation.ts";
import { looksLikeLog } from "./recognise.ts";
import { registerName } from "./registers.ts";
import { type Remark, REMARKS } from "./remark.ts";
import { remarkOn } from "./remarks.ts";

/** Digits that are shown of a digest; the whole one stands in the log. */
const SHOWN_DIGITS = 12;

/** Banks from which an event's digest is shown, the best known to people first. */
const SHOWN_BANKS: readonly string[] = ["sha256", "sha384", "sha512", "sha1"];

const FORMATS: Readonly<Record<LogFormat, string>> = {
  "tcg-1.2": "TCG, SHA-1 alone",
  "tcg-2": "TCG, crypto-agile",
  "cel-tlv": "CEL in TLV",
  "cel-json": "CEL in JSON",
};

/**
 * Says what a file is, if it is an event log.
 *
 * @param engine Verification engine.
 * @param bytes The file.
 * @throws {RejectedError} when it is one, but damaged.
 */
export async function show(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  if (!looksLikeLog(bytes)) return null;
  return showLog(await askForLog(engine, bytes, "any"));
}

/**
 * Describes a log.
 *
 * @param log The log.
 */
export function showLog(log: EventLog): Shown {
  const vm = log.registers === "rtmr";
  const name = vm ? "Event log of a confidential VM" : "TPM event log";
  const count = `${log.events.length} ${log.events.length === 1 ? "event" : "events"}`;
  const remarks = remarkOn(log);
  return {
    kind: vm ? "cc-event-log" : "tpm-event-log",
    title: `${name}, ${count} (not verified)`,
    usedBy: `casemate evidence verify ${vm ? "gcp-tdx" : "tpm"} --event-log`,
    sections: [
      logSection(log),
      eventsSection(log),
      ...registerSections(log),
      ...(remarks.length === 0 ? [] : [remarksSection(log, remarks)]),
    ],
  };
}

function logSection(log: EventLog): ShownSection {
  const { header, startupLocality, padding } = log;
  const rows: readonly (ShownRow | null)[] = [
    { name: "Format", value: FORMATS[log.format] },
    { name: "Banks", value: log.banks.join(", ") },
    header && { name: "Specification", value: header.specification },
    header && { name: "Platform class", value: tellClass(header.platformClass) },
    header && header.vendorInfo !== "" ? { name: "Vendor info", value: header.vendorInfo } : null,
    startupLocality === null ? null : {
      name: "Startup locality",
      value: String(startupLocality),
      meaning: "PCR 0 begins with it",
    },
    padding === 0 ? null : { name: "Padding", value: `${padding} bytes` },
  ];
  return { title: "Log", rows: rows.filter((row) => row !== null) };
}

function tellClass(platformClass: number): string {
  const name = ["client", "server"][platformClass];
  return name === undefined ? String(platformClass) : `${platformClass} (${name})`;
}

function eventsSection(log: EventLog): ShownSection {
  return {
    title: "Events, and which part of the data hashes to the digest",
    rows: [],
    table: {
      columns: ["#", log.registers.toUpperCase(), "type", "digest", "trusted", "what it is"],
      rows: log.events.map((event) => [
        String(event.number),
        event.register === null ? "–" : String(event.register),
        typeName(event.type, event.content),
        shortDigest(event),
        event.register === null ? "never" : event.covered ?? "no",
        describeEvent(event),
      ]),
    },
  };
}

function shortDigest({ register, digests }: LogEvent): string {
  const bank = SHOWN_BANKS.find((name) => digests[name] !== undefined);
  if (register === null || bank === undefined) return "–";
  return (digests[bank] ?? "").slice(0, SHOWN_DIGITS);
}

function registerSections({ replay, registers }: EventLog): readonly ShownSection[] {
  return Object.entries(replay).map(([bank, values]) => ({
    title: `Registers that these events lead to, ${bank}`,
    rows: Object.entries(values).map(([register, value]) => ({
      name: registerName(registers, Number(register)),
      value,
    })),
  }));
}

function remarksSection({ registers }: EventLog, remarks: readonly Remark[]): ShownSection {
  return {
    title: "Remarks",
    rows: remarks.map(({ kind, register, event }) => ({
      name: event !== null
        ? `Event ${event}`
        : register === null
        ? "Log"
        : registerName(registers, register),
      value: REMARKS[kind],
    })),
  };
}

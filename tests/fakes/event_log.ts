/**
 * A double of event logs: logs as the engine answers them, made from what was
 * measured. What the engine would find out, here the maker of an event says:
 * which part of its data the digests cover.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { concat, fromHex, toHex } from "../../src/core/bytes.ts";
import { type Believed, compareReplay } from "../../src/evidence/logs/compare.ts";
import type {
  Bank,
  Covered,
  EventLog,
  LogEvent,
  Registers,
} from "../../src/evidence/logs/event_log.ts";

/** An event before it has a place in a log. */
export interface FakeEvent {
  /** Register; null for an event that extends nothing. */
  readonly register: number | null;
  /** Type. */
  readonly type: number;
  /** Data. */
  readonly data: Uint8Array;
  /** What was hashed into the register. */
  readonly measured: Uint8Array;
  /** Which part of the data that was. */
  readonly covered: Covered;
}

/** How a log differs from the usual one: a TPM's, with SHA-1 and SHA-256. */
export interface FakeLog {
  readonly registers?: Registers;
  readonly banks?: readonly Bank[];
  readonly startupLocality?: number;
  /** Changes digests of events, by their numbers: what stands in the log, not what was measured. */
  readonly digests?: Readonly<Record<number, Readonly<Partial<Record<Bank, string>>>>>;
}

/** GUIDs as UEFI stores them. */
const GUIDS = {
  global: "61dfe48bca93d211aa0d00e098032b8c",
  imageSecurity: "cbb219d73a3d9645a3bcdad00e67656f",
  shim: "50ab5d6046e00043abb63dd810dd8b23",
} as const;

/** Bytes of ASCII text. */
export const ascii = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Text in UTF-16, little-endian. */
export function utf16(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...text].flatMap((one) => [one.charCodeAt(0), one.charCodeAt(0) >> 8]));
}

/** A number, little-endian. */
export function little(value: number, bytes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** at) % 256);
}

/** Hash, hex. */
export function hashed(bank: Bank, bytes: Uint8Array): string {
  return createHash(bank).update(bytes).digest("hex");
}

/** An event whose data were hashed whole. */
export function whole(register: number, type: number, data: Uint8Array): FakeEvent {
  return { register, type, data, measured: data, covered: "whole" };
}

/** An event of whose data nothing was hashed. */
export function opaque(
  register: number,
  type: number,
  name: string,
  data: Uint8Array = ascii(`data of ${name}`),
): FakeEvent {
  return { register, type, data, measured: ascii(name), covered: null };
}

/** A separator of a register. */
export function separator(register: number): FakeEvent {
  return whole(register, 0x04, new Uint8Array(4));
}

/** An action of the firmware. */
export function action(register: number, text: string): FakeEvent {
  return whole(register, 0x80000007, ascii(text));
}

/** UEFI_VARIABLE_DATA. */
export function variableData(
  vendor: keyof typeof GUIDS,
  name: string,
  value: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const lengths = concat(little(name.length, 8), little(value.length, 8));
  return concat(fromHex(GUIDS[vendor]), lengths, utf16(name), value);
}

/** The variable SecureBoot. */
export function secureBoot(on: boolean, register = 7): FakeEvent {
  const data = variableData("global", "SecureBoot", Uint8Array.of(on ? 1 : 0));
  return whole(register, 0x80000001, data);
}

/** An application, by a name that stands for its contents. */
export function application(register: number, name: string): FakeEvent {
  return opaque(register, 0x80000003, name);
}

/** What GRUB measures: the text; what it logs: prefix, text and NUL. */
export function grub(prefix: string, text: string, register = 8): FakeEvent {
  const data = ascii(`${prefix}${text}\0`);
  return { register, type: 0x0d, data, measured: ascii(text), covered: "text" };
}

/** A command of GRUB that boots a kernel, and the command line it makes of it. */
export function grubBoot(line: string, register = 8): readonly FakeEvent[] {
  return [
    grub("grub_cmd: ", `linux ${line}`, register),
    opaque(register === 8 ? 9 : register, 0x0d, `kernel of ${line}`),
    grub("kernel_cmdline: ", line, register),
  ];
}

/** The two events of systemd-stub for a section. */
export function section(name: string, contents: string, register = 11): readonly FakeEvent[] {
  const data = utf16(`${name}\0`);
  return [
    { register, type: 0x0d, data, measured: ascii(`${name}\0`), covered: "name" },
    { register, type: 0x0d, data, measured: ascii(contents), covered: null },
  ];
}

/** A note, which extends nothing. */
export function note(data: Uint8Array): FakeEvent {
  return { register: null, type: 3, data, measured: data, covered: null };
}

/** Makes a log. */
export function fakeLog(events: readonly FakeEvent[], differs: FakeLog = {}): EventLog {
  const registers = differs.registers ?? "pcr";
  const banks = differs.banks ?? (registers === "pcr" ? ["sha1", "sha256"] : ["sha384"]);
  const logged = events.map((event, number) => logEvent(event, number, banks, differs));
  return {
    format: "tcg-2",
    registers,
    header: { specification: "2.0 errata 0", platformClass: 0, vendorInfo: "" },
    banks,
    startupLocality: differs.startupLocality ?? null,
    events: logged,
    replay: Object.fromEntries(banks.map((bank) => [bank, replay(logged, bank, differs)])),
    padding: 0,
  };
}

function logEvent(
  { register, type, data, measured, covered }: FakeEvent,
  number: number,
  banks: readonly Bank[],
  differs: FakeLog,
): LogEvent {
  const zeros = (bank: Bank): string => "0".repeat(hashed(bank, data).length);
  const digest = (bank: Bank): string => register === null ? zeros(bank) : hashed(bank, measured);
  const digests = Object.fromEntries(banks.map((bank) => [bank, digest(bank)]));
  return {
    number,
    register,
    type,
    content: "pcclient_std",
    digests: { ...digests, ...differs.digests?.[number] },
    data: toHex(data),
    covered,
  };
}

function replay(
  events: readonly LogEvent[],
  bank: Bank,
  { startupLocality = 0 }: FakeLog,
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { register, digests } of events) {
    const digest = digests[bank];
    if (register === null || digest === undefined) continue;
    const zeros = "0".repeat(digest.length - 2);
    const start = register === 0 ? zeros + toHex(little(startupLocality, 1)) : `${zeros}00`;
    values[register] = hashed(bank, fromHex((values[register] ?? start) + digest));
  }
  return values;
}

/** All registers of a log, as if a quote confirmed them. */
export function believeAll(log: EventLog): Believed {
  const quoted = log.banks.flatMap((name) => {
    const bank = (["sha1", "sha256", "sha384", "sha512"] as const).find((one) => one === name);
    if (bank === undefined) return [];
    const values = log.replay[bank] ?? {};
    const zeros = "0".repeat(hashed(bank, new Uint8Array()).length);
    return Array.from({ length: 16 }, (_, register) => {
      return { bank, register, value: values[String(register)] ?? zeros };
    });
  });
  return compareReplay(log, quoted, []).believed;
}

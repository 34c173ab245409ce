/**
 * Event logs in every format, minted and real: read alone, and beside a quote
 * that signs the registers.
 *
 * @module
 */

import fc from "fast-check";
import type { Result } from "../../../mod.ts";
import { concat, equal, fromHex, toHex } from "../../../src/core/bytes.ts";
import { CasemateError } from "../../../src/core/errors.ts";
import { type EventLog, type LogEvent, readEventLog } from "../../../src/evidence/logs/mod.ts";
import { askForLog } from "../../../src/evidence/logs/operation.ts";
import { describeBoot, inTrustDomain, writeCcel, writeOldLog } from "../../../src/lab/mod.ts";
import { digestOf } from "../../bends/log_events.ts";
import { editLog } from "../../bends/log_edits.ts";
import { corpusOf } from "../../corpus.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, bothEngines, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { askTpm, TPM_BASES, tpmBase } from "./tpm_bases.ts";

const STEPS: StepTable<Uint8Array> = { "log": editLog, "bytes": anyByteStep };

const WEIGHTS = { "log": 3, "bytes": 1 } as const;

/** Algorithms by the names that logs have for them. */
const IDS = { sha1: 0x04, sha256: 0x0b, sha384: 0x0c, sha512: 0x0d } as const;

type Bank = keyof typeof IDS;

const BANKS = Object.keys(IDS) as readonly Bank[];

/** What is wrong with the answer to a log; null where nothing is. */
function objectionToLog(log: EventLog): string | null {
  const most = log.registers === "pcr" ? 23 : 3;
  const odd = log.events.find(({ register, number }, i) =>
    number !== i || register !== null && !(register >= 0 && register <= most)
  );
  if (odd !== undefined) return `event ${odd.number} has no place`;
  const uncovered = log.events.find((event) => !isCovered(event));
  if (uncovered !== undefined) return `event ${uncovered.number} does not hash to its digests`;
  const wrong = BANKS.find((bank) => !isReplayed(log, bank));
  return wrong === undefined ? null : `the registers of ${wrong} are others`;
}

/** Whether data of which it is said hash to the digests: all of them, or the part that is said, wherever it lies in them. */
function isCovered({ data, covered, digests }: LogEvent): boolean {
  if (covered === null) return true;
  const bytes = fromHex(data);
  const strong = BANKS.filter((bank) => bank !== "sha1" && digests[bank] !== undefined);
  const banks = strong.length > 0 ? strong : BANKS.filter((bank) => digests[bank] !== undefined);
  const parts = covered === "whole" ? [bytes] : partsOf(bytes, covered);
  return banks.length > 0 &&
    parts.some((part) => banks.every((bank) => toHex(digestOf(IDS[bank], part)) === digests[bank]));
}

/** Parts of which one may be what is meant: ends of a variable, texts without their start, narrow names. */
function partsOf(bytes: Uint8Array, covered: "value" | "text" | "name"): readonly Uint8Array[] {
  if (covered === "name") return [bytes.filter((_, i) => i % 2 === 0)];
  if (covered === "value") {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return [bytes.subarray(32 + 2 * view.getUint32(16, true))];
  }
  // The longest of GRUB's prefixes has 20 letters, and nothing need follow it.
  return Array.from({ length: Math.min(bytes.length, 20) + 1 }, (_, i) => bytes.subarray(i))
    .flatMap((rest) => [rest, rest.at(-1) === 0 ? rest.subarray(0, -1) : rest]);
}

/** Whether the values are those that the digests lead to. */
function isReplayed({ events, replay, startupLocality, banks }: EventLog, bank: Bank): boolean {
  const values: Record<string, Uint8Array> = {};
  for (const { register, digests } of events) {
    const digest = digests[bank];
    if (register === null || digest === undefined) continue;
    const start = fromHex("00".repeat(digest.length / 2));
    if (register === 0) start[start.length - 1] = startupLocality ?? 0;
    const value = values[register] ?? start;
    values[register] = digestOf(IDS[bank], concat(value, fromHex(digest)));
  }
  const said = replay[bank];
  if (said === undefined) return !banks.includes(bank);
  const names = Object.keys(values).sort();
  return names.join() === Object.keys(said).sort().join() &&
    names.every((register) => toHex(values[register] ?? new Uint8Array()) === said[register]);
}

/** A log, and the registers that it is made for. */
type Start = readonly [log: Uint8Array, registers: "pcr" | "rtmr"];

let loaded: Promise<readonly Start[]> | undefined;

/** Minted logs, then real ones, where they are. */
async function starts(): Promise<readonly Start[]> {
  const bases = await Promise.all(TPM_BASES.map((_, i) => tpmBase(i)));
  const boot = await describeBoot({ locality: 4 });
  const real = [...corpusOf(({ input }) => input.files["event_log"] !== undefined).values()]
    .map(({ input }): Start => [
      input.files["event_log"] ?? new Uint8Array(),
      input.tech === "ccel" ? "rtmr" : "pcr",
    ]);
  return [
    ...bases.map(({ minted }): Start => [minted.eventLog, "pcr"]),
    [await writeOldLog(boot), "pcr"],
    [await writeCcel(inTrustDomain(boot)), "rtmr"],
    ...real,
  ];
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** Logs alone. */
export const eventLog: Kind = kindOf<Given & { readonly any: boolean }>({
  id: "event-log",
  says: "event logs in every format",
  given: async () => {
    const all = await (loaded ??= starts());
    return fc.record({
      base: fc.nat(all.length - 1),
      any: fc.boolean(),
      steps: someSteps(STEPS, WEIGHTS),
    });
  },
  async judge({ base, any, steps }) {
    const all = await (loaded ??= starts());
    const [start, registers] = all[base] ?? [new Uint8Array(), "pcr"];
    const log = await takeSteps(STEPS, start, steps);
    return await timed(async () => {
      try {
        // Whoever shows a log does not know what it is of.
        const answer = await askForLog(bothEngines, log, any ? "any" : registers);
        const wrong = objectionToLog(answer);
        if (wrong !== null) throw new Error(`read, though ${wrong}`);
        return "read";
      } catch (error) {
        if (!(error instanceof CasemateError)) throw error;
        assertTyped(error);
        return error.code;
      }
    }, { log });
  },
});

/** What of the quoted bank extends a register, as the quote confirms it. */
function extendsOf({ events }: EventLog): ReadonlyMap<number, string> {
  const lists = new Map<number, string>();
  for (const { register, digests } of events) {
    if (register === null) continue;
    lists.set(register, `${lists.get(register) ?? ""} ${digests["sha256"]}`);
  }
  return lists;
}

/** Claims of the log: what is said is what was, or nothing. */
function objectionToClaims(own: EventLog, other: EventLog, result: Result): string | null {
  const [mine, others] = [extendsOf(own), extendsOf(other)];
  const quoted = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14];
  const register = quoted.find((one) => mine.get(one) !== others.get(one));
  if (register !== undefined) return `PCR ${register} is extended otherwise`;
  const claims: unknown = Object(Object(result.claims)["log"])["claims"];
  const { secureBoot, commandLine } = Object(claims);
  const on = own.events.some(({ data, type }) => type === 0x8000_0001 && isOn(fromHex(data)));
  if (secureBoot !== null && secureBoot.enabled !== on) return "Secure Boot is another";
  const text = commandLine?.text;
  return text === undefined || texts(own).includes(text) ? null : `the command line is ${text}`;
}

const NAME = [..."SecureBoot"].flatMap((letter) => [letter.charCodeAt(0), 0]);

/** Whether it is the variable SecureBoot with the value 1. */
function isOn(data: Uint8Array): boolean {
  const name = data.subarray(32, 32 + NAME.length);
  return equal(name, Uint8Array.from(NAME)) && data.at(-1) === 1;
}

/** What any event of the minted log could be read as. */
function texts({ events }: EventLog): readonly string[] {
  const wide = new TextDecoder("utf-16le");
  return events.map(({ data }) => wide.decode(fromHex(data)).replace(/\0$/, ""));
}

/** Logs beside a quote. */
export const tpmLog: Kind = kindOf<Given>({
  id: "tpm-log",
  says: "event logs beside a quote of the registers",
  given: () =>
    Promise.resolve(fc.record({
      base: fc.nat(TPM_BASES.length - 1),
      steps: someSteps(STEPS, WEIGHTS),
    })),
  async judge({ base: number, steps }) {
    const base = await tpmBase(number);
    const own = base.minted.eventLog;
    const bent = await takeSteps(STEPS, own, steps);
    return await askTpm({
      base,
      files: { eventLog: bent },
      async objection(result) {
        const [mine, other] = [
          await readEventLog(bothEngines, own, "pcr"),
          await readEventLog(bothEngines, bent, "pcr"),
        ];
        return objectionToLog(other) ?? objectionToClaims(mine, other, result);
      },
    });
  },
});

/**
 * Event logs that both verifiers are asked about: real ones and the lab's,
 * right, bent, and beside registers of another boot.
 *
 * @module
 */

import { createTpmAuthority, mintTpm } from "../../../src/lab/mod.ts";
import { toHex } from "../../../src/core/bytes.ts";
import { editBytes } from "../../bends/byte_edits.ts";
import { Dice } from "../../bends/dice.ts";
import { corpusOf } from "../../corpus.ts";
import type { LogQuestion, Values } from "./oracle.ts";

/** A question with its name. */
export interface LogCase extends LogQuestion {
  /** Name. */
  readonly name: string;
}

/** Banks that go-eventlog knows. */
const BANKS: readonly LogQuestion["bank"][] = ["sha1", "sha256", "sha384"];

/** Edits of each log. */
const EDITS = 60;

/** All cases. */
export async function logCases(): Promise<readonly LogCase[]> {
  const right = [...realLogs(), ...await labLogs()];
  return right.flatMap((one, index) => [one, ...otherRegisters(one), ...edited(one, index)]);
}

/** Logs of the corpus with the registers that it says they lead to. */
function realLogs(): readonly LogCase[] {
  const logs = corpusOf(({ input }) => ["tpm-eventlog", "ccel"].includes(input.tech));
  return [...logs.values()].flatMap(({ input, expected }): readonly LogCase[] => {
    const log = input.files["event_log"];
    const kind = input.tech === "ccel" ? "rtmr-log" : "pcr-log";
    return BANKS.flatMap((bank) => {
      const found = registersOf(input.publishedPcrs ?? expected.fields["replay"], bank);
      if (log === undefined || found === null) return [];
      const registers = kind === "pcr-log" ? found : fromZero(found);
      return [{ name: `real/${input.name}/${bank}`, kind, bank, registers, log }];
    });
  });
}

/** Registers of a bank, as the corpus writes them. */
function registersOf(banks: unknown, bank: string): Values | null {
  const values: unknown = Object.entries(Object(banks)).find(([name]) => name === bank)?.[1];
  if (typeof values !== "object" || values === null) return null;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

/** The corpus numbers RTMRs as the log does, from 1. */
function fromZero(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([index, value]) => [String(Number(index) - 1), value]),
  );
}

async function labLogs(): Promise<readonly LogCase[]> {
  const now = new Date("2026-11-21T12:00:00Z");
  const authority = await createTpmAuthority({ now });
  const cases: LogCase[] = [];
  for (const secureBoot of [true, false]) {
    const minted = await mintTpm(authority, { now, boot: { secureBoot } });
    for (const bank of BANKS) {
      const values = minted.registers.get(bank) ?? [];
      const extended = new Set(minted.events.map(({ register }) => register));
      const registers = Object.fromEntries(
        values.map((value, register) => [String(register), toHex(value)] as const)
          .filter(([register]) => extended.has(Number(register))),
      );
      const name = `lab/secure-boot-${secureBoot ? "on" : "off"}/${bank}`;
      cases.push({ name, kind: "pcr-log", bank, registers, log: minted.eventLog });
    }
  }
  return cases;
}

/** The same log beside one register that has another value, each in turn. */
function otherRegisters(one: LogCase): readonly LogCase[] {
  return Object.entries(one.registers).map(([register, value]) => {
    const other = value.startsWith("0") ? `1${value.slice(1)}` : `0${value.slice(1)}`;
    const registers = { ...one.registers, [register]: other };
    return { ...one, name: `${one.name}/other-${register}`, registers };
  });
}

/** The log with bytes that were changed, beside the registers of the right one. */
function edited(one: LogCase, seed: number): readonly LogCase[] {
  const dice = new Dice(seed);
  return Array.from({ length: EDITS }, (_, index) => ({
    ...one,
    name: `${one.name}/edit-${index}`,
    log: editBytes(one.log, dice),
  }));
}

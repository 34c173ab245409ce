/**
 * Asks this project's reader of event logs and another one about the same logs.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Engine } from "../../../src/core/crypto.ts";
import { CasemateError } from "../../../src/core/errors.ts";
import {
  compareReplay,
  type EventLog,
  type LogClaims,
  readClaims,
  readEventLog,
} from "../../../src/evidence/logs/mod.ts";
import type { Ends } from "../deviations.ts";
import type { LogCase } from "./log_cases.ts";
import type { TpmOpinion, TpmOracle } from "./oracle.ts";

/** A log that was read, with what is believed of it. */
interface Read {
  readonly log: EventLog;
  readonly claims: LogClaims;
  readonly remarks: readonly string[];
}

/**
 * Asks both about each case. What both accept must have the same events, and
 * where both read claims, the same claims.
 *
 * @param engine This project's engine.
 * @param oracle The other.
 * @param cases The cases.
 */
export async function judgeLogs(
  engine: Engine,
  oracle: TpmOracle,
  cases: readonly LogCase[],
): Promise<readonly Ends[]> {
  const ends: Ends[] = [];
  for (const one of cases) {
    const theirs = await oracle.ask(one);
    const ours = await readOwn(engine, one);
    if (typeof ours !== "string" && theirs.accepted) sameEvents(one, ours.log, theirs);
    ends.push({
      name: one.name,
      ours: typeof ours === "string" ? ours : `accepted ${saysOwn(ours, theirs)}`,
      theirs: theirs.accepted ? `accepted ${saysTheirs(theirs)}` : theirs.error,
    });
  }
  return ends;
}

/** The log with its claims, or the code of its refusal. */
async function readOwn(engine: Engine, one: LogCase): Promise<Read | string> {
  try {
    const log = await readEventLog(engine, one.log, one.kind === "pcr-log" ? "pcr" : "rtmr");
    const quoted = Object.entries(one.registers).map(([register, value]) => ({
      bank: one.bank,
      register: Number(register),
      value,
    }));
    const { registers, believed } = compareReplay(log, quoted, []);
    if (registers.some(({ state }) => state === "no-bank")) return "logs.bank_missing";
    const agree = registers.every(({ state }) => ["explained", "untouched"].includes(state));
    if (!agree) return "logs.replay_mismatch";
    const { found, remarks } = await readClaims(log, believed);
    return { log, claims: found, remarks: remarks.map(({ kind }) => kind) };
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

/** Register, type, digest and data of every event, and whether the data hash to the digest. */
function sameEvents({ name, kind, bank }: LogCase, log: EventLog, { events }: TpmOpinion): void {
  const first = kind === "pcr-log" ? 0 : 1;
  const ours = log.events.map((event) => ({
    // They number an event that extends nothing, too.
    register: event.register === null ? null : event.register + first,
    type: event.type,
    digest: event.digests[bank],
    data: event.data,
  }));
  const theirs = (events ?? []).map(({ register, type, digest, data }, index) => ({
    register: ours[index]?.register === null ? null : register,
    type,
    digest,
    data,
  }));
  assert.deepEqual(theirs, ours, name);
  if (log.banks.length > 1) return;
  // With one bank, "covered whole" says what they say of that bank.
  const whole = log.events.map(({ covered }) => covered === "whole");
  const verified = (events ?? []).map(({ verified }, index) =>
    log.events[index]?.register === null ? false : verified
  );
  assert.deepEqual(verified, whole, name);
}

/** What both read, as far as the other got. */
function saysOwn({ claims }: Read, theirs: TpmOpinion): string {
  const read = readBy(theirs);
  return says({
    secureBoot: read.secureBoot ? claims.secureBoot?.enabled : undefined,
    applications: read.applications ? claims.applications.length : undefined,
  });
}

function saysTheirs(theirs: TpmOpinion): string {
  const read = readBy(theirs);
  return says({
    secureBoot: read.secureBoot ? theirs.state?.secureBoot : undefined,
    applications: read.applications ? theirs.state?.applications?.length : undefined,
  });
}

/** Parts that the other read: what it failed at is as empty as what is off. */
function readBy({ state, stateError }: TpmOpinion): Readonly<Record<string, boolean>> {
  return {
    secureBoot: state !== null && !/SecureBoot/.test(stateError),
    applications: (state?.applications ?? null) !== null,
  };
}

function says(parts: Readonly<Record<string, unknown>>): string {
  return Object.entries(parts).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`).join(" ");
}

/**
 * Event logs that are bent step by step, and the questions that both engines
 * are asked about them.
 *
 * @module
 */

import type { LabEvent } from "../../src/lab/mod.ts";
import {
  describeBoot,
  inTrustDomain,
  type LabBank,
  startupLocality,
  writeAgileLog,
  writeCcel,
  writeCelJson,
  writeCelTlv,
  writeOldLog,
} from "../../src/lab/mod.ts";
import type { Dice } from "../bends/dice.ts";
import { editLog, editLogBytes } from "../bends/log_edits.ts";
import { corpusOf } from "../corpus.ts";
import type { Asked, Question } from "./tally.ts";

/** A log on its way from right to bent. */
interface State {
  readonly log: Uint8Array;
  /** Registers for which it is made. */
  readonly registers: "PCR" | "RTMR";
  /** What was done to it. */
  readonly steps: readonly string[];
}

const BANKS: readonly (readonly LabBank[])[] = [
  ["sha256"],
  ["sha384"],
  ["sha1", "sha256", "sha384"],
  ["sha512", "sha256"],
  ["sha1"],
];

const booted = await describeBoot({ locality: 3, cmdlineOutside: true });

/** A boot, or what is left of one, so that an edit meets each event more often. */
function someBoot(dice: Dice): readonly LabEvent[] {
  if (dice.once(3)) return booted;
  const from = dice.below(booted.length - 1);
  const part = booted.slice(from, from + 1 + dice.below(6));
  return dice.once(3) ? [startupLocality(dice.pick([0, 3, 4])), ...part] : part;
}

/** Real logs, where they are; none is larger than what the bends of a minute bear. */
const real: readonly State[] = [...corpusOf(({ input }) => input.files["event_log"] !== undefined)]
  .map(([, { input }]) => ({
    log: input.files["event_log"] ?? new Uint8Array(),
    registers: input.tech === "ccel" ? "RTMR" : "PCR",
    steps: ["real"],
  }));

async function freshLog(dice: Dice): Promise<State> {
  if (dice.once(10) && real.length > 0) return dice.pick(real);
  const events = someBoot(dice);
  const banks = dice.pick(BANKS);
  const makers: readonly (() => Promise<Uint8Array>)[] = [
    () => writeAgileLog(events, banks),
    () => writeCelTlv(events, banks),
    () => writeCelJson(events, banks),
    () => writeOldLog(events),
  ];
  const domain = inTrustDomain(events);
  if (dice.once(5) && domain.length > 0) {
    return { log: await writeCcel(domain), registers: "RTMR", steps: ["of a trust domain"] };
  }
  return { log: await dice.pick(makers)(), registers: "PCR", steps: [] };
}

/** Edits as a log mostly; then bytes, of which an edit of a log can no longer make much. */
function bendLog(state: State, dice: Dice): State {
  let { log, steps } = state;
  if (!dice.once(4)) {
    try {
      log = editLog(log, dice);
      steps = [...steps, "log"];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  if (!dice.once(3) && steps.includes("log")) return { ...state, log, steps };
  return { ...state, log: editLogBytes(log, dice), steps: [...steps, "bytes"] };
}

/**
 * A log by its number, bent; asked about as what it is first.
 *
 * @param dice Decide what it is.
 */
export async function bentLog(dice: Dice): Promise<Asked> {
  const { log, registers, steps } = bendLog(await freshLog(dice), dice);
  const question = (word: string): Question => [
    "event_log",
    [new TextEncoder().encode(word), log],
  ];
  const other = registers === "PCR" ? "RTMR" : "PCR";
  return { questions: [question(registers), question(other), question("ANY")], steps };
}

/**
 * Real quotes and event logs, read where they are: each comes out as the corpus
 * says, and what is read out of it is what others read.
 *
 * @module
 */

import assert from "node:assert/strict";
import { codesFor } from "../../scripts/corpus/judge.ts";
import type { Case, Entry } from "../../scripts/corpus/manifest.ts";
import { judgeTpm, tpmJudge } from "../../scripts/corpus/tpm.ts";
import { CasemateError } from "../../src/core/errors.ts";
import { createPortableEngine } from "../../src/core/portable/engine.ts";
import { type EventLog, readEventLog } from "../../src/evidence/logs/mod.ts";
import { tpm } from "../../src/evidence/tpm/mod.ts";
import { corpusOf, overReal } from "../corpus.ts";

const engine = createPortableEngine(await tpm.portable?.() ?? {});
const corpus = corpusOf(({ input }) =>
  tpmJudge.techs.includes(input.tech) && tpmJudge.takes(input.files)
);

/** The code of a refusal; `valid` where there is none. */
async function outcomeOf(input: Case): Promise<string> {
  try {
    await judgeTpm(engine, input);
    return "valid";
  } catch (error) {
    if (error instanceof CasemateError) return error.code;
    throw error;
  }
}

Deno.test({
  ...overReal("the portable engine judges all real quotes and logs as the corpus says"),
  fn: async () => {
    assert.ok(corpus.size >= 14, `${corpus.size} cases`);
    for (const { input, expected } of corpus.values()) {
      const outcome = await outcomeOf(input);
      const codes = codesFor(expected.reason ?? "", tpmJudge.reasons);
      const right = expected.verdict === "valid" ? outcome === "valid" : codes.includes(outcome);
      assert.ok(right, `${input.name}: ${outcome}`);
    }
  },
});

/** What the corpus's own reader counts: the header is an event to it, and registers of a TD have the log's numbers. */
function countsOf(log: EventLog): unknown {
  const { banks, replay, startupLocality, registers } = log;
  const first = registers === "rtmr" ? 1 : 0;
  const numbered = Object.entries(replay).map(([bank, values]) => [
    bank,
    Object.fromEntries(
      Object.entries(values).map(([register, value]) => [Number(register) + first, value]),
    ),
  ]);
  return {
    algs: banks,
    events: log.events.length + (log.header === null ? 0 : 1),
    replay: Object.fromEntries(numbered),
    startup_locality: startupLocality ?? 0,
  };
}

Deno.test({
  ...overReal("real logs are read and replayed as others read and replay them"),
  fn: async () => {
    const logs = [...corpus.values()].filter(({ input, expected }) =>
      input.files["event_log"] !== undefined && expected.verdict === "valid"
    );
    assert.ok(logs.length >= 10, `${logs.length} logs`);
    for (const { input, expected } of logs) await assertRead(input, expected);
  },
});

async function assertRead(input: Case, { fields }: Entry["expected"]): Promise<void> {
  const file = input.files["event_log"] ?? new Uint8Array();
  const log = await readEventLog(engine, file, input.tech === "ccel" ? "rtmr" : "pcr");
  const { algs, events, startup_locality, replay } = fields;
  assert.deepEqual(countsOf(log), { algs, events, startup_locality, replay }, input.name);
  assert.equal(file.length - log.padding, fields["log_end"], input.name);
}

/**
 * Real logs of TPMs and TDs, held against what their sources published of
 * them, against registers that quotes sign, and against tpm2-tools.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Entry } from "../../../../scripts/corpus/manifest.ts";
import { corpusOf, noCorpus, overReal, realEntry } from "../../../../tests/corpus.ts";
import { noTpm2Tools, onBench } from "../../../lab/tpm/tpm2_tools_test.ts";
import type { EventLog } from "../event_log.ts";
import { type Asked, assertRefused, read } from "./build_test.ts";

/** The log of a case. */
interface RealLog {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly asked: Asked;
}

function logOf({ input: { tech, files } }: Entry): RealLog | undefined {
  const ccel = tech === "ccel" ? files["event_log"] : files["ccel"];
  const file = ccel ?? files["event_log"];
  return file && { file, asked: ccel === undefined ? "PCR" : "RTMR" };
}

/** Cases with a log that is right. */
const valid = [...corpusOf((entry) => logOf(entry) !== undefined)]
  .filter(([, { expected }]) => expected.verdict === "valid");

function realLog(name: string): RealLog {
  const log = logOf(realEntry(name));
  if (log === undefined) throw new Error(`${name} has no log`);
  return log;
}

type Plain = Readonly<Record<string, unknown>>;

function plain(value: unknown): Plain {
  assert.ok(typeof value === "object" && value !== null);
  return Object.fromEntries(Object.entries(value));
}

/** Registers as the log numbers them: those of a TD from 1. */
function asLogged({ registers, replay }: EventLog): Plain {
  const first = registers === "rtmr" ? 1 : 0;
  const banks = Object.entries(replay).map(([bank, values]) => {
    const moved = Object.entries(values).map((
      [register, value],
    ) => [Number(register) + first, value]);
    return [bank, Object.fromEntries(moved)];
  });
  return Object.fromEntries(banks);
}

/** Asserts that registers which were published have the values that a log leads to. */
function assertLeadsTo(replayed: unknown, published: unknown, what: string): void {
  const values = Object.entries(plain(replayed));
  assert.ok(values.length > 0, what);
  for (const [register, value] of values) {
    assert.equal(value, plain(published)[register], `${what}: ${register}`);
  }
}

Deno.test({
  ...overReal("eventLog() reads real logs and replays them as the corpus says"),
  fn: () => {
    let replayed = 0;
    for (const [name, entry] of valid) {
      const { file, asked } = realLog(name);
      const log = read(file, asked);
      assert.deepEqual(read(file, "ANY"), log, name);
      const { events, replay, algs, startup_locality, log_end, file_size } = entry.expected.fields;
      if (replay === undefined) continue;
      replayed++;
      assert.deepEqual(asLogged(log), replay, name);
      assert.deepEqual(log.banks, algs, name);
      assert.equal(log.events.length + (log.header === null ? 0 : 1), events, name);
      assert.equal(log.startupLocality ?? 0, startup_locality, name);
      assert.equal(log.padding, Number(file_size) - Number(log_end), name);
    }
    assert.equal(replayed, 10);
  },
});

Deno.test({
  ...overReal("eventLog() leads to registers that were published"),
  fn: () => {
    const published = valid.filter(([, { input }]) => input.publishedPcrs !== null);
    assert.equal(published.length, 5);
    for (const [name, { input }] of published) {
      const { replay } = read(realLog(name).file);
      for (const [bank, values] of Object.entries(plain(input.publishedPcrs))) {
        assertLeadsTo(plain(replay)[bank], values, `${name} ${bank}`);
      }
    }
  },
});

Deno.test({
  ...overReal("eventLog() leads to registers that a quote of a TPM signs"),
  fn: () => {
    const name = "gcp/gce-cos85-tpm-quote-nonce9009";
    const { replay } = read(realLog(name).file);
    const { quotes } = realEntry(name).expected.fields;
    assert.ok(Array.isArray(quotes) && quotes.length === 3);
    for (const quote of quotes) {
      const { bank, pcrs } = plain(quote);
      assertLeadsTo(plain(replay)[String(bank)], pcrs, String(bank));
    }
  },
});

Deno.test({
  ...overReal("eventLog() leads to registers that a quote of a TD signs"),
  fn: () => {
    const name = "gcp/tdx-cos113-ccel";
    const { replay } = read(realLog(name).file, "RTMR");
    const body = plain(plain(realEntry(name).expected.fields["quote"])["td"]);
    const signed = [0, 1, 2, 3].map((register) => [register, body[`rtmr${register}`]]);
    assertLeadsTo(replay.sha384, Object.fromEntries(signed), name);
  },
});

Deno.test({
  ...overReal("eventLog() refuses logs that were cut or edited, or leads elsewhere"),
  fn: () => {
    const refused = (name: string, code: string, event: number) => {
      const { file, asked } = realLog(name);
      assertRefused(file, code, { asked, event });
    };
    refused("tpm-eventlog/neg-truncated", "logs.truncated", 81);
    assert.throws(
      () => read(realLog("tpm-eventlog/neg-data-edited").file),
      /event 2, type 0x80000001/,
    );
    assert.throws(() => read(realLog("gcp/neg-ccel-event-edited").file, "RTMR"), /type 0x80000007/);

    const edited = "tpm-eventlog/neg-digest-edited";
    const { replay } = read(realLog(edited).file);
    const { expected, input } = realEntry(edited);
    assert.deepEqual(replay.sha256, plain(expected.fields["replay"])["sha256"]);
    const published = plain(plain(input.publishedPcrs)["sha256"]);
    assert.notEqual(replay.sha256?.["4"], published["4"]);
    assertLeadsTo({ ...replay.sha256, 4: published["4"] }, published, edited);
  },
});

Deno.test({
  ...overReal("eventLog() covers the data of real events as firmware and boot loaders hash them"),
  fn: () => {
    const covered = (name: string) => {
      const { file, asked } = realLog(name);
      const counts: Record<string, number> = {};
      for (const event of read(file, asked).events) {
        const word = event.covered ?? "nothing";
        counts[word] = (counts[word] ?? 0) + 1;
      }
      return counts;
    };
    assert.deepEqual(covered("tpm-eventlog/rhel8-uefi"), {
      whole: 21,
      value: 4,
      text: 50,
      nothing: 7,
    });
    assert.deepEqual(covered("ccel/grub-trustee"), { whole: 16, value: 3, nothing: 18 });
    assert.deepEqual(covered("tpm-eventlog/debian-10-sha1-only"), {
      whole: 18,
      value: 3,
      nothing: 4,
    });
  },
});

/** Types whose data the corpus was held against their digests, all of them. */
const CHECKED_WHOLE = [0x04, 0x8000_0001, 0x8000_0006, 0x8000_0007, 0x8000_00e0];

Deno.test({
  ...overReal("eventLog() finds the data that are not hashed whole where the corpus finds them"),
  fn: () => {
    const listed = valid.filter(([, { expected }]) => "data_digest_mismatches" in expected.fields);
    assert.equal(listed.length, 10);
    for (const [name, { expected }] of listed) {
      const { file, asked } = realLog(name);
      const { events, header } = read(file, asked);
      const found = events
        .filter(({ type, covered }) => covered !== "whole" && CHECKED_WHOLE.includes(type ?? 0))
        .map(({ number }) => number + (header === null ? 0 : 1));
      const mismatches = expected.fields["data_digest_mismatches"];
      assert.ok(Array.isArray(mismatches));
      assert.deepEqual(found, mismatches.map((mismatch) => plain(mismatch)["event"]), name);
    }
  },
});

/** What tpm2-tools replay a log to, by bank and register. */
async function askTpm2Tools({ file, asked }: RealLog): Promise<Plain> {
  const { padding } = read(file, asked);
  const log = file.slice(0, file.length - padding);
  // Its header extends nothing, but tpm2-tools insist on register 0, where TDVF writes 1.
  if (asked === "RTMR") log[0] = 0;
  const answer = await onBench(async ({ write, run }) => {
    await write("log", log);
    return await run("tpm2_eventlog", "log");
  });
  assert.ok(answer.ok, answer.text);
  return pcrsIn(answer.text);
}

function pcrsIn(yaml: string): Plain {
  const banks: Record<string, Record<string, string>> = {};
  let bank: Record<string, string> = {};
  for (const line of yaml.slice(yaml.indexOf("\npcrs:\n")).split("\n")) {
    const name = /^ {2}(sha\d+):$/.exec(line)?.[1];
    if (name !== undefined) banks[name] = bank = {};
    const [, register, value] = /^ {4}(\d+) *: 0x([0-9a-f]+)$/.exec(line) ?? [];
    if (register !== undefined && value !== undefined) bank[register] = value;
  }
  return banks;
}

Deno.test({
  name: "eventLog() replays real logs as tpm2_eventlog does",
  ignore: noCorpus || noTpm2Tools,
  fn: async () => {
    for (const [name] of valid) {
      const log = realLog(name);
      assert.deepEqual(asLogged(read(log.file, log.asked)), await askTpm2Tools(log), name);
    }
  },
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { editBytes, editText } from "../../../../tests/bends/byte_edits.ts";
import { Dice } from "../../../../tests/bends/dice.ts";
import { concat, toHex } from "../../../core/bytes.ts";
import { InputError, RejectedError } from "../../../core/errors.ts";
import type { EventLog } from "../event_log.ts";
import {
  type Asked,
  big32,
  event,
  hashOf,
  header,
  IDS,
  locality,
  oldEvent,
  read,
  tlv,
  u32,
  utf16,
  utf8,
} from "./build_test.ts";

/** Enough to meet every refusal several times, few enough for every run. */
const RUNS = { numRuns: 400, seed: 0x10c };

const BANKS = ["sha256", "sha384"] as const;
const EVENTS: readonly (readonly [index: number, type: number, data: Uint8Array])[] = [
  [0, 3, locality(3)],
  [1, 0x04, u32(0)],
  [2, 0x0d, utf8("grub_cmd: set a=b\0")],
  [
    3,
    0x8000_0002,
    concat(new Uint8Array(16), u32(2), u32(0), u32(1), u32(0), utf16("ab"), utf8("v")),
  ],
  [4, 0x0d, utf16(".linux\0")],
];

function celTlv(): Uint8Array {
  const records = EVENTS.map(([index, type, data], number) => {
    const digests = BANKS.map((bank) => tlv(IDS[bank], hashOf(bank, data)));
    const fields = [
      tlv(0, big32(0), big32(number)),
      tlv(1, Uint8Array.of(index)),
      tlv(3, ...digests),
    ];
    return concat(...fields, tlv(5, tlv(0, big32(type)), tlv(1, data)));
  });
  return concat(
    ...records,
    concat(tlv(0, big32(0), big32(5)), tlv(1, u32(0)), tlv(3), tlv(4, tlv(2))),
  );
}

function celJson(): Uint8Array {
  const records = EVENTS.map(([pcr, event_type, data], recnum) => ({
    ...{ recnum, pcr },
    digests: BANKS.map((hashAlg) => ({ hashAlg, digest: toHex(hashOf(hashAlg, data)) })),
    content_type: "pcclient_std",
    content: { event_type, event_data: toHex(data) },
  }));
  return utf8(JSON.stringify(records));
}

/** A log of each format. */
const LOGS: readonly Uint8Array[] = [
  concat(header(BANKS), ...EVENTS.map(([index, type, data]) => event(BANKS, index, type, data))),
  concat(
    header(["sha384"], 1),
    ...EVENTS.slice(1).map(([...e]) => event(["sha384"], ...e)),
    u32(0),
  ),
  concat(...EVENTS.map(([index, type, data]) => oldEvent(index, type, data))),
  celTlv(),
  celJson(),
];

function bent(log: Uint8Array, dice: Dice): Uint8Array {
  let file = log;
  for (let edits = 1 + dice.below(3); edits > 0; edits--) {
    file = log[0] === 0x5b && dice.once(2)
      ? utf8(editText(new TextDecoder().decode(file), dice))
      : editBytes(file, dice);
  }
  return file;
}

/** Asserts what holds for every answer. */
function assertSound({ registers, banks, events, replay }: EventLog): void {
  const most = registers === "pcr" ? 23 : 3;
  for (const [number, event] of events.entries()) {
    assert.equal(event.number, number);
    assert.ok(event.register === null || event.register >= 0 && event.register <= most);
    if (event.register === null) assert.equal(event.covered, null);
    else assert.deepEqual(Object.keys(event.digests).sort(), banks.toSorted());
  }
  for (const bank of Object.keys(replay)) assert.ok(banks.includes(bank));
}

/** How a log ends: its code, or `read`. */
function outcomeOf(file: Uint8Array, asked: Asked): string {
  try {
    assertSound(read(new Uint8Array(file), asked));
    return "read";
  } catch (error) {
    // Anything else would be a bug, and goes on.
    if (error instanceof InputError || error instanceof RejectedError) return error.code;
    throw error;
  }
}

Deno.test("eventLog() answers or refuses whatever is done to a log, and ends with nothing else", () => {
  for (const [i, log] of LOGS.entries()) {
    assert.equal(outcomeOf(log, i === 1 ? "RTMR" : "PCR"), "read");
  }
  const met = new Set<string>();
  fc.assert(
    fc.property(
      fc.nat(),
      fc.constantFrom(...LOGS),
      fc.constantFrom("PCR", "RTMR", "ANY"),
      (seed, log, asked) => {
        met.add(outcomeOf(bent(log, new Dice(seed)), asked));
      },
    ),
    RUNS,
  );
  const codes = ["format", "truncated", "digests", "syntax", "register", "data_mismatch", "header"];
  for (const code of codes) assert.ok(met.has(`logs.${code}`), `${code} of ${[...met].join()}`);
  assert.ok(met.has("read"));
});

Deno.test("eventLog() answers or refuses any bytes at all", () => {
  const starts = [utf8("["), utf8("{"), tlv(0, u32(0), u32(0)), header(BANKS), new Uint8Array()];
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
      outcomeOf(concat(start, rest), "ANY");
    }),
    RUNS,
  );
});

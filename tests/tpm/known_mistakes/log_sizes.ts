/**
 * Counts and sizes that a log states.
 *
 * @module
 */

import assert from "node:assert/strict";
import { concat } from "../../../src/core/bytes.ts";
import { EVENT_TYPES, type LabEvent, wholeEvent } from "../../../src/lab/mod.ts";
import { littleEndian } from "../../../src/lab/fields.ts";
import { bigEndian } from "../../../src/lab/tpm/wire.ts";
import { utf16 } from "../../../src/lab/tpm/uefi.ts";
import { overwritten } from "../../bends/bytes.ts";
import { asFile, ask, assertCode, assertGood, codeOf, logOf, mint, straight } from "./attack.ts";

/** Places in a log of firmware in three banks: header event, then the first event. */
const AT = {
  headerSize: 28,
  algorithms: 56,
  firstSize: 62,
  vendorSize: 72,
  digests: 81,
  dataSize: 191,
} as const;

/** What is written as large as its field allows, and as large as a signed number does. */
const HUGE = [0xffff_ffff, 0x7fff_ffff, 0x8000_0000, 0x1000_0000] as const;

async function asked(eventLog: Uint8Array, code: string, what: string): Promise<void> {
  assertCode(await ask(straight, { files: { eventLog } }), code, what);
}

Deno.test("LOG-05 counts and sizes of a log of firmware are compared with what is there, before anything is made of them", async () => {
  const { eventLog } = straight;
  const write = (at: number, value: number, size = 4): Uint8Array =>
    overwritten(eventLog, at, littleEndian(value, size));
  // The places are right.
  assert.deepEqual([AT.algorithms, AT.digests].map((at) => eventLog[at]), [3, 3]);
  assert.deepEqual([AT.headerSize, AT.firstSize].map((at) => eventLog[at]), [41, 20]);
  for (const value of HUGE) {
    await asked(write(AT.headerSize, value), "logs.format", `header of ${value} bytes`);
    await asked(write(AT.algorithms, value), "logs.limit", `${value} algorithms`);
    await asked(write(AT.digests, value), "logs.digests", `${value} digests`);
    await asked(write(AT.dataSize, value), "logs.truncated", `data of ${value} bytes`);
  }
  await asked(write(AT.algorithms, 0), "logs.header", "no algorithm");
  await asked(write(AT.algorithms, 8), "logs.header", "algorithms that do not stand there");
  await asked(write(AT.algorithms, 9), "logs.limit", "9 algorithms");
  await asked(write(AT.firstSize, 0xffff, 2), "logs.header", "digests of 65535 bytes");
  await asked(write(AT.firstSize, 0, 2), "logs.header", "digests of no bytes");
  await asked(write(AT.vendorSize, 255, 1), "logs.header", "255 bytes of the vendor");
  await asked(write(AT.digests, 0), "logs.digests", "no digests");
});

Deno.test("LOG-05 lengths of a CEL are those of what is there", async () => {
  const { eventLog } = await mint({ log: "cel-tlv" });
  // Record number 0 of 8 bytes, register of 1, digests, the first of them.
  const at = { number: 1, register: 14, digests: 20, digest: 25 };
  assert.deepEqual([eventLog[4], eventLog[17], eventLog[28]], [8, 1, 20]);
  for (const value of HUGE) {
    for (const name of ["register", "digests", "digest"] as const) {
      const log = overwritten(eventLog, at[name], bigEndian(value, 4));
      await asked(log, "logs.truncated", `${name} of ${value} bytes`);
    }
    const log = overwritten(eventLog, at.number, bigEndian(value, 4));
    assert.match(await codeOf(ask(straight, { files: { eventLog: log } })), /^logs\./);
  }
});

Deno.test("LOG-05 numbers of a CEL in JSON have the sizes of their fields, and nesting has no depth", async () => {
  const { eventLog } = await mint({ log: "cel-json" });
  const text = new TextDecoder().decode(eventLog);
  const written = (from: string, to: string): Uint8Array => {
    assert.ok(text.includes(from), from);
    return asFile(text.replace(from, to));
  };
  for (const number of ["4294967296", "1e9", "-1", "0.5", "1".repeat(400)]) {
    await asked(written('"pcr":0', `"pcr":${number}`), "logs.syntax", `pcr ${number}`);
    await asked(written('"event_type":8', `"event_type":${number}`), "logs.syntax", number);
  }
  await asked(written('"recnum":0', '"recnum":9007199254740992'), "logs.syntax", "recnum");
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  for (const nested of [deep, `{"recnum":${deep}}`, `[{"content":${'{"a":'.repeat(100_000)}`]) {
    const code = await codeOf(ask(straight, { files: { eventLog: asFile(nested) } }));
    assert.match(code, /^logs\.(?:syntax|limit|format)$/, nested.slice(0, 20));
  }
});

Deno.test("LOG-05 a log has so many events and bytes as a genuine one may have", async () => {
  const { eventLog } = straight;
  const last = eventLog.subarray(eventLog.length - 40 - 4 - 106 - 12);
  assert.equal(last[0], 5, "the last event extends PCR 5");
  const missing = 4096 - straight.events.length;
  const many = (count: number): Uint8Array =>
    concat(eventLog, ...Array.from({ length: count }, () => last));
  // All of them are read: only the registers are not those that were quoted.
  await asked(many(missing), "logs.replay_mismatch", "4096 events");
  await asked(many(missing + 1), "logs.limit", "4097 events");
  const padded = (bytes: number): Uint8Array =>
    concat(eventLog, new Uint8Array(bytes - eventLog.length));
  assertGood(await ask(straight, { files: { eventLog: padded(1 << 20) } }), "1 MiB");
  const code = await codeOf(ask(straight, { files: { eventLog: padded((1 << 20) + 1) } }));
  assert.equal(code, "input.too_large");
});

const GLOBAL = "61dfe48bca93d211aa0d00e098032b8c";
const SECURITY = "cbb219d73a3d9645a3bcdad00e67656f";
const hexBytes = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));

/** UEFI_VARIABLE_DATA that states these lengths. */
const variable = (
  guid: string,
  name: string,
  data: Uint8Array,
  lengths: readonly [bigint, bigint],
) =>
  concat(
    hexBytes(guid),
    ...lengths.map((length) => littleEndian(length, 8)),
    utf16(name),
    data,
  );

/** EFI_SIGNATURE_LIST of digests that states these sizes. */
const list = (size: number, header: number, each: number): Uint8Array =>
  concat(
    hexBytes("2616c4c14c509240aca941f936934328"),
    ...[size, header, each].map((number) => littleEndian(number, 4)),
    new Uint8Array(48),
  );

Deno.test("LOG-05 firmware that measures lengths that do not fit is not read, and harms nothing", async () => {
  const one = Uint8Array.of(1);
  const most = 2n ** 64n - 1n;
  const states: readonly Uint8Array[] = [
    variable(GLOBAL, "SecureBoot", one, [most, 1n]),
    variable(GLOBAL, "SecureBoot", one, [10n, most]),
    variable(GLOBAL, "SecureBoot", one, [2n ** 63n + 10n, 1n]),
    variable(GLOBAL, "SecureBoot", one, [10n, 2n ** 32n + 1n]),
    variable(GLOBAL, "SecureBoot", one, [0n, 0n]),
    concat(),
  ];
  for (const data of states) {
    const minted = await mint({ bends: { events: (events) => replaced(events, 0, data) } });
    assertCode(await ask(minted), "tpm.secure_boot_unknown", `${data.length} bytes`);
  }
  const sizes = [[0, 0, 48], [0xffff_ffff, 0, 48], [76, 0xffff_ffff, 48], [76, 0, 0], [28, 0, 0], [
    76,
    0,
    0xffff_ffff,
  ], [75, 0, 47]];
  for (const [size = 0, header = 0, each = 0] of sizes) {
    const value = list(size, header, each);
    const data = variable(SECURITY, "dbx", value, [3n, BigInt(value.length)]);
    const minted = await mint({ bends: { events: (events) => replaced(events, 4, data) } });
    const result = await ask(minted);
    assertGood(result, "the state stands elsewhere");
    const { signatureDatabases } = logOf(result).claims;
    assert.ok(signatureDatabases.every(({ name }) => name !== "dbx"), `${size} ${header} ${each}`);
  }
});

/** A boot with other data in one of the events of PCR 7. */
function replaced(
  events: readonly LabEvent[],
  which: number,
  data: Uint8Array,
): readonly LabEvent[] {
  const at = events.findIndex(({ register }) => register === 7) + which;
  return events.with(at, wholeEvent(7, EVENT_TYPES.efiVariableDriverConfig, data));
}

import assert from "node:assert/strict";
import { concat, fromHex, toHex } from "../../core/bytes.ts";
import { describeBoot } from "./boot.ts";
import { EVENT_TYPES, type LabEvent, wholeEvent } from "./event.ts";
import { writeCelJson, writeCelTlv } from "./log_cel.ts";

const EVENT = wholeEvent(11, EVENT_TYPES.ipl, Uint8Array.of(0x61, 0x62));

Deno.test("writeCelTlv() writes records field by field", async () => {
  const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", concat(EVENT.data))));
  const record = [
    "00 00000008 0000000000000000",
    "01 00000001 0b",
    `03 00000025 0b 00000020 ${digest}`,
    "05 00000010 00 00000004 0000000d 01 00000002 6162",
  ];
  const expected = fromHex(record.join("").replaceAll(" ", ""));
  assert.equal(toHex(await writeCelTlv([EVENT], ["sha256"])), toHex(expected));
  const twice = await writeCelTlv([EVENT, EVENT], ["sha256"]);
  const second = concat(expected);
  second[12] = 1;
  assert.equal(toHex(twice), toHex(concat(expected, second)));
});

Deno.test("writeCelJson() writes an array of numbered records with a digest of each bank", async () => {
  const events: readonly LabEvent[] = await describeBoot();
  const text = new TextDecoder().decode(await writeCelJson(events, ["sha1", "sha256"]));
  const records: readonly Record<string, unknown>[] = JSON.parse(text);
  assert.equal(records.length, events.length);
  for (const [i, record] of records.entries()) {
    const event = events[i] ?? assert.fail();
    const { recnum, pcr, content_type: kind, digests, content } = record;
    assert.deepEqual([recnum, pcr, kind], [i, event.register, "pcclient_std"]);
    const banks = Object(digests).map(({ hashAlg }: { readonly hashAlg: string }) => hashAlg);
    assert.deepEqual(banks, ["sha1", "sha256"]);
    const { event_type: type, event_data: data } = Object(content);
    assert.equal(type, event.type);
    assert.equal(data, toHex(event.data));
  }
});

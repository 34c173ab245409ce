/**
 * What stands behind, twice, or unasked for.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Result } from "../../../mod.ts";
import { concat } from "../../../src/core/bytes.ts";
import { describeLogHeader, writeAgileLog } from "../../../src/lab/mod.ts";
import { sized } from "../../../src/lab/tpm/wire.ts";
import { overwritten } from "../../bends/bytes.ts";
import {
  asFile,
  ask,
  assertAttacks,
  assertCode,
  assertGood,
  codeOf,
  mint,
  signed,
  straight,
} from "./attack.ts";

const BANKS = ["sha1", "sha256", "sha384"] as const;

const asked = (eventLog: Uint8Array): Promise<Result> => ask(straight, { files: { eventLog } });

const json = new TextDecoder().decode((await mint({ log: "cel-json" })).eventLog);

/** The log with its first occurrence of something written otherwise. */
function written(from: string, to: string): Uint8Array {
  assert.ok(json.includes(from), from);
  return asFile(json.replace(from, to));
}

Deno.test("LOG-10 a member that stands twice is refused at every level, equal or not", async () => {
  assertGood(await asked(asFile(json)));
  const [digests = ""] = /"digests":\[.*?\]/.exec(json) ?? [];
  const [digest = ""] = /"digest":"[0-9a-f]+"/.exec(json) ?? [];
  const [content = ""] = /"content":\{.*?\}/.exec(json) ?? [];
  const [data = ""] = /"event_data":"[0-9a-f]*"/.exec(json) ?? [];
  const members: readonly (readonly [string, string])[] = [
    ['"recnum":0', '"recnum":1'],
    ['"pcr":0', '"pcr":7'],
    [digests, '"digests":[]'],
    ['"content_type":"pcclient_std"', '"content_type":"cel"'],
    [content, '"content":{}'],
    ['"hashAlg":"sha1"', '"hashAlg":"sha256"'],
    [digest, '"digest":"00"'],
    ['"event_type":8', '"event_type":3'],
    [data, '"event_data":""'],
  ];
  for (const [member, other] of members) {
    for (
      const again of [
        member,
        other,
        member.replace(/^"(.)/, (_, one) => `"\\u00${one.charCodeAt(0).toString(16)}`),
      ]
    ) {
      assertCode(
        await asked(written(member, `${member},${again}`)),
        "logs.syntax",
        `${again} last`,
      );
      assertCode(
        await asked(written(member, `${again},${member}`)),
        "logs.syntax",
        `${again} first`,
      );
    }
  }
});

Deno.test("LOG-10 nothing stands behind the records, between them, or in them that is unknown", async () => {
  const first = '{"recnum":0';
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ["a second list", asFile(`${json}[]`)],
    ["the list again", asFile(json + json)],
    ["a bracket", asFile(`${json}]`)],
    ["a word", asFile(`${json}null`)],
    ["a NUL", asFile(`${json}\0`)],
    ["a comma at the end", asFile(json.replace(/\]$/, ",]"))],
    ["a list that does not end", asFile(json.slice(0, -1))],
    ["a member that nobody knows", written(first, '{"note":1,"recnum":0')],
    ["a member of a digest", written('"hashAlg"', '"note":1,"hashAlg"')],
    ["a member of the content", written('"event_type"', '"note":1,"event_type"')],
    ["a prototype", written(first, '{"__proto__":{},"recnum":0')],
    ["a comment", written(first, '/**/{"recnum":0')],
    ["single quotes", written('"pcr":0', "'pcr':0")],
    ["a byte order mark", concat(Uint8Array.of(0xef, 0xbb, 0xbf), asFile(json))],
    ["two registers", written('"pcr":0', '"pcr":0,"nv_index":1')],
    ["no register", written('"pcr":0,', "")],
    ["a digest that is not hex", written('"digest":"', '"digest":"zz')],
  ];
  for (const [what, log] of cases) {
    const result = await asked(log);
    assert.match(result.code ?? "", /^logs\.(?:syntax|format)$/, what);
    assertCode(result, result.code ?? "", what);
  }
  assertGood(await asked(asFile(`\n ${json}\n`)), "blanks");
});

Deno.test("LOG-10 a CEL in TLV has no byte too many, and no field twice", async () => {
  const { eventLog } = await mint({ log: "cel-tlv" });
  assertGood(await asked(eventLog));
  for (const trailing of [[0], [0xff], [0, 0, 0, 0, 1], [9, 0, 0, 0, 0]]) {
    const result = await asked(concat(eventLog, Uint8Array.from(trailing)));
    assert.match(result.code ?? "", /^logs\.(?:truncated|syntax)$/, trailing.join());
  }
  // The first digest of the first record named as the second is.
  const twice = overwritten(eventLog, 24, [0x0b]);
  assertCode(await asked(twice), "logs.digests", "of another length");
  const [number, register, rest] = [[0, 13], [13, 19], [19]].map((part) => eventLog.slice(...part));
  assert.ok(number && register && rest);
  const numbered = concat(number, register, number, rest);
  assertCode(await asked(numbered), "logs.syntax", "the number twice");
  const registered = concat(number, register, register, rest);
  assertCode(await asked(registered), "logs.syntax", "the register twice");
});

Deno.test("LOG-10 a log of firmware ends with an event, or with padding to its end", async () => {
  const { eventLog } = straight;
  for (const fill of [0, 0xff]) {
    const padding = new Uint8Array(300).fill(fill);
    assertGood(await asked(concat(eventLog, padding)), "padding");
    const hidden = await asked(concat(eventLog, padding, eventLog.subarray(73)));
    assert.match(hidden.code ?? "", /^logs\./, "events behind padding");
    assertCode(hidden, hidden.code ?? "");
  }
  for (const trailing of [[1], [0, 1], [0, 0, 0, 0xff], [0xff, 0]]) {
    const result = await asked(concat(eventLog, Uint8Array.from(trailing)));
    assertCode(result, "logs.truncated", trailing.join());
  }
  assertCode(await asked(concat(eventLog, eventLog)), "logs.digests", "the log again");
});

Deno.test("LOG-10 a header says what it must, and nothing more", async () => {
  const { eventLog, events } = straight;
  const header = describeLogHeader(BANKS);
  const shorter = { ...header, algorithms: header.algorithms.slice(0, 2) };
  assertCode(
    await asked(await writeAgileLog(events, BANKS, shorter)),
    "logs.digests",
    "a bank less",
  );
  const counted = { ...header, count: 2 };
  assertCode(
    await asked(await writeAgileLog(events, BANKS, counted)),
    "logs.header",
    "a count less",
  );
  const twice = { ...header, algorithms: [...header.algorithms, ...header.algorithms] };
  assertCode(await asked(await writeAgileLog(events, BANKS, twice)), "logs.header", "banks twice");
  const vendor = await writeAgileLog(events, BANKS, { ...header, vendorInfo: asFile("lab") });
  assertGood(await asked(vendor), "bytes of the vendor");
  for (const size of [0, 2]) {
    assertCode(await asked(overwritten(vendor, 72, [size])), "logs.header", `${size} of 3 bytes`);
  }
  // Without its version a log is not taken for one of the usual version.
  for (const [at, byte] of [[32, 0x73], [44, 0x30], [46, 0x32], [47, 1]] as const) {
    const result = await asked(overwritten(eventLog, at, [byte]));
    assert.match(result.code ?? "", /^logs\./, `byte ${at}`);
    assertCode(result, result.code ?? "");
  }
  assertCode(await asked(eventLog.subarray(73)), "logs.format", "no header");
});

Deno.test("LOG-10 quote, signature, key and values have no leftovers either", async () => {
  const byte = Uint8Array.of(0);
  await assertAttacks([
    ["quote, signed", { attest: { trailing: byte } }, "tpm.attest_length"],
    ["signature", { signature: { trailing: byte } }, "tpm.signature_malformed"],
    ["public area", { publicArea: { trailing: byte } }, "tpm.public_malformed"],
  ]);
  const { quote, akPublic, pcrs } = straight;
  const longer = concat(quote, byte);
  const files = { tpmQuoteMsg: longer, tpmQuoteSig: await signed(straight, longer) };
  assertCode(await ask(straight, { files }), "tpm.attest_length");
  for (const key of [concat(akPublic, byte), sized(akPublic), akPublic.subarray(0, -1)]) {
    const result = await ask(straight, { files: { akPub: key } });
    assert.match(result.code ?? "", /^tpm\.public_/);
  }
  const text = JSON.stringify(pcrs);
  const bad = [
    `${text}{}`,
    `${text},`,
    `${text}\0`,
    text.slice(0, -1),
    `[${text}]`,
    text.replace('"}', '",}'),
  ];
  for (const values of bad) {
    const code = await codeOf(ask(straight, { files: { pcrs: asFile(values) } }));
    assert.equal(code, "input.encoding", values.slice(-8));
  }
});

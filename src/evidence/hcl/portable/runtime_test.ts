import assert from "node:assert/strict";
import { concat, fromHex, toHex } from "../../../core/bytes.ts";
import { agreeingEngine } from "../../../../tests/portable/strict.ts";
import { refused } from "../../../../tests/refused.ts";
import { readHclRuntime } from "../mod.ts";
import type { HclRuntime } from "../report.ts";
import { operations } from "./mod.ts";
import { base64Url, modulus, USER_DATA, writeKey, writeRuntime } from "./written_test.ts";

const engine = agreeingEngine(operations);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): Promise<HclRuntime> => readHclRuntime(engine, "sha256", utf8(text));

/** A key as WebCrypto writes it, which shares no code with what is tested. */
async function spkiOf(n: Uint8Array): Promise<string> {
  const jwk = { kty: "RSA", e: "AQAB", n: base64Url(n) };
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, true, ["verify"]);
  return toHex(new Uint8Array(await crypto.subtle.exportKey("spki", key)));
}

async function hashOf(name: string, text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest(name, concat(utf8(text)))));
}

Deno.test("readHclRuntime reads keys, settings, user data, and names of what it does not know", async () => {
  const text = `{"later":[{}],"user-data":"${"aB".repeat(64)}","vm-configuration":
    {"z":"","10":-7,"a":null,"b":false,"9":9007199254740991},"keys":${
    JSON.stringify([writeKey({ kid: "x", key_ops: ["sign", "verify"] })])
  },"also":15}`;
  const spki = await spkiOf(modulus(256));

  assert.deepEqual(await read(text), {
    hashAlgorithm: "sha256",
    hash: await hashOf("SHA-256", text),
    bytes: text.length,
    keys: [{
      ...{ kid: "x", keyOps: ["sign", "verify"], bits: 2048, spki },
      spkiSha256: toHex(
        new Uint8Array(await crypto.subtle.digest("SHA-256", fromHex(spki))),
      ),
    }],
    vmConfiguration: [
      { name: "z", value: "" },
      { name: "10", value: -7 },
      { name: "a", value: null },
      { name: "b", value: false },
      { name: "9", value: 9007199254740991 },
    ],
    userData: "ab".repeat(64),
    others: ["later", "also"],
  });
});

Deno.test("readHclRuntime hashes with the hash that is named", async () => {
  const text = writeRuntime();
  for (const [hash, name] of [["sha384", "SHA-384"], ["sha512", "SHA-512"]] as const) {
    const runtime = await readHclRuntime(engine, hash, utf8(text));
    assert.equal(runtime.hashAlgorithm, hash);
    assert.equal(runtime.hash, await hashOf(name, text));
  }
});

Deno.test("readHclRuntime takes keys of each size, and no user data", async () => {
  for (const bytes of [256, 384, 512]) {
    const keys = [writeKey({ n: base64Url(modulus(bytes)) })];
    const runtime = await read(writeRuntime({ keys, "user-data": undefined }));
    assert.equal(runtime.keys[0]?.bits, 8 * bytes);
    assert.equal(runtime.keys[0]?.spki, await spkiOf(modulus(bytes)));
    assert.equal(runtime.userData, null);
  }
});

const settings = (value: unknown): Record<string, unknown> => ({
  "vm-configuration": { x: value },
});
const key = (bent: Record<string, unknown>): Record<string, unknown> => ({
  keys: [writeKey(bent)],
});
const many = (count: number): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, i]));
const short = (count: number): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, i) => writeKey({ kid: `k${i}` }));

Deno.test("readHclRuntime takes as much as there can be", async () => {
  await read(writeRuntime({ keys: short(8), "user-data": undefined }));
  await read(
    writeRuntime(key({ kid: "\u{1f511}".repeat(64), key_ops: Array(8).fill("o".repeat(32)) })),
  );
  await read(writeRuntime({ "vm-configuration": many(64) }));
  await read(writeRuntime(settings("\u{1f600}".repeat(1024))));
  await read(writeRuntime({ "vm-configuration": {} }));
});

/** What is bent, and the member that is named. */
const WRONG: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  ["no keys", "keys", { keys: undefined }],
  ["keys that are no list", "keys", { keys: writeKey() }],
  ["an empty list of keys", "keys", { keys: [] }],
  ["nine keys", "keys", { keys: short(9) }],
  ["a key that is no object", "keys", { keys: ["k"] }],
  ["a key with one member more", "keys", key({ alg: "RS256" })],
  ["a key without kid", "keys", key({ kid: undefined })],
  ["a key without n", "keys", key({ n: undefined })],
  ["an empty kid", "keys", key({ kid: "" })],
  ["a kid of 65 characters", "keys", key({ kid: "k".repeat(65) })],
  ["a kid that is a number", "keys", key({ kid: 1 })],
  ["no operations", "keys", key({ key_ops: [] })],
  ["nine operations", "keys", key({ key_ops: Array(9).fill("sign") })],
  ["an empty operation", "keys", key({ key_ops: [""] })],
  ["an operation of 33 characters", "keys", key({ key_ops: ["o".repeat(33)] })],
  ["operations as text", "keys", key({ key_ops: "sign" })],
  ["an exponent that is a number", "keys", key({ e: 65537 })],
  ["a type that is null", "keys", key({ kty: null })],
  ["no configuration", "vm-configuration", { "vm-configuration": undefined }],
  ["a configuration that is a list", "vm-configuration", { "vm-configuration": [] }],
  ["65 settings", "vm-configuration", { "vm-configuration": many(65) }],
  ["a setting that is a list", "vm-configuration", settings([])],
  ["a setting that is an object", "vm-configuration", settings({})],
  ["a setting of 1025 characters", "vm-configuration", settings("s".repeat(1025))],
  ["user data that are null", "user-data", { "user-data": null }],
  ["user data of 63 bytes", "user-data", { "user-data": "00".repeat(63) }],
  ["user data of 65 bytes", "user-data", { "user-data": "00".repeat(65) }],
  ["user data that are no hex", "user-data", { "user-data": "0g".repeat(64) }],
];

for (const [what, member, bent] of WRONG) {
  Deno.test(`readHclRuntime refuses ${what}`, async () => {
    const fields = await refused("hcl.runtime_value", read(writeRuntime(bent)));
    assert.deepEqual({ ...fields, reason: "" }, { member, reason: "" });
  });
}

Deno.test("readHclRuntime refuses numbers in a second form", async () => {
  for (const number of ["-0", "1.0", "1e0", "0.0"]) {
    const text = writeRuntime(settings("?")).replace('"?"', number);
    await refused("hcl.runtime_syntax", read(text), number);
  }
});

const even = modulus(256).map((byte, i) => i === 255 ? byte & 0xfe : byte);
const low = modulus(256).map((byte, i) => i === 0 ? byte & 0x7f : byte);
const n = base64Url(modulus(256));

const ATTRIBUTES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["another type", { kty: "EC" }],
  ["another exponent", { e: "Aw" }],
  ["an exponent with a zero in front", { e: "AAEAAQ" }],
  ["a modulus of 255 bytes", { n: base64Url(modulus(255)) }],
  ["a modulus of 128 bytes", { n: base64Url(modulus(128)) }],
  ["a modulus with a zero in front", { n: base64Url(concat(Uint8Array.of(0), modulus(256))) }],
  ["a modulus without its first bit", { n: base64Url(low) }],
  ["an even modulus", { n: base64Url(even) }],
  ["no modulus", { n: "" }],
  ["padding", { n: `${n}==` }],
  ["base64 of the other alphabet", { n: n.replace("-", "+").replace("_", "/") }],
  ["bits that do not count", { n: `${n.slice(0, -1)}x` }],
  ["one character too many", { n: `${n}AAA` }],
];

for (const [what, bent] of ATTRIBUTES) {
  Deno.test(`readHclRuntime refuses a key with ${what}`, async () => {
    assert.notEqual(JSON.stringify(writeKey(bent)), JSON.stringify(writeKey()));
    const fields = await refused("hcl.key_attributes", read(writeRuntime(key(bent))));
    assert.deepEqual({ ...fields, reason: "" }, { kid: "HCLAkPub", reason: "" });
  });
}

Deno.test("readHclRuntime refuses two keys of one name", async () => {
  const keys = [writeKey(), writeKey({ kid: "b" }), writeKey({ key_ops: ["encrypt"] })];
  const fields = await refused("hcl.key_repeated", read(writeRuntime({ keys })));
  assert.deepEqual({ ...fields, reason: "" }, { kid: "HCLAkPub", reason: "" });
});

Deno.test("readHclRuntime refuses what is no strict JSON before it looks at members", async () => {
  const text = writeRuntime({ keys: [] });
  const texts = [
    `\ufeff${text}`,
    text.slice(0, -1),
    `${text}\0`,
    text.replace('{"secure-boot"', '{"secure-boot":1,"secure-boot"'),
    `{"keys":[],${text.slice(1)}`,
    text.replace("true", "9007199254740992"),
    "[]",
    `[${text}]`,
  ];
  for (const bent of texts) {
    const fields = await refused("hcl.runtime_syntax", read(bent), bent);
    assert.deepEqual(Object.keys(fields), ["reason"]);
  }
  const bytes = utf8(text);
  bytes[bytes.length - 3] = 0xff;
  await refused("hcl.runtime_syntax", readHclRuntime(engine, "sha256", bytes));
});

Deno.test("readHclRuntime looks at keys, then settings, then user data", async () => {
  const all = { keys: [writeKey({ kty: "EC" }), 1], "vm-configuration": 1, "user-data": 1 };
  await refused("hcl.key_attributes", read(writeRuntime(all)));
  const later = await refused(
    "hcl.runtime_value",
    read(writeRuntime({ ...all, keys: [writeKey()] })),
  );
  assert.equal(later["member"], "vm-configuration");
});

Deno.test("readHclRuntime refuses nothing, too much, and no known hash", async () => {
  const fields = await refused("input.empty", read(""));
  assert.deepEqual(fields, { input: "runtime-data", role: "runtimeData" });
  await read(writeRuntime().padEnd(16_384));
  await refused("input.too_large", read(writeRuntime().padEnd(16_385)));
  for (const hash of ["", "sha1", "SHA256"]) {
    const asked = engine.run("hcl_runtime", [utf8(hash), utf8(writeRuntime())]);
    await assert.rejects(asked, /engine\.failed/, hash);
  }
});

Deno.test("user data of zeros are user data", async () => {
  assert.equal((await read(writeRuntime())).userData, USER_DATA);
});

import assert from "node:assert/strict";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import {
  type HpkeKey,
  makeHpkeKey,
  openRequest,
  type SealContext,
  sealRequest,
} from "../../src/channel/hpke.ts";
import { contextOf, keyOf, SEALED_CASES } from "./crypto_vectors.ts";

const SEALED = { name: "RejectedError", code: "channel.sealed" };
const RANDOM = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
const BODY = new TextEncoder().encode('{"group":"worker"}');
const ANSWER = new TextEncoder().encode('{"nodeName":"worker-1"}');

const CONTEXT: SealContext = {
  purpose: "join",
  serverNonce: new Uint8Array(32).fill(1),
  clientNonce: new Uint8Array(32).fill(2),
  serverStatement: new Uint8Array(32).fill(3),
  clientStatement: new Uint8Array(32).fill(4),
  method: "POST",
  path: "/v1/join",
};

const [server, client, stranger] = await Promise.all([makeHpkeKey(), makeHpkeKey(), makeHpkeKey()]);

Deno.test("bodies that Python sealed are opened, and answered to the byte", async () => {
  for (const one of SEALED_CASES) {
    const own = await keyOf(one.skR);
    const from = one.skS === "" ? null : fromHex(one.expected.pkS);
    const { enc, ciphertext, sealedAnswer } = one.expected;
    const opened = await openRequest(own, from, contextOf(one), fromHex(enc), fromHex(ciphertext));
    assert.equal(toHex(opened.body), one.body, one.name);
    const random = { bytes: () => fromHex(one.responseNonce) };
    assert.equal(toHex(await opened.seal(fromHex(one.answer), random)), sealedAnswer, one.name);
  }
});

Deno.test("a request and its answer go there and back, with a statement of the client and without", async () => {
  for (
    const [from, clientStatement] of [[client, CONTEXT.clientStatement], [null, null]] as const
  ) {
    const context = { ...CONTEXT, clientStatement };
    const sealed = await sealRequest(server.publicKey, from, context, BODY);
    const { enc, ciphertext } = sealed;
    const opened = await openRequest(server, from?.publicKey ?? null, context, enc, ciphertext);
    assert.deepEqual(opened.body, BODY);
    const answer = await opened.seal(ANSWER, RANDOM);
    assert.equal(answer.length, 32 + ANSWER.length + 16);
    assert.deepEqual(await sealed.open(answer), ANSWER);
    // Two answers to one request have two keys.
    assert.notDeepEqual(await opened.seal(ANSWER, RANDOM), answer);
  }
});

Deno.test("the private half of a key cannot be exported", async () => {
  assert.equal(server.publicKey.length, 32);
  assert.equal(server.privateKey.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("pkcs8", server.privateKey));
  await assert.rejects(crypto.subtle.exportKey("jwk", server.privateKey));
});

/** Contexts that differ from {@linkcode CONTEXT} in one way each; of them those where bytes move from one field to its neighbour. */
const OTHER_CONTEXTS: readonly (readonly [string, SealContext])[] = [
  ["purpose", { ...CONTEXT, purpose: "renew" }],
  ["server's nonce", { ...CONTEXT, serverNonce: new Uint8Array(32).fill(9) }],
  ["client's nonce", { ...CONTEXT, clientNonce: new Uint8Array(32).fill(9) }],
  ["server's statement", { ...CONTEXT, serverStatement: new Uint8Array(32).fill(9) }],
  ["client's statement", { ...CONTEXT, clientStatement: new Uint8Array(32).fill(9) }],
  ["no statement of the client", { ...CONTEXT, clientStatement: null }],
  ["nonces exchanged", {
    ...CONTEXT,
    serverNonce: CONTEXT.clientNonce,
    clientNonce: CONTEXT.serverNonce,
  }],
  ["statements exchanged", {
    ...CONTEXT,
    serverStatement: CONTEXT.clientStatement ?? assert.fail(),
    clientStatement: CONTEXT.serverStatement,
  }],
  ["method", { ...CONTEXT, method: "PUT" }],
  ["path", { ...CONTEXT, path: "/v1/renew" }],
  ["a character moved from method to path", { ...CONTEXT, method: "POS", path: "T/v1/join" }],
  ["a character moved from path to method", { ...CONTEXT, method: "POST/", path: "v1/join" }],
  ["case of the method", { ...CONTEXT, method: "post" }],
  ["query", { ...CONTEXT, path: "/v1/join?" }],
];

for (const [what, other] of OTHER_CONTEXTS) {
  Deno.test(`a body is opened in no other exchange: ${what}`, async () => {
    const { enc, ciphertext } = await sealRequest(server.publicKey, client, CONTEXT, BODY);
    await assert.rejects(openRequest(server, client.publicKey, other, enc, ciphertext), SEALED);
    const back = await sealRequest(server.publicKey, client, other, BODY);
    const opening = openRequest(server, client.publicKey, CONTEXT, back.enc, back.ciphertext);
    await assert.rejects(opening, SEALED);
  });
}

Deno.test("a body is opened by its server alone, and as from its client alone", async () => {
  const { enc, ciphertext } = await sealRequest(server.publicKey, client, CONTEXT, BODY);
  const wrong: readonly (readonly [HpkeKey, HpkeKey | null])[] = [
    [stranger, client],
    [client, client],
    [server, stranger],
    [server, server],
    // Nor as from nobody: whoever has no key of a statement cannot pass for who has one, or the other way.
    [server, null],
    // A pair whose halves do not belong together.
    [{ ...server, publicKey: stranger.publicKey }, client],
  ];
  for (const [own, from] of wrong) {
    const opening = openRequest(own, from?.publicKey ?? null, CONTEXT, enc, ciphertext);
    await assert.rejects(opening, SEALED);
  }
  const anonymous = await sealRequest(server.publicKey, null, CONTEXT, BODY);
  const opening = openRequest(
    server,
    client.publicKey,
    CONTEXT,
    anonymous.enc,
    anonymous.ciphertext,
  );
  await assert.rejects(opening, SEALED);
});

Deno.test("no bit and no byte of what is sealed can be another", async () => {
  const { enc, ciphertext } = await sealRequest(server.publicKey, client, CONTEXT, BODY);
  for (let at = 0; at < enc.length; at++) {
    const bent = enc.with(at, (enc[at] ?? 0) ^ 1);
    await assert.rejects(openRequest(server, client.publicKey, CONTEXT, bent, ciphertext), SEALED);
  }
  const others = [
    ...Array.from(ciphertext, (byte, at) => ciphertext.with(at, byte ^ 0x80)),
    ciphertext.subarray(1),
    ciphertext.subarray(0, -1),
    ciphertext.subarray(0, 15),
    new Uint8Array(),
    Uint8Array.from([...ciphertext, 0]),
  ];
  for (const other of others) {
    await assert.rejects(openRequest(server, client.publicKey, CONTEXT, enc, other), SEALED);
  }
  for (const other of [new Uint8Array(), enc.subarray(1), Uint8Array.from([...enc, 0])]) {
    await assert.rejects(openRequest(server, client.publicKey, CONTEXT, other, ciphertext), SEALED);
  }
});

Deno.test("an answer is of its request alone, and no bit of it can be another", async () => {
  const sealed = await sealRequest(server.publicKey, client, CONTEXT, BODY);
  const twin = await sealRequest(server.publicKey, client, CONTEXT, BODY);
  const { enc, ciphertext } = sealed;
  const opened = await openRequest(server, client.publicKey, CONTEXT, enc, ciphertext);
  const answer = await opened.seal(ANSWER, RANDOM);
  await assert.rejects(twin.open(answer), SEALED);
  const others = [
    ...Array.from(answer, (byte, at) => answer.with(at, byte ^ 1)),
    answer.subarray(0, 47),
    answer.subarray(0, -1),
    answer.subarray(1),
    new Uint8Array(),
    Uint8Array.from([...answer, 0]),
  ];
  for (const other of others) await assert.rejects(sealed.open(other), SEALED);
  await assert.rejects(sealed.open(answer.subarray(0, 47)), {
    fields: { reason: "it has 47 bytes, expected at least 48" },
  });
  assert.deepEqual(await sealed.open(answer), ANSWER);
  const empty = await opened.seal(new Uint8Array(), RANDOM);
  assert.equal((await sealed.open(empty)).length, 0);
});

Deno.test("a nonce or digest of another size is a mistake of the caller, told before anything is sealed", async () => {
  const short = new Uint8Array(31);
  for (const name of ["serverNonce", "clientNonce", "serverStatement", "clientStatement"]) {
    const context = { ...CONTEXT, [name]: short };
    await assert.rejects(sealRequest(server.publicKey, client, context, BODY), RangeError);
    const opening = openRequest(server, client.publicKey, context, short, short);
    await assert.rejects(opening, RangeError);
  }
});

Deno.test("bodies in a part of a larger buffer are sealed as they are", async () => {
  const within = new Uint8Array(100).fill(7);
  within.set(BODY, 20);
  const part = within.subarray(20, 20 + BODY.length);
  const sealed = await sealRequest(server.publicKey, client, CONTEXT, part);
  const large = new Uint8Array(1000);
  large.set(sealed.enc, 5);
  large.set(sealed.ciphertext, 100);
  const opened = await openRequest(
    server,
    client.publicKey,
    CONTEXT,
    large.subarray(5, 37),
    large.subarray(100, 100 + sealed.ciphertext.length),
  );
  assert.deepEqual(opened.body, BODY);
  const answer = await opened.seal(part, RANDOM);
  large.set(answer, 300);
  assert.deepEqual(await sealed.open(large.subarray(300, 300 + answer.length)), BODY);
});

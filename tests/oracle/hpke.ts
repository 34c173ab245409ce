/**
 * Holds the channel's sealing against pyhpke, with the protocol's info, data and
 * answers written in Python from its text: `deno task oracle:hpke`. Needs Python
 * and PyPI, so it is no part of `deno task test`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { makeHpkeKey, openRequest, sealRequest } from "../../src/channel/hpke.ts";
import { PURPOSES } from "../../src/evidence/statement/statement.ts";
import { fromFileUrl, output } from "../../scripts/process.ts";
import { contextOf, keyOf, SEALED_CASES, type SealedCase } from "../channel/crypto_vectors.ts";
import { buildPython, hasPython } from "./build.ts";
import { LineProgram } from "./line_program.ts";

/** How many exchanges are made up. */
const ROUNDS = 200;

interface Answer {
  readonly refused: boolean;
  readonly reason?: string;
  readonly enc?: string;
  readonly ciphertext?: string;
  readonly secret?: string;
  readonly body?: string;
  readonly sealedAnswer?: string;
  readonly answer?: string;
}

if (!await hasPython()) throw new Error("There is no Python on this machine");

const python = await buildPython("hpke");
const PROGRAM = fromFileUrl(new URL("./hpke/program.py", import.meta.url));
const RANDOM = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

async function asked(oracle: LineProgram, request: object): Promise<Answer> {
  // The program's answer is of this form; its source stands beside.
  return await oracle.ask(request) as Answer;
}

function random(length = 32): string {
  return toHex(RANDOM.bytes(length));
}

/** An exchange of which all was drawn; every third client has no statement. */
function drawn(round: number): Omit<SealedCase, "expected"> {
  const known = round % 3 !== 0;
  return {
    name: `round ${round}`,
    purpose: PURPOSES[round % PURPOSES.length] ?? assert.fail(),
    serverNonce: random(),
    clientNonce: random(),
    serverStatement: random(),
    clientStatement: known ? random() : "",
    method: "POST",
    path: `/v1/${round}`,
    body: random(round * 7),
    answer: random(round * 13),
    skR: random(),
    skS: known ? random() : "",
    skE: "",
    responseNonce: random(),
  };
}

Deno.test("the vectors are what Python computes", async () => {
  const path = fromFileUrl(new URL("../channel/sealed_vectors.json", import.meta.url));
  const computed = await output(python, [PROGRAM, "--vectors", path]);
  assert.deepEqual(JSON.parse(computed), SEALED_CASES);
});

Deno.test("what Python seals is opened here, and the answer there", async () => {
  await using oracle = new LineProgram(python, [PROGRAM]);
  for (let round = 0; round < ROUNDS; round++) {
    const one = drawn(round);
    const own = await keyOf(one.skR);
    const from = one.skS === "" ? null : (await keyOf(one.skS)).publicKey;
    const request = { ...one, do: "seal", pkR: toHex(own.publicKey) };
    const { enc = "", ciphertext = "", secret } = await asked(oracle, request);
    const context = contextOf(one);
    const opened = await openRequest(own, from, context, fromHex(enc), fromHex(ciphertext));
    assert.equal(toHex(opened.body), one.body);
    const sealedAnswer = toHex(await opened.seal(fromHex(one.answer), RANDOM));
    const back = await asked(oracle, { ...one, do: "openAnswer", enc, secret, sealedAnswer });
    assert.equal(back.answer, one.answer, back.reason);
  }
});

Deno.test("what is sealed here Python opens, and its answer is opened here", async () => {
  await using oracle = new LineProgram(python, [PROGRAM]);
  for (let round = 0; round < ROUNDS; round++) {
    const { request, sealed, one } = await sealedHere(round);
    const { body, sealedAnswer = "", reason } = await asked(oracle, request);
    assert.equal(body, one.body, reason);
    assert.equal(toHex(await sealed.open(fromHex(sealedAnswer))), one.answer);
  }
});

Deno.test("Python refuses what is of another exchange, as this side does", async () => {
  await using oracle = new LineProgram(python, [PROGRAM]);
  const { request } = await sealedHere(1);
  assert.equal((await asked(oracle, request)).refused, false);
  const changes: Readonly<Record<string, string>> = {
    purpose: "renew",
    serverNonce: random(),
    clientNonce: random(),
    serverStatement: random(),
    clientStatement: "",
    method: "PUT",
    path: "/v1/2",
    pkS: toHex((await makeHpkeKey()).publicKey),
    skR: random(),
    enc: toHex((await makeHpkeKey()).publicKey),
    ciphertext: request.ciphertext.replace(/.$/, (last) => last === "0" ? "1" : "0"),
  };
  for (const [name, value] of Object.entries(changes)) {
    const { refused } = await asked(oracle, { ...request, [name]: value });
    assert.ok(refused, name);
  }
  assert.ok((await asked(oracle, { ...request, pkS: "" })).refused, "as from nobody");
});

/** A request that this side sealed, as Python is asked to open it. */
async function sealedHere(round: number) {
  const one = drawn(round);
  const server = await keyOf(one.skR);
  const client = one.skS === "" ? null : await keyOf(one.skS);
  const context = contextOf(one);
  const sealed = await sealRequest(server.publicKey, client, context, fromHex(one.body));
  const request = {
    ...one,
    do: "open",
    pkS: client === null ? "" : toHex(client.publicKey),
    enc: toHex(sealed.enc),
    ciphertext: toHex(sealed.ciphertext),
  };
  return { one, sealed, request };
}

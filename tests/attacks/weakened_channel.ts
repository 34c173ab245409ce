/**
 * Attacks on the channel where the defence against each is switched off: all of
 * them succeed then. `deno task attacks` runs this; each needs a copy of the
 * program and a process of its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { weaken, type Weakening } from "./weaken.ts";

const CLIENT = "src/channel/client.ts";
const RECEIVER = "src/channel/sealed_request.ts";

const NO_AUDIENCE: Weakening = {
  file: RECEIVER,
  find: "audience: serverStatement,",
  replace: "audience: readStatement(readEnvelope(envelope).statement).audience,",
};

const NO_SENDER: Weakening = {
  file: RECEIVER,
  find: "peer === null ? null : fromHex(peer.statement.hpkeKey),",
  replace: "null,",
};

const NO_PIN: readonly Weakening[] = [
  {
    file: "src/hosts/channel/client.ts",
    find: '{ ca: [pemOf("CERTIFICATE", leaf)], rejectUnauthorized: true }',
    replace: "{ rejectUnauthorized: false }",
  },
  {
    file: "src/hosts/channel/client.ts",
    find: 'if (leaf !== null && !shows(socket, leaf)) throw pinned(call, "another certificate");',
    replace: "",
  },
];

/** What is switched off, the attack, and what comes of it. */
const CASES: readonly (readonly [string, string, readonly Weakening[], string])[] = [
  ["the certificate is not compared", "carry", NO_PIN, "succeeded"],
  ["the statement's TLS key is not compared", "own-leaf", [{
    file: CLIENT,
    find: "tlsSpki: toHex(keyOfLeaf(answer.tlsLeaf)),",
    replace: "",
  }], "succeeded"],
  ["evidence need not answer the question", "present", [{
    file: "src/evidence/judgement.ts",
    find: "return { ...base, holds: equal(wanted, given), expected: toHex(wanted), code };",
    replace: "return { ...base, holds: true, expected: actual, code };",
  }], "succeeded"],
  ["an answer need not be sealed", "answer", [{
    file: CLIENT,
    find: 'throw noAgent(url, "its answer is not sealed");',
    replace: "return readAnswer(url, answer, answered);",
  }], "succeeded"],
  ["neither audience nor sender is compared", "relay", [NO_AUDIENCE, NO_SENDER], "succeeded"],
  ["the audience alone is not compared", "relay", [NO_AUDIENCE], "channel.sealed"],
  ["the server does not compare its own certificate", "old-connection", [{
    file: RECEIVER,
    find: "if (equal(keyOfLeaf(leaf), fromHex(tlsSpki))) return;",
    replace: "return;",
  }], "succeeded"],
  ["nonces are not spent", "replay", [{
    file: "src/channel/nonces.ts",
    find: "if (!this.#spent.spend(nonce.toLowerCase(), cookie.expiry, now)) {",
    replace: "if (false) {",
  }], "succeeded"],
];

for (const [what, attack, weakenings, outcome] of CASES) {
  Deno.test(`${attack}: ${outcome} where ${what}`, async () => {
    await using weakened = await weaken(weakenings);
    const said = await weakened.run("tests/attacks/channel.ts", attack);
    assert.equal(said.trim(), outcome);
  });
}

Deno.test("weaken() switches nothing off that does not stand there exactly once", async () => {
  for (const find of ["no such defence", "import"]) {
    await assert.rejects(weaken([{ file: CLIENT, find, replace: "" }]), /stands there \d+ times/);
  }
});

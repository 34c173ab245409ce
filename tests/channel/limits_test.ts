/**
 * What a node takes on for others, and in which order it looks at requests.
 *
 * @module
 */

import assert from "node:assert/strict";
import { EvidenceQueue } from "../../src/channel/queue.ts";
import { Sources } from "../../src/channel/sources.ts";
import { Turns } from "../../src/channel/turns.ts";
import { failureAnswer } from "../../src/channel/failure_answer.ts";
import type { Attester } from "../../src/channel/peer.ts";
import { CHANNEL_LIMITS } from "../../src/channel/limits.ts";
import { toHex } from "../../src/core/bytes.ts";
import { InputError, OperationError } from "../../src/core/errors.ts";
import type { ChannelAnswer, ChannelRequest } from "../../src/core/node_ports.ts";
import { ATTEST_ANSWER } from "../../src/protocol/attest.ts";
import { FAILURE } from "../../src/protocol/failure.ts";
import { readMessage } from "../../src/protocol/message.ts";
import { RANDOM } from "./host_double.ts";
import { answering, DoubleNode } from "./world.ts";

function codeOf({ body }: ChannelAnswer): string {
  return readMessage(FAILURE, body).code;
}

function posted(path: string, body: unknown, source = "10.0.0.7"): ChannelRequest {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return { method: "POST", path, body: bytes, source, leaf: Uint8Array.of(0x30, 0) };
}

function attestRequest(source?: string): ChannelRequest {
  const question = { nonce: toHex(RANDOM.bytes(32)), audience: toHex(RANDOM.bytes(32)) };
  return posted("/v1/attest", question, source);
}

Deno.test("createChannelServer() gives a source its share of evidence, and says when there is more", async () => {
  let now = 0;
  const node = await DoubleNode.member();
  const limits = { perSecond: 0.5, burst: 2 };
  const handle = answering(node, { limits, monotonic: () => now });
  const ask = (source?: string): Promise<ChannelAnswer> => handle(attestRequest(source));
  assert.deepEqual([(await ask()).status, (await ask()).status], [200, 200]);
  const refused = await ask();
  assert.deepEqual([refused.status, codeOf(refused)], [429, "channel.busy"]);
  assert.equal(refused.retryAfter, 2);
  assert.equal(node.asked.length, 2);
  assert.equal((await ask("10.0.0.8")).status, 200);
  now = 2000;
  assert.equal((await ask()).status, 200);
  assert.equal((await ask()).status, 429);
  // What costs the owner's signature to be looked at is counted with it.
  assert.equal((await handle(posted("/v1/init/attest", { request: "Bw" }))).status, 429);
  const update = posted("/v1/manifest/update", { manifests: [], references: [] });
  assert.equal((await handle(update)).status, 429);
});

Deno.test("Sources are networks of IPv6, and those that rested longest are forgotten", () => {
  let now = 0;
  const sources = new Sources({ perSecond: 1, burst: 1, sources: 2 }, () => now);
  assert.equal(sources.take("2001:db8:1:2::5"), 0);
  assert.ok(sources.take("2001:db8:1:2:ffff::1") > 0);
  assert.equal(sources.take("2001:db8:1:3::5"), 0);
  assert.equal(sources.take("::ffff:10.0.0.1"), 0);
  assert.equal(sources.take("10.0.0.1"), 1);
  // A third pushed out the first.
  assert.equal(sources.take("2001:db8:1:2::6"), 0);
  now = 999;
  assert.ok(sources.take("10.0.0.1") > 0);
  now = 1000;
  assert.equal(sources.take("10.0.0.1"), 0);
});

Deno.test("EvidenceQueue makes one report after the other, and holds no more than it may", async () => {
  const releases: (() => void)[] = [];
  let underWay = 0;
  let most = 0;
  const attester: Attester = {
    async attest() {
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => releases.push(resolve));
      underWay--;
      return { envelope: new Uint8Array(), statement: new Uint8Array() };
    },
    statementOf: () => null,
  };
  const queue = new EvidenceQueue(attester, { queue: 2, batch: 1 });
  const ask = (batch: boolean): ReturnType<EvidenceQueue["ask"]> => {
    const audience = toHex(RANDOM.bytes(32));
    return queue.ask(
      { nonce: RANDOM.bytes(32), purpose: "serve", audience, requestDigest: "" },
      batch,
    );
  };
  const first = ask(false);
  const waiting = [ask(false), ask(false), ask(true)];
  assert.throws(() => ask(false), { code: "channel.busy" });
  assert.throws(() => ask(true), { code: "channel.busy" });
  for (let done = 0; done < 4; done++) {
    while (releases.length === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    releases.shift()?.();
  }
  await Promise.all([first, ...waiting]);
  assert.equal(most, 1);
});

Deno.test("EvidenceQueue goes on after a device that failed", async () => {
  let times = 0;
  const attester: Attester = {
    attest: () =>
      times++ === 0
        ? Promise.reject(new InputError("no", { code: "x.y" }))
        : Promise.resolve({ envelope: new Uint8Array(), statement: new Uint8Array() }),
    statementOf: () => null,
  };
  const queue = new EvidenceQueue(attester, CHANNEL_LIMITS);
  const nonce = RANDOM.bytes(32);
  const question = { nonce, purpose: "serve", audience: toHex(nonce), requestDigest: "" } as const;
  const both = [queue.ask(question, false), queue.ask(question, false)] as const;
  await assert.rejects(both[0], { code: "x.y" });
  assert.equal((await both[1]).path, null);
});

Deno.test("Turns are as many as there may be, and a full row is told to come again", async () => {
  const turns = new Turns(2, 1);
  const releases: (() => void)[] = [];
  const work = (): Promise<void> =>
    turns.take(() => new Promise((resolve) => releases.push(resolve)));
  const under = [work(), work(), work()];
  await assert.rejects(work(), { code: "channel.busy" });
  assert.equal(releases.length, 2);
  releases.shift()?.();
  await under[0];
  while (releases.length < 2) await Promise.resolve();
  for (const release of releases) release();
  await Promise.all(under);
  const failing = turns.take(() => Promise.reject(new TypeError("no")));
  await assert.rejects(failing, TypeError);
  assert.equal(await turns.take(() => Promise.resolve(3)), 3);
});

Deno.test("createChannelServer() asks neither devices nor verifier before a nonce of its own is there", async () => {
  const node = await DoubleNode.member();
  const judged: string[] = [];
  const handle = answering(node, {
    appraiser: {
      appraise: () => {
        judged.push("asked");
        return Promise.reject(new TypeError("no"));
      },
    },
  });
  const given = readMessage(ATTEST_ANSWER, (await handle(attestRequest())).body);
  const sealed = (nonce: string): ChannelRequest =>
    posted("/v1/join", {
      clientNonce: "00".repeat(32),
      audience: "00".repeat(32),
      serverStatement: "00".repeat(32),
      nonce,
      cookie: given.server.cookie,
      envelope: "AAAA",
      enc: "00".repeat(32),
      ciphertext: "AAAA",
    });
  const foreign = await handle(sealed("00".repeat(32)));
  assert.deepEqual([foreign.status, codeOf(foreign)], [403, "channel.nonce_unknown"]);
  const own = await handle(sealed(given.server.nonce));
  assert.equal(codeOf(own), "channel.stale_keys");
  const again = await handle(sealed(given.server.nonce));
  assert.equal(codeOf(again), "channel.nonce_used");
  assert.equal(node.asked.length, 1);
  assert.deepEqual(judged, []);
});

Deno.test("createChannelServer() answers what it does not know, and what is no message, with their codes", async () => {
  const handle = answering(await DoubleNode.member());
  const bodies: readonly (readonly [string, string, unknown, number, string])[] = [
    ["POST", "/v1/attest", {}, 400, "protocol.malformed"],
    ["GET", "/v1/attest", {}, 404, "channel.no_path"],
    ["POST", "/v1/attest/", {}, 404, "channel.no_path"],
    ["POST", "/__proto__", {}, 404, "channel.no_path"],
    ["POST", "/v1/renew", { nonce: 3 }, 400, "protocol.malformed"],
  ];
  for (const [method, path, body, status, code] of bodies) {
    const answer = await handle({ ...posted(path, body), method });
    assert.deepEqual([answer.status, codeOf(answer), path], [status, code, path]);
  }
});

Deno.test("failureAnswer() says what the error says, in one line, and of mistakes nothing", () => {
  const long = new OperationError(`a\r\nb\u0000${"c".repeat(5000)}`, { code: "node.state" });
  const answer = failureAnswer(long);
  assert.equal(answer.status, 500);
  const { code, message } = readMessage(FAILURE, answer.body);
  assert.equal(code, "node.state");
  assert.ok(message.startsWith("a b ccc") && message.length === 2000);
  assert.equal(codeOf(failureAnswer(new TypeError("secret"))), "bug");
  assert.equal(codeOf(failureAnswer("secret")), "bug");
});

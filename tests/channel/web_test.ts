/**
 * The channel by `fetch`, as in a browser; the node at its other end is a double
 * whose evidence the lab mints.
 *
 * @module
 */

import assert from "node:assert/strict";
import { attestByFetch, type Fetch, sealedCall } from "../../src/channel/web.ts";
import { SEALED_ANSWER_TYPE } from "../../src/protocol/sealed.ts";
import { PATIENCE, RANDOM } from "./host_double.ts";
import { ADMITTED, joinCall } from "./messages.ts";
import { answering, DoubleNode, WANTED } from "./world.ts";

const NODE = await DoubleNode.member();
const JOINER = await DoubleNode.newcomer();
const CALL = joinCall({ attester: JOINER, hpke: JOINER.hpke });
const HANDLE = answering(NODE, { handlers: { join: () => Promise.resolve(ADMITTED) } });
const URL_OF_NODE = "https://gateway.example/node-1";

/** A gateway that carries messages to the node; it terminates TLS, as gateways do. */
const gateway = async (
  url: string,
  { method, body, redirect }: RequestInit,
): Promise<Response> => {
  assert.equal(redirect, "manual");
  const answer = await HANDLE({
    method: method ?? "GET",
    path: url.slice(URL_OF_NODE.length),
    body: body instanceof Uint8Array ? new Uint8Array(body) : new Uint8Array(),
    source: "10.0.0.1",
    leaf: NODE.leaf.certificate,
  });
  const headers = { "content-type": `${answer.type}; charset=utf-8`, "retry-after": "3" };
  return new Response(new Uint8Array(answer.body), { status: answer.status, headers });
};

function webAsking(fetch: Fetch): Parameters<typeof attestByFetch>[0] {
  return { url: URL_OF_NODE, fetch, random: RANDOM, monotonic: () => 0, timeout: PATIENCE };
}

Deno.test("attestByFetch() verifies, sealedCall() seals, and the result says which binding that is", async () => {
  const session = await attestByFetch(webAsking(gateway), WANTED);
  assert.equal(session.binding, "hpke-key + nonce");
  assert.deepEqual(await sealedCall(session, CALL), ADMITTED);
});

/** What a gateway could make of a sealed answer. */
const FORGED: readonly (readonly [string, (answer: Response) => Promise<Response>, string])[] = [
  ["a bit of it", async (answer) => {
    const body = new Uint8Array(await answer.arrayBuffer());
    body[40] = (body[40] ?? 0) ^ 1;
    return new Response(body, { headers: { "content-type": SEALED_ANSWER_TYPE } });
  }, "channel.sealed"],
  ["an answer of its own", () =>
    Promise.resolve(
      new Response(JSON.stringify({ ...ADMITTED, role: "control-plane" }), {
        headers: { "content-type": "application/json" },
      }),
    ), "channel.answer"],
  [
    "more than 1 MiB",
    () => Promise.resolve(new Response(new Uint8Array(1024 * 1024 + 1))),
    "channel.too_large",
  ],
  ["a failure", () =>
    Promise.resolve(
      new Response('{"code":"join.full","message":"No"}', {
        status: 403,
        headers: { "content-type": "application/json" },
      }),
    ), "channel.refused"],
];

for (const [what, forge, code] of FORGED) {
  Deno.test(`NET-02 A gateway between browser and node forges no answer: ${what}`, async () => {
    const forging: Fetch = async (url, init: RequestInit) => {
      const answer = await gateway(url, init);
      return url.endsWith("/v1/join") ? await forge(answer) : answer;
    };
    const session = await attestByFetch(webAsking(forging), WANTED);
    await assert.rejects(sealedCall(session, CALL), { code });
  });
}

Deno.test("fetchClients() tells silence from absence", async () => {
  const silent: Fetch = (_, { signal }: RequestInit) =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  const hurried = { ...webAsking(silent), timeout: 20 };
  await assert.rejects(attestByFetch(hurried, WANTED), { code: "channel.timeout" });
  const absent: Fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  await assert.rejects(attestByFetch(webAsking(absent), WANTED), { code: "channel.unreachable" });
});

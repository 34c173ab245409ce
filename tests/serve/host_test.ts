/**
 * The server of a process: what it takes, how long it waits, whom it sends away.
 *
 * @module
 */

import assert from "node:assert/strict";
import { denoServers } from "../../src/hosts/deno_server.ts";
import { listen, type Running } from "../../src/hosts/server/listen.ts";
import { refused } from "../../src/hosts/server/refused.ts";
import type { Service } from "../../src/core/ports.ts";
import { type Answer, Client } from "./client.ts";
import { makeIdentity } from "./identity.ts";
import { sendRaw } from "./raw.ts";

const POST = "POST / HTTP/1.1\r\nhost: a\r\n";
const GET = "GET / HTTP/1.1\r\nhost: a\r\n";

/** Says what it was asked. */
async function echo(request: Request): Promise<Response> {
  const { pathname, search, host } = new URL(request.url);
  const { byteLength } = await request.arrayBuffer();
  return new Response(`${request.method} ${host} ${pathname}${search} ${byteLength}\n`);
}

async function serving(
  given: Partial<Service>,
  work: (running: Running) => Promise<void>,
): Promise<void> {
  const running = await listen({
    hostname: "127.0.0.1",
    port: 0,
    handle: echo,
    listening: () => {},
    ...given,
  });
  try {
    await work(running);
  } finally {
    await running.drain();
  }
}

/** What is sent, and the status of the answer; the connection ends with each. */
const MALFORMED: readonly (readonly [string, string, number])[] = [
  ["no HTTP", "\x16\x03\x01hello\r\n\r\n", 400],
  ["HTTP/2 without TLS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["no version", "GET /\r\n\r\n", 505],
  ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["an unknown method", "FETCH / HTTP/1.1\r\nhost: a\r\n\r\n", 400],
  [
    "length and chunks",
    `${POST}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ["two lengths", `${POST}content-length: 3\r\ncontent-length: 4\r\n\r\nabcd`, 400],
  ["a signed length", `${POST}content-length: +3\r\n\r\nabc`, 400],
  ["an unknown encoding", `${POST}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
  ["a chunk without size", `${POST}transfer-encoding: chunked\r\n\r\nzz\r\na\r\n`, 400],
  ["a chunk beyond numbers", `${POST}transfer-encoding: chunked\r\n\r\n${"f".repeat(18)}\r\n`, 400],
  ["a space before the colon", "GET / HTTP/1.1\r\nhost : a\r\n\r\n", 400],
  ["lines without CR", "GET / HTTP/1.1\nhost: a\n\n", 400],
  ["a folded header", `${GET}b: c\r\n d\r\n\r\n`, 400],
  ["a header with NUL", `${GET}b: \0\r\n\r\n`, 400],
  ["a long path", `GET /${"a".repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, 431],
  ["a long header", `${GET}b: ${"c".repeat(65_536)}\r\n\r\n`, 431],
  ["headers without end", `${GET}b: ${"c".repeat(2 ** 20)}`, 431],
  ["CONNECT", "CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n", 0],
];

/** As above, in good form; the connection goes on. */
const REFUSED: readonly (readonly [string, string, number])[] = [
  ["two hosts", `${GET}host: b\r\n\r\n`, 400],
  ["a host that is none", "GET / HTTP/1.1\r\nhost: a b\r\n\r\n", 400],
  ["a host with a user", "GET / HTTP/1.1\r\nhost: a@b\r\n\r\n", 400],
  ["a path that is none", "OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n", 400],
  ["TRACE", "TRACE / HTTP/1.1\r\nhost: a\r\n\r\n", 501],
  ["HTTP/2.0 in the form of HTTP/1.1", "GET / HTTP/2.0\r\nhost: a\r\n\r\n", 505],
  [
    "a body that was compressed on its way",
    `${POST}transfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    501,
  ],
  ["many headers", `${GET}${"b: c\r\n".repeat(100)}\r\n`, 431],
];

Deno.test("listen() refuses what is no HTTP/1.1 and ends the connection", async () => {
  await serving({}, async ({ url }) => {
    await Promise.all(MALFORMED.map(async ([name, text, status]) => {
      const answer = await sendRaw(url, text);
      assert.deepEqual([answer.status, answer.ended], [status, true], name);
      // At once, and not because the connection rested for too long.
      if (status > 0) assert.match(answer.text, /^connection: close$/im, name);
    }));
    assert.equal((await fetch(url)).status, 200);
  });
});

Deno.test("listen() refuses requests that nobody should be given", async () => {
  await serving({}, async ({ url }) => {
    for (const [name, text, status] of REFUSED) {
      const answer = await sendRaw(url, text.replace("\r\n", "\r\nconnection: close\r\n"));
      assert.deepEqual([answer.status, answer.ended], [status, true], name);
      const [head = "", body = ""] = answer.text.split("\r\n\r\n");
      assert.match(head, /^content-type: application\/problem\+json$/im, name);
      assert.match(head, /^x-content-type-options: nosniff$/im, name);
      const { type, title, status: said } = JSON.parse(body);
      assert.deepEqual([type, said], ["about:blank", status], name);
      assert.ok(head.startsWith(`HTTP/1.1 ${status} ${title}\r\n`), head);
    }
  });
});

Deno.test("listen() gives method, address and body on as they came", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["GET //evil/x?y HTTP/1.1\r\nhost: a:1", "GET a:1 //evil/x?y 0\n"],
    ["GET http://b/x HTTP/1.1\r\nhost: a", "GET b /x 0\n"],
    ["GET http://b?x HTTP/1.1\r\nhost: a", "GET b /?x 0\n"],
    ["GET / HTTP/1.0\r\na: b", "GET localhost / 0\n"],
    ["POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0", "POST a / 0\n"],
  ];
  await serving({}, async ({ url }) => {
    for (const [head, wanted] of cases) {
      const { text } = await sendRaw(url, `${head}\r\nconnection: close\r\n\r\n`);
      assert.equal(text.split("\r\n\r\n")[1], wanted);
    }
    const chunked = `${POST}connection: close\r\ntransfer-encoding: chunked\r\n\r\n`;
    const { text } = await sendRaw(url, `${chunked}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`);
    assert.equal(text.split("\r\n\r\n")[1], "POST a / 5\n");
  });
});

Deno.test("listen() ends connections whose requests do not come, and answers others meanwhile", async () => {
  const slow: readonly (readonly [string, string])[] = [
    ["", ""],
    [POST, ""],
    [POST, "b: c\r\n"],
    [`${POST}content-length: 9999\r\n\r\n`, ""],
    [`${POST}content-length: 9999\r\n\r\n`, "x"],
    [`${POST}transfer-encoding: chunked\r\n\r\n`, "1\r\nx\r\n"],
  ];
  await serving({ requestTimeout: 2000 }, async ({ url }) => {
    const sent = slow.map(([first, drip]) => sendRaw(url, first, { drip }));
    const quick = await Promise.all(Array.from({ length: 20 }, () => fetch(url)));
    assert.deepEqual(new Set(quick.map(({ status }) => status)), new Set([200]));
    await Promise.all(quick.map((response) => response.text()));
    for (const answer of await Promise.all(sent)) {
      assert.deepEqual([answer.status, answer.ended], [408, true]);
    }
  });
});

Deno.test("listen() lets silent connections make room, and cuts off no request that came", async () => {
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const go = Promise.withResolvers<void>();
  const handle = async (request: Request): Promise<Response> => {
    const at = ["/wait/0", "/wait/1"].indexOf(new URL(request.url).pathname);
    begun[at]?.resolve();
    if (at >= 0) await go.promise;
    return new Response("whole");
  };
  const silent: Deno.Conn[] = [];
  await serving({ maxConnections: 4, handle }, async ({ url }) => {
    const waiting = [fetch(`${url}/wait/0`), fetch(`${url}/wait/1`)];
    await Promise.all(begun.map(({ promise }) => promise));
    // Connected one after the other, so that it is certain who came first.
    const { hostname, port } = new URL(url);
    for (let count = 0; count < 30; count++) {
      const connection = await Deno.connect({ hostname, port: Number(port) });
      await connection.write(new TextEncoder().encode(GET));
      silent.push(connection);
    }
    for (let again = 0; again < 10; again++) {
      assert.equal(await (await fetch(url)).text(), "whole");
    }
    // Four places: two requests that came, the one that asked last, and one that is silent.
    for (const connection of silent.slice(0, 29)) assert.ok(await isEnded(connection));
    go.resolve();
    for (const answer of waiting) assert.equal(await (await answer).text(), "whole");
  });
  for (const connection of silent) connection.close();
});

/** Whether the other side ends a connection without a word. */
async function isEnded(connection: Deno.Conn): Promise<boolean> {
  return await connection.read(new Uint8Array(1)).catch(() => null) === null;
}

Deno.test("listen() ends connections whose TLS handshake does not come, and lets them make room", async () => {
  const { certificate, key } = await makeIdentity("localhost");
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const tls = { certificate: bytes(certificate), key: bytes(key) };
  using client = Deno.createHttpClient({ caCerts: [certificate] });
  const hello = Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3);
  // Less than a connection may rest: it is the handshake that was waited for.
  const patience = 25_000;
  await serving({ tls, maxConnections: 4 }, async ({ url }) => {
    const silent: Deno.Conn[] = [];
    for (let count = 0; count < 30; count++) {
      const { hostname, port } = new URL(url);
      silent.push(await Deno.connect({ hostname, port: Number(port) }));
    }
    const asked = await fetch(url.replace("127.0.0.1", "localhost"), { client });
    assert.match(await asked.text(), /^GET localhost:/);
    for (const connection of silent) connection.close();

    const mute = [sendRaw(url, "", { patience }), sendRaw(url, hello, { patience })];
    for (const answer of await Promise.all(mute)) {
      assert.deepEqual(answer, { text: "", status: 0, ended: true });
    }
    const plain = await sendRaw(url, `${GET}\r\n`);
    assert.deepEqual([plain.status, plain.ended], [0, true]);
  });
});

Deno.test("denoServers says where it cannot listen, and why", async () => {
  await serving({}, async ({ url }) => {
    const { hostname, port } = new URL(url);
    const service = { hostname, port: Number(port), handle: echo, listening: () => {} };
    const message = `Cannot listen on 127.0.0.1:${port}: another program listens there`;
    await assert.rejects(denoServers.serve(service), { code: "input.value", message });
  });
  const cause = Object.assign(new Error("listen EINVAL"), { code: "EINVAL" });
  assert.equal(
    refused({ hostname: "2001:db8::1", port: 80 }, cause).message,
    "Cannot listen on [2001:db8::1]:80: this machine has no such address",
  );
});

Deno.test("listen() answers before a body that nobody reads is there, and then ends the connection", async () => {
  const handle = (): Promise<Response> => Promise.resolve(new Response("no", { status: 413 }));
  await serving({ handle }, async ({ url }) => {
    const head = `${POST}content-length: 3000000\r\n\r\n`;
    const [whole, endless] = await Promise.all([
      sendRaw(url, head + "x".repeat(3_000_000)),
      sendRaw(url, head, { drip: "x" }),
    ]);
    assert.deepEqual([whole.status, whole.ended], [413, true]);
    assert.deepEqual([endless.status, endless.ended], [413, true]);
    assert.match(endless.text, /connection: close/i);
  });
});

Deno.test("listen() ends a connection that sends requests without awaiting answers", async () => {
  await serving({}, async ({ url }) => {
    const few = await sendRaw(url, `${GET}\r\n`.repeat(3) + `${GET}connection: close\r\n\r\n`);
    assert.deepEqual([few.text.match(/GET a/g)?.length, few.ended], [4, true]);
    const many = await sendRaw(url, `${GET}\r\n`.repeat(1000));
    assert.ok(many.ended && (many.text.match(/GET a/g)?.length ?? 0) < 1000);
  });
});

Deno.test("drain() answers what came, also on connections that rested, and takes nothing new", async () => {
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const handle = async (request: Request): Promise<Response> => {
    if (request.method === "GET") return new Response("rested");
    begun.resolve();
    await go.promise;
    return new Response("whole");
  };
  const running = await listen({
    hostname: "127.0.0.1",
    port: 0,
    handle,
    listening: () => {},
  });
  const rested = new Client(running.url);
  const ask = (): Promise<Answer> => rested.ask({ method: "GET", path: "/" });
  const before = await ask();
  assert.deepEqual([before.headers.get("connection"), before.body], ["keep-alive", "rested"]);
  const waiting = fetch(running.url, { method: "POST", body: "x" });
  await begun.promise;

  // On its way before anybody could have read it.
  const asking = ask();
  const drained = running.drain();

  const last = await asking;
  assert.deepEqual([last.headers.get("connection"), last.body], ["close", "rested"]);
  await assert.rejects(fetch(running.url), TypeError);
  go.resolve();
  assert.equal(await (await waiting).text(), "whole");
  await drained;
});

import assert from "node:assert/strict";
import { connect as connectPlain } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { ChannelListener, ChannelRequest } from "../../src/core/node_ports.ts";
import { toHex } from "../../src/core/bytes.ts";
import { channelClients } from "../../src/hosts/channel/client.ts";
import {
  MAX_BODY_BYTES,
  SERVER_LIMITS,
  type ServerLimits,
} from "../../src/hosts/channel/limits.ts";
import { channelServers, listenWithin } from "../../src/hosts/channel/server.ts";
import { pemOf } from "../../src/hosts/channel/identity.ts";
import * as protocol from "../../src/protocol/limits.ts";
import { noOpenssl } from "../../src/lab/openssl_test.ts";
import { callTo, listenAs, newLeaf, NOBODY, said } from "./host_double.ts";
import { sServer } from "./openssl_server.ts";

const GET = "GET /v1/status HTTP/1.1\r\nhost: a\r\n\r\n";

/** A server that says what it was asked. */
async function echoing(
  asked: ChannelRequest[] = [],
): Promise<
  { readonly listener: ChannelListener; readonly leaf: Awaited<ReturnType<typeof newLeaf>> }
> {
  const leaf = await newLeaf();
  const listener = await channelServers.listen({
    hostname: "127.0.0.1",
    port: 0,
    identity: leaf,
    handle(request) {
      asked.push(request);
      return Promise.resolve(said(`${request.method} ${request.path} ${toHex(request.leaf)}`));
    },
  });
  return { listener, leaf };
}

/** Connections are taken in the order in which they came: those before one that was answered were taken. */
async function taken({ port }: ChannelListener, leaf: Uint8Array): Promise<void> {
  assert.equal((await channelClients.ask(callTo(port, leaf))).status, 200);
}

Deno.test("ask() reaches a server by its address, and the server knows its own leaf and the source", async () => {
  const asked: ChannelRequest[] = [];
  const { listener, leaf } = await echoing(asked);
  try {
    const { status, body } = await channelClients.ask(callTo(listener.port, leaf.certificate));
    assert.equal(status, 200);
    const text = new TextDecoder().decode(body);
    assert.equal(text, `POST /v1/join ${toHex(leaf.certificate)}`);
    const [request] = asked;
    assert.equal(request?.source, "127.0.0.1");
    assert.equal(new TextDecoder().decode(request?.body), "secret of the request");
    const unpinned = callTo(listener.port, null, { method: "GET", path: "/v1/status" });
    assert.equal((await channelClients.ask(unpinned)).status, 200);
  } finally {
    await listener.close();
  }
});

Deno.test("ask() sends no byte to a server that shows another certificate", async () => {
  const [attested, own] = [await newLeaf(), await newLeaf()];
  const other = await listenAs(own, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  try {
    // The double does hear what is sent to it where nothing is pinned.
    assert.equal((await channelClients.ask(callTo(other.port, null))).status, 200);
    assert.ok(other.heard.length > 0);
    other.heard.length = 0;
    await assert.rejects(channelClients.ask(callTo(other.port, attested.certificate)), {
      name: "RejectedError",
      code: "channel.pin",
    });
    assert.deepEqual(other.heard, []);
  } finally {
    await other.close();
  }
});

Deno.test({
  name:
    "ask() sends no byte to a server that shows the attested certificate and does not hold its key",
  ignore: noOpenssl,
  async fn() {
    const [attested, own] = [await newLeaf(), await newLeaf()];
    await using honest = await sServer(attested.certificate, attested.key);
    const asking = channelClients.ask(callTo(honest.port, attested.certificate));
    await honest.answer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assert.equal((await asking).status, 200);
    assert.match(await honest.heard(), /POST \/v1\/join/);
    // OpenSSL believes the public half that stands in the private key, and signs with the other.
    const mixed = new Uint8Array(own.key);
    mixed.set(attested.spki.slice(-65), mixed.length - 65);
    await using keyless = await sServer(attested.certificate, mixed);
    await assert.rejects(channelClients.ask(callTo(keyless.port, attested.certificate)), {
      code: "channel.pin",
    });
    assert.equal(await keyless.heard(), "");
  },
});

Deno.test("ask() asks nobody over TLS 1.2, also where nothing is pinned", async () => {
  const leaf = await newLeaf();
  const answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
  const old = await listenAs(leaf, answer, { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" });
  try {
    await assert.rejects(channelClients.ask(callTo(old.port, null)), {
      code: "channel.unreachable",
    });
    await assert.rejects(channelClients.ask(callTo(old.port, leaf.certificate)));
    assert.deepEqual(old.heard, []);
  } finally {
    await old.close();
  }
});

Deno.test("listen() refuses TLS 1.2", async () => {
  const { listener, leaf } = await echoing();
  const failed = await new Promise<boolean>((resolve) => {
    const socket = connectTls({
      port: listener.port,
      host: "127.0.0.1",
      servername: "a.agent.casemate.invalid",
      ca: [pemOf("CERTIFICATE", leaf.certificate)],
      maxVersion: "TLSv1.2",
    });
    socket.once("secureConnect", () => resolve(false));
    socket.once("error", () => resolve(true));
    socket.once("close", () => resolve(true));
  });
  await listener.close();
  assert.ok(failed);
});

Deno.test("replace() shows new connections another leaf, and each request says under which it came", async () => {
  const asked: ChannelRequest[] = [];
  const { listener, leaf } = await echoing(asked);
  // A connection that is there before, whose handshake comes after: what it is shown is what is said of it.
  const early = connectPlain(listener.port, "127.0.0.1");
  await new Promise<void>((resolve) => early.once("connect", () => resolve()));
  const next = await newLeaf();
  try {
    await taken(listener, leaf.certificate);
    listener.replace(next);
    await assert.rejects(channelClients.ask(callTo(listener.port, leaf.certificate)), {
      code: "channel.pin",
    });
    const { body } = await channelClients.ask(callTo(listener.port, next.certificate));
    assert.ok(new TextDecoder().decode(body).endsWith(toHex(next.certificate)));
    const shown = await new Promise<string>((resolve, reject) => {
      const socket = connectTls({
        socket: early,
        servername: "a.agent.casemate.invalid",
        ca: [pemOf("CERTIFICATE", leaf.certificate)],
      });
      socket.once("error", reject);
      socket.once("secureConnect", () => {
        resolve(toHex(new Uint8Array(socket.getPeerCertificate(true).raw)));
        socket.write("GET /v1/status HTTP/1.1\r\nhost: a\r\n\r\n");
      });
    });
    assert.equal(shown, toHex(leaf.certificate));
    while (asked.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(toHex(asked[2]?.leaf ?? new Uint8Array()), shown);
  } finally {
    early.destroy();
    await listener.close();
  }
});

Deno.test("replace() ends the connections before it, and age ends all: both are within the protocol's hour", async () => {
  assert.ok(SERVER_LIMITS.connectionAge <= protocol.MAX_CONNECTION_SECONDS * 1000);
  assert.ok(SERVER_LIMITS.replacedAge <= 60_000);
  assert.equal(MAX_BODY_BYTES, protocol.MAX_BODY_BYTES);
  // On a slow machine age ends it before the request came.
  await endsUnderWay({ connectionAge: 300 }, () => Promise.resolve());
  await endsUnderWay({ replacedAge: 40 }, async (listener, came) => {
    await came;
    listener.replace(await newLeaf());
  });
});

/** A request that is being answered holds its connection against every limit but that of age. */
async function endsUnderWay(
  limits: Partial<ServerLimits>,
  then: (listener: ChannelListener, came: Promise<void>) => Promise<void>,
): Promise<void> {
  const leaf = await newLeaf();
  const [came, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const listener = await listenWithin({ ...SERVER_LIMITS, ...limits }, {
    hostname: "127.0.0.1",
    port: 0,
    identity: leaf,
    async handle() {
      came.resolve();
      await released.promise;
      return said("");
    },
  });
  const ended = readFrom(openAs(listener, leaf.certificate, GET));
  await then(listener, came.promise);
  assert.equal(await ended, "");
  released.resolve();
  await listener.close();
}

/** Connects and writes. */
function openAs({ port }: ChannelListener, leaf: Uint8Array, text: string): TLSSocket {
  const socket = connectTls({
    ...{ port, host: "127.0.0.1", servername: "a.agent.casemate.invalid" },
    ca: [pemOf("CERTIFICATE", leaf)],
  });
  socket.on("error", () => {});
  return socket.once("secureConnect", () => socket.write(text));
}

/** Reads until something was said, or the connection ends, however it does. */
function readFrom(socket: TLSSocket, until?: string): Promise<string> {
  return new Promise((resolve) => {
    let read = "";
    const ended = (): void => resolve(read);
    socket.once("close", ended);
    socket.on("data", (part: Uint8Array) => {
      read += new TextDecoder().decode(part);
      if (until !== undefined && read.includes(until)) ended();
    });
  });
}

Deno.test("listen() holds so much of bodies that do not get on; the oldest goes first, and nothing is logged", async () => {
  const { error } = console;
  console.error = (...told) => assert.fail(String(told));
  const leaf = await newLeaf();
  const limits = { ...SERVER_LIMITS, arriving: 2 * MAX_BODY_BYTES, requestTimeout: 600_000 };
  const listener = await listenWithin(limits, {
    hostname: "127.0.0.1",
    port: 0,
    identity: leaf,
    handle: ({ body }) => Promise.resolve(said(`${body.length} bytes`)),
  });
  const head = `POST /v1/join HTTP/1.1\r\nhost: a\r\ncontent-length: ${MAX_BODY_BYTES}\r\n` +
    "expect: 100-continue\r\n\r\nbegun";
  try {
    const first = openAs(listener, leaf.certificate, head);
    const ended = readFrom(first);
    assert.match(await readFrom(first, "\r\n\r\n"), /100 Continue/);
    const left = openAs(listener, leaf.certificate, head);
    assert.match(await readFrom(left, "\r\n\r\n"), /100 Continue/);
    await taken(listener, leaf.certificate);
    assert.match(await ended, /100 Continue\r\n\r\n$/);
    left.write(new Uint8Array(MAX_BODY_BYTES - "begun".length));
    assert.match(await readFrom(left, "bytes"), /^HTTP\/1\.1 200 OK[\s\S]*1048576 bytes$/);
    left.destroy();
  } finally {
    await listener.close();
    console.error = error;
  }
});

Deno.test("listen() ends a connection on which a request does not get on", async () => {
  const leaf = await newLeaf();
  const limits = { ...SERVER_LIMITS, requestTimeout: 300 };
  const listener = await listenWithin(limits, {
    hostname: "127.0.0.1",
    port: 0,
    identity: leaf,
    handle: () => Promise.resolve(said("")),
  });
  const answer = await readFrom(
    openAs(listener, leaf.certificate, "POST /v1/join HTTP/1.1\r\nhost: a\r\n"),
  );
  await listener.close();
  assert.match(answer, /^HTTP\/1.1 408 /);
});

Deno.test("listen() and ask() take bodies of 1 MiB and no more", async () => {
  const leaf = await newLeaf();
  const listener = await channelServers.listen({
    hostname: "127.0.0.1",
    port: 0,
    identity: leaf,
    handle: ({ body }) =>
      Promise.resolve({
        status: 200,
        type: "a/b",
        body: new Uint8Array(body.length > 0 ? body.length : MAX_BODY_BYTES + 1),
      }),
  });
  const ask = (length: number): ReturnType<typeof channelClients.ask> =>
    channelClients.ask(
      callTo(listener.port, leaf.certificate, { body: new Uint8Array(length) }),
    );
  try {
    assert.equal((await ask(MAX_BODY_BYTES)).body.length, MAX_BODY_BYTES);
    const refused = await ask(MAX_BODY_BYTES + 1);
    assert.equal(refused.status, 413);
    assert.equal(JSON.parse(new TextDecoder().decode(refused.body)).code, "protocol.too_large");
    await assert.rejects(ask(0), { name: "UnavailableError", code: "channel.too_large" });
  } finally {
    await listener.close();
  }
});

Deno.test("ask() takes no answer after one that says that it comes: those could come for ever", async () => {
  const leaf = await newLeaf();
  for (const first of ["100 Continue", "103 Early Hints"]) {
    const answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    const server = await listenAs(leaf, `HTTP/1.1 ${first}\r\n\r\n${answer}`);
    try {
      await assert.rejects(channelClients.ask(callTo(server.port, leaf.certificate)), {
        code: "channel.unreachable",
        message: /status 10[03] first/,
      });
    } finally {
      await server.close();
    }
  }
});

Deno.test("ask() follows no redirect, and says what was cut short, silent or absent", async () => {
  const leaf = await newLeaf();
  const elsewhere = "HTTP/1.1 307 Temporary Redirect\r\nlocation: https://127.0.0.1:1/\r\n" +
    "content-length: 0\r\nretry-after: 7\r\n\r\n";
  const servers = [
    await listenAs(leaf, elsewhere),
    await listenAs(leaf, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab"),
    await listenAs(leaf),
  ] as const;
  const [redirecting, short, silent] = servers;
  try {
    const answer = await channelClients.ask(callTo(redirecting.port, leaf.certificate));
    assert.equal(answer.status, 307);
    assert.equal(answer.retryAfter, 7);
    await assert.rejects(channelClients.ask(callTo(short.port, leaf.certificate)), {
      code: "channel.unreachable",
    });
    const hurried = callTo(silent.port, leaf.certificate, { timeout: 200 });
    await assert.rejects(channelClients.ask(hurried), { code: "channel.timeout" });
  } finally {
    for (const server of servers) await server.close();
  }
  await assert.rejects(channelClients.ask(callTo(NOBODY, leaf.certificate)), {
    name: "UnavailableError",
    code: "channel.unreachable",
  });
});

Deno.test("ask() never resumes a session: of a server in the same process it sees the certificate of now", async () => {
  const [first, second] = [await newLeaf(), await newLeaf()];
  const one = await listenAs(first, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  const two = await listenAs(second, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  try {
    for (let round = 0; round < 3; round++) {
      await channelClients.ask(callTo(one.port, first.certificate));
      await assert.rejects(channelClients.ask(callTo(two.port, first.certificate)), {
        code: "channel.pin",
      });
    }
  } finally {
    await one.close();
    await two.close();
  }
});

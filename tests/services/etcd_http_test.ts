/** Asking an etcd over TLS: time, size, and what broke off. */

import { deepEqual, equal, ok } from "node:assert/strict";
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { UnavailableError } from "../../src/core/errors.ts";
import type { EtcdHttp } from "../../src/core/node_ports.ts";
import { openEtcdHttp } from "../../src/hosts/etcd/etcd_http.ts";
import { makeIdentity } from "../serve/identity.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function withServer(
  handle: Handler,
  use: (http: EtcdHttp, url: string, server: Server) => Promise<void>,
): Promise<void> {
  const [own, client] = [await makeIdentity("etcd"), await makeIdentity("client")];
  const server = createServer({ cert: own.certificate, key: own.key }, handle);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  ok(typeof address === "object" && address !== null);
  const { certificate, key } = client;
  const http = openEtcdHttp({ authorities: own.certificate, certificate, key });
  try {
    await use(http, `https://localhost:${address.port}/v3/kv/range`, server);
  } finally {
    http.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

const call = (url: string, timeout = 5_000) => ({
  url,
  body: new TextEncoder().encode("{}"),
  token: "t",
  timeout,
});

async function failure(work: Promise<unknown>): Promise<Readonly<Record<string, string>>> {
  const error = await work.then(() => null, (thrown: unknown) => thrown);
  ok(error instanceof UnavailableError && error.code === "store.unreachable", String(error));
  return error.fields;
}

Deno.test("EtcdHttp gives token and body, and any status, over kept connections", async () => {
  let connections = 0;
  const handle: Handler = (request, response) => {
    const parts: Uint8Array[] = [];
    request.on("data", (part: Uint8Array) => parts.push(part));
    request.on("end", () => {
      const { method, headers } = request;
      response.writeHead(418).end(`${method} ${headers.authorization} ${parts.length}`);
    });
  };
  await withServer(handle, async (http, url, server) => {
    server.on("secureConnection", () => connections++);
    for (let i = 0; i < 3; i++) {
      const { status, body } = await http.post(call(url));
      deepEqual([status, new TextDecoder().decode(body)], [418, "POST t 1"]);
    }
    equal(connections, 1);
  });
});

Deno.test("EtcdHttp waits no longer than it is told, for the first byte and the last", async () => {
  for (const begin of [false, true]) {
    let connected = false;
    const handle: Handler = (_, response) => {
      if (!connected) response.end("{}");
      else if (begin) response.write("{");
    };
    await withServer(handle, async (http, url) => {
      // Over a connection that is there: what the time is spent on is no handshake.
      await http.post(call(url));
      connected = true;
      const { sent, reason } = await failure(http.post(call(url, 200)));
      equal(sent, "maybe");
      equal(reason, "no answer within 200 ms");
    });
  }
});

Deno.test("EtcdHttp tells what cannot have been seen from what may", async () => {
  await withServer((request) => request.socket.destroy(), async (http, url) => {
    equal((await failure(http.post(call(url))))["sent"], "maybe");
  });
  await withServer((_, response) => {
    response.writeHead(200, { "content-length": "10" }).write("12345");
    setTimeout(() => response.destroy(), 20);
  }, async (http, url) => {
    equal((await failure(http.post(call(url))))["sent"], "maybe");
  });
  await withServer(() => {}, async (http, url, server) => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    equal((await failure(http.post(call(url))))["sent"], "no");
  });
});

Deno.test("EtcdHttp asks once, over a kept connection as over a new one", async () => {
  for (const end of ["silence", "reset", "torn"] as const) {
    const asked: string[] = [];
    const handle: Handler = (request, response) => {
      const { pathname } = new URL(request.url ?? "", "https://localhost");
      asked.push(pathname);
      if (pathname !== "/bad") response.end("{}");
      else if (end === "reset") request.socket.destroy();
      else if (end === "torn") response.write("{", () => response.destroy());
    };
    await withServer(handle, async (http, url) => {
      const at = (path: string, patience = 60_000) => call(new URL(path, url).href, patience);
      await http.post(at("/first"));
      const torn = http.post(at("/bad", end === "silence" ? 1_000 : 60_000));
      equal((await failure(torn))["sent"], "maybe");
      // What was asked again would be there before this is answered.
      equal((await http.post(at("/last"))).status, 200);
      deepEqual(asked, ["/first", "/bad", "/last"], end);
    });
  }
});

Deno.test("EtcdHttp reads no more than 16 MiB", async () => {
  const part = new Uint8Array(1024 * 1024);
  const handle: Handler = (_, response) => {
    let left = 64;
    const more = () => {
      while (left-- > 0) if (!response.write(part)) return void response.once("drain", more);
      response.end();
    };
    more();
  };
  await withServer(handle, async (http, url) => {
    equal((await failure(http.post(call(url))))["reason"], "more than 16777216 bytes");
  });
});

Deno.test("EtcdHttp shows its certificate to who is under the given authority, for the name that was asked", async () => {
  await withServer((_, response) => response.end("{}"), async (http, url) => {
    equal((await failure(http.post(call(url.replace("localhost", "127.0.0.1")))))["sent"], "no");
    equal((await http.post(call(url))).status, 200);
  });
});

import assert from "node:assert/strict";
import type { MetadataRequest } from "../../src/core/node_ports.ts";
import { denoMetadata } from "../../src/hosts/devices/metadata.ts";
import { fromFileUrl, output } from "../../scripts/process.ts";
import { assertUnavailable } from "./asking.ts";

const REQUEST: MetadataRequest = {
  ...{ method: "GET", path: "/latest/data?x=1", headers: { "Metadata": "true" } },
  ...{ body: new Uint8Array(), maxBytes: 64, timeout: 60_000 },
};

/** A service on the machine, for a while. */
async function served<T>(
  answer: (request: Request) => Response | Promise<Response>,
  use: (port: number) => Promise<T>,
): Promise<T> {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return await use(server.addr.port);
}

Deno.test("denoMetadata() sends method, path, headers and body as they are, whatever proxies are named", () =>
  served(async (request) => {
    const { pathname, search } = new URL(request.url);
    const said = [request.method, pathname + search, request.headers.get("metadata")];
    return new Response(`${said.join(" ")} ${await request.text()}`);
  }, async (port) => {
    const proxy = "http://127.0.0.1:1";
    const script = fromFileUrl(new URL("ask_metadata.ts", import.meta.url));
    const said = await output(Deno.execPath(), ["run", "-A", "--no-check", script, `${port}`], {
      env: { HTTP_PROXY: proxy, http_proxy: proxy, ALL_PROXY: proxy, NODE_USE_ENV_PROXY: "1" },
    });
    assert.equal(said.trim(), "POST /latest/data?x=1 true asked");
  }));

Deno.test("denoMetadata() follows no redirect", () =>
  served(() => Response.redirect("http://127.0.0.1:1/", 307), async (port) => {
    const { status } = await denoMetadata({ place: { hostname: "127.0.0.1", port } }).ask(REQUEST);
    assert.equal(status, 307);
  }));

Deno.test("denoMetadata() reads no more than was asked for", () =>
  served(() => new Response("x".repeat(65)), async (port) => {
    const asked = denoMetadata({ place: { hostname: "127.0.0.1", port } }).ask(REQUEST);
    await assertUnavailable(asked, "device.metadata_answer");
  }));

Deno.test("denoMetadata() waits no longer than was asked for", async () => {
  let answer = (_: Response): void => {};
  const late = new Promise<Response>((done) => answer = done);
  await served(() => late, async (port) => {
    const asked = denoMetadata({ place: { hostname: "127.0.0.1", port } }).ask({
      ...REQUEST,
      timeout: 50,
    });
    await assertUnavailable(asked, "device.metadata_unreachable");
    answer(new Response());
  });
});

Deno.test("denoMetadata() says where nobody answers, and where an answer breaks off", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const service = denoMetadata({ place: { hostname: "127.0.0.1", port } });
  const breaking = (async () => {
    const connection = await listener.accept();
    await connection.read(new Uint8Array(1024));
    const head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
    await connection.write(new TextEncoder().encode(head));
    connection.close();
  })();
  await assertUnavailable(service.ask(REQUEST), "device.metadata_unreachable");
  await breaking;
  listener.close();
  // Ports below 1024 are given to nobody who asks for any.
  const nobody = denoMetadata({ place: { hostname: "127.0.0.1", port: 1 } });
  await assertUnavailable(nobody.ask(REQUEST), "device.metadata_unreachable");
});

Deno.test("denoMetadata() keeps what it read for five minutes, and nothing that was refused or written", async () => {
  let [times, now] = [0, 0];
  const answers = [200, 200, 404, 404];
  await served(
    () => new Response(`${++times}`, { status: answers[times - 1] ?? 200 }),
    async (port) => {
      const place = { hostname: "127.0.0.1", port };
      const service = denoMetadata({ place, monotonic: () => now });
      const said = async (request: Partial<MetadataRequest> = {}): Promise<string> =>
        new TextDecoder().decode((await service.ask({ ...REQUEST, ...request })).body);
      assert.deepEqual([await said(), await said()], ["1", "1"]);
      now = 300_000;
      assert.equal(await said(), "2");
      const other = { path: "/other" };
      assert.deepEqual([await said(other), await said(other), await said(other)], ["3", "4", "5"]);
      assert.deepEqual([await said({ method: "PUT" }), await said({ method: "PUT" })], ["6", "7"]);
      assert.equal(await said(), "2");
    },
  );
});

/**
 * Asking real servers over loopback, whatever they do.
 *
 * @module
 */

import assert from "node:assert/strict";
import { UnavailableError } from "../../src/core/errors.ts";
import type { HttpResponse } from "../../src/core/ports.ts";
import { denoHttp } from "../../src/hosts/deno_http.ts";

/** What a server writes to whoever asks, byte for byte; it then closes unless it is to wait. */
interface Script {
  readonly writes: string;
  readonly waits?: boolean;
}

/** Asks a server that does what the script says; gives the answer and the request's head. */
async function ask(script: Script, timeout = 5000) {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  let head = "";
  const served = (async () => {
    using connection = await listener.accept();
    const bytes = new Uint8Array(4096);
    head = new TextDecoder().decode(bytes.subarray(0, await connection.read(bytes) ?? 0));
    await connection.write(new TextEncoder().encode(script.writes));
    // Until the other side gives up.
    if (script.waits === true) await connection.read(bytes).catch(() => null);
  })();
  const url = `http://127.0.0.1:${listener.addr.port}/crl?a=1`;
  try {
    const headers = { "user-agent": "casemate" };
    const response = await denoHttp.get({ url, headers, maxBytes: 50, timeout });
    return { response, head };
  } finally {
    await served;
    listener.close();
  }
}

const OK = "HTTP/1.1 200 OK\r\nConnection: close\r\n";

Deno.test("get() gives status, headers and body, and asks for nothing else", async () => {
  const writes = `${OK}SGX-PCK-CRL-Issuer-Chain: -----BEGIN%20\r\nContent-Length: 3\r\n\r\nabc`;
  const { response, head } = await ask({ writes });
  const { status, headers, body }: HttpResponse = response;
  assert.deepEqual([status, new TextDecoder().decode(body)], [200, "abc"]);
  assert.equal(headers["sgx-pck-crl-issuer-chain"], "-----BEGIN%20");
  assert.match(head, /^GET \/crl\?a=1 HTTP\/1\.1\r\n/);
  assert.match(head, /user-agent: casemate\r\n/);
  assert.doesNotMatch(head, /cookie|referer|authorization/i);
});

Deno.test("get() gives redirects and errors as they are, and follows nothing", async () => {
  const redirect =
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n";
  const { response } = await ask({ writes: redirect });
  assert.deepEqual([response.status, response.body.length], [302, 0]);
  const busy = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n";
  assert.equal((await ask({ writes: busy })).response.headers["retry-after"], "30");
});

const BROKEN: readonly (readonly [string, Script, string, number])[] = [
  [
    "a length that does not come",
    { writes: `${OK}Content-Length: 40\r\n\r\nabc` },
    "cut_short",
    5000,
  ],
  [
    "chunks without an end",
    { writes: `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n` },
    "cut_short",
    5000,
  ],
  [
    "more than is taken",
    { writes: `${OK}Content-Length: 51\r\n\r\n${"x".repeat(51)}` },
    "too_large",
    5000,
  ],
  ["no answer", { writes: "", waits: true }, "timeout", 60],
  [
    "an answer that stops",
    { writes: `${OK}Content-Length: 40\r\n\r\nabc`, waits: true },
    "timeout",
    60,
  ],
  ["what is not HTTP", { writes: "SSH-2.0-OpenSSH\r\n\r\n" }, "unreachable", 5000],
];

for (const [what, script, kind, timeout] of BROKEN) {
  Deno.test(`get() tells ${what} as collateral.${kind}`, async () => {
    await assert.rejects(
      ask(script, timeout),
      (error) => error instanceof UnavailableError && error.code === `collateral.${kind}`,
    );
  });
}

Deno.test("get() tells a port at which nobody listens, and a name that is none", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  for (const url of [`http://127.0.0.1:${port}/`, "http://nobody.invalid/"]) {
    await assert.rejects(
      denoHttp.get({ url, headers: {}, maxBytes: 50, timeout: 5000 }),
      (error) =>
        error instanceof UnavailableError && error.code === "collateral.unreachable" &&
        error.message.startsWith(new URL(url).host),
      url,
    );
  }
});

/** A proxy that answers itself, opens no tunnel, and keeps the first line of each request. */
function proxy() {
  const lines: string[] = [];
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const ended = (async () => {
    for await (const connection of listener) {
      const bytes = new Uint8Array(4096);
      const length = await connection.read(bytes) ?? 0;
      const [line = ""] = new TextDecoder().decode(bytes.subarray(0, length)).split("\r\n");
      lines.push(line);
      const status = line.startsWith("CONNECT") ? "502 Bad Gateway" : "200 OK";
      const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
      await connection.write(new TextEncoder().encode(head));
      connection.close();
    }
  })();
  const end = async (): Promise<void> => {
    listener.close();
    await ended;
  };
  return { lines, url: `http://127.0.0.1:${listener.addr.port}`, end };
}

Deno.test("a process asks through the proxies of its environment, but for what NO_PROXY names", async () => {
  const { lines, url, end } = proxy();
  const http = JSON.stringify(new URL("../../src/hosts/deno_http.ts", import.meta.url));
  const script = `
    import { denoHttp } from ${http};
    for (const url of ["http://kds.invalid/crl", "https://pcs.invalid/crl", "http://direct.invalid/"]) {
      const request = { url, headers: {}, maxBytes: 50, timeout: 5000 };
      console.log(await denoHttp.get(request).then(({ status }) => status, ({ code }) => code));
    }`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", script],
    env: { ...lower(), HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: "direct.invalid" },
  }).output();
  await end();
  const codes = ["200", "collateral.unreachable", "collateral.unreachable"];
  assert.deepEqual(new TextDecoder().decode(stdout).trim().split("\n"), codes);
  assert.deepEqual(lines, [
    "GET http://kds.invalid/crl HTTP/1.1",
    "CONNECT pcs.invalid:443 HTTP/1.1",
  ]);
});

/** What the machine of the test may have itself. */
function lower(): Readonly<Record<string, string>> {
  return { http_proxy: "", https_proxy: "", all_proxy: "", no_proxy: "" };
}

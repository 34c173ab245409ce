/**
 * A server as a process, asked to end.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromFileUrl } from "../../scripts/process.ts";
import { connectTo } from "../serve/connect.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const HOST = new URL("../../src/hosts/deno_server.ts", import.meta.url).href;

/** A program whose server answers when it is told to. */
const SLOW = `
import { denoServers } from ${JSON.stringify(HOST)};
await denoServers.serve({
  hostname: "127.0.0.1",
  port: 0,
  listening: (url) => console.log("Listening on " + url + ";"),
  async handle() {
    console.log("asked");
    await Deno.stdin.read(new Uint8Array(1));
    return new Response("whole");
  },
});
console.log("Ended");
`;

interface Server {
  readonly child: Deno.ChildProcess;
  readonly url: string;
  /** Writes a line to its standard input. */
  readonly tell: () => Promise<void>;
  /** Waits for a word of what it says. */
  readonly said: (word: string) => Promise<string>;
}

async function started(args: readonly string[]): Promise<Server> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const said = async (word: string): Promise<string> => {
    while (!text.includes(word)) {
      const { value, done } = await lines.read();
      assert.ok(!done, `it ended after ${text}`);
      text += value;
    }
    return text;
  };
  const url = /Listening on (http:[^;,\s]+)/.exec(await said(";"))?.[1] ?? "";
  const tell = async (): Promise<void> => {
    const input = child.stdin.getWriter();
    await input.write(new TextEncoder().encode("\n"));
    await input.close();
  };
  return { child, url, tell, said };
}

/** Connects until nobody listens any more. */
async function untilRefused(url: string): Promise<void> {
  for (;;) {
    try {
      (await connectTo(url))?.close();
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionRefused) return;
      throw error;
    }
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`a server answers what is under way, and then ends, on ${signal}`, async () => {
    const { child, url, tell, said } = await started(["eval", SLOW]);
    const answer = fetch(url).then((response) => response.text());
    await said("asked");

    child.kill(signal);

    await untilRefused(url);
    await tell();
    assert.equal(await answer, "whole");
    await said("Ended");
    assert.equal((await child.status).code, 0);
  });
}

Deno.test("casemate collateral serve lives as a process, and ends with 0", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const line = `collateral serve --offline --listen 127.0.0.1:0 --cache ${folder}/cache`;
    const { child, url, tell, said } = await started([
      "run",
      "-A",
      "--quiet",
      MAIN,
      ...line.split(" "),
    ]);

    assert.equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
    const absent = await fetch(`${url}/vcek/v1/Genoa/crl`);
    assert.deepEqual([absent.status, (await absent.json()).code], [404, "collateral.offline"]);
    child.kill("SIGTERM");
    await tell();

    assert.match(await said("Ended"), /404 GET \/vcek\/v1\/Genoa\/crl collateral\.offline/);
    assert.equal((await child.status).code, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("casemate collateral serve says that another program listens there", async () => {
  await using held = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(),
  );
  const line = `collateral serve --listen 127.0.0.1:${held.addr.port}`;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", MAIN, ...line.split(" ")],
    stdout: "null",
    stderr: "piped",
  }).output();

  assert.equal(code, 2);
  assert.match(
    new TextDecoder().decode(stderr),
    /another program listens there\n {2}look at {5}--listen/,
  );
});

/**
 * A server as a process, asked to end.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromFileUrl } from "../../scripts/process.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const HOST = new URL("../../src/hosts/deno_server.ts", import.meta.url).href;

/** A program whose server takes its time for an answer. */
const SLOW = `
import { denoServers } from ${JSON.stringify(HOST)};
await denoServers.serve({
  hostname: "127.0.0.1",
  port: 0,
  listening: (url) => console.log("Listening on " + url + ";"),
  async handle() {
    console.log("asked");
    await new Promise((done) => setTimeout(done, 300));
    return new Response("whole");
  },
});
console.log("Ended");
`;

interface Server {
  readonly child: Deno.ChildProcess;
  readonly url: string;
  /** Waits for a word of what it says. */
  readonly said: (word: string) => Promise<string>;
}

async function started(args: readonly string[]): Promise<Server> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
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
  return { child, url, said };
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`a server answers what is under way, and then ends, on ${signal}`, async () => {
    const { child, url, said } = await started(["eval", SLOW]);
    const answer = fetch(url).then((response) => response.text());
    await said("asked");

    child.kill(signal);

    assert.equal(await answer, "whole");
    await said("Ended");
    assert.equal((await child.status).code, 0);
    await assert.rejects(fetch(url), TypeError);
  });
}

Deno.test("casemate collateral serve lives as a process, and ends with 0", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const line = `collateral serve --offline --listen 127.0.0.1:0 --cache ${folder}/cache`;
    const { child, url, said } = await started(["run", "-A", "--quiet", MAIN, ...line.split(" ")]);

    assert.equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
    const absent = await fetch(`${url}/vcek/v1/Genoa/crl`);
    assert.deepEqual([absent.status, (await absent.json()).code], [404, "collateral.offline"]);
    child.kill("SIGTERM");

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

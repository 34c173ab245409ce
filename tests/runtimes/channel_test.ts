/**
 * The channel's part for browsers and Workers in Node, Chromium and workerd;
 * `deno task runtimes` alone asks them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { npmToolIfThere } from "../../scripts/npm_tools.ts";
import { bundle } from "../../scripts/pack.ts";
import { output } from "../../scripts/process.ts";
import { runWorker } from "../../scripts/worker/workerd.ts";
import { CHROMIUM, PATIENCE, startChromium } from "../packages/chromium.ts";
import { FULL } from "./amount.ts";
import { run } from "./channel_page.ts";
import { isHere, unlessMissing, withFolder } from "./programs.ts";

const REACHED = "hpke-key + nonce: 61";
const FILE = "channel_page.js";

const WORKER = `import { run } from "./${FILE}";
export default { fetch: async () => new Response(await run()) };
`;

const wrangler = FULL ? await npmToolIfThere("wrangler") : null;

function withPage(use: (folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    await bundle(["tests/runtimes/channel_page.ts"], folder);
    await use(folder);
  });
}

function asked(
  name: string,
  missing: Readonly<Record<string, boolean>>,
): ReturnType<typeof unlessMissing> {
  const named = unlessMissing(name, missing);
  return FULL ? named : { name: `${named.name} (in full runs)`, ignore: true };
}

Deno.test("attestByFetch() and sealedCall() need no more than Request, Response and Web Crypto", async () => {
  assert.equal(await run(), REACHED);
});

Deno.test({
  ...asked("the channel by fetch runs in Node", { node: FULL && !await isHere("node") }),
  fn: () =>
    withPage(async (folder) => {
      const script = `import("${folder}/${FILE}").then(({ run }) => run()).then(console.log)`;
      assert.equal((await output("node", ["-e", script])).trim(), REACHED);
    }),
});

Deno.test({
  ...asked("the channel by fetch runs in Chromium", {
    chromium: FULL && !await isHere(CHROMIUM),
  }),
  fn: () =>
    withPage(async (folder) => {
      const html = `<script type="module">
        import { run } from "./${FILE}";
        globalThis.ran = run();
      </script>`;
      const server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        async (request) =>
          new URL(request.url).pathname === "/"
            ? new Response(html, { headers: { "content-type": "text/html" } })
            : new Response(await Deno.readFile(`${folder}/${FILE}`), {
              headers: { "content-type": "text/javascript" },
            }),
      );
      const browser = await startChromium();
      try {
        const page = await browser.newPage();
        page.setDefaultTimeout(PATIENCE);
        await page.goto(`http://localhost:${server.addr.port}/`);
        await page.waitForFunction("globalThis.ran !== undefined");
        assert.equal(await page.evaluate("globalThis.ran"), REACHED);
      } finally {
        await browser.close();
        await server.shutdown();
      }
    }),
});

Deno.test({
  ...asked("the channel by fetch runs in workerd", { npm: FULL && wrangler === null }),
  fn: () =>
    withPage(async (folder) => {
      if (wrangler === null) throw new Error("There is no workerd");
      await Deno.writeTextFile(`${folder}/index.js`, WORKER);
      const modules = [["index.js", "ESModule"], [FILE, "ESModule"]] as const;
      const options = { folder, modules, settings: {}, nonces: false };
      await using running = await runWorker(wrangler, options);
      assert.equal(await (await fetch(running.url)).text(), REACHED);
    }),
});

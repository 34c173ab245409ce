/**
 * The package for npm in a clean folder: its types, the programs of
 * `docs/library.md` in each runtime, and the bundlers of others.
 *
 * `deno task packages` runs it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type NpmTool, type NpmToolFolder, npmToolIfThere } from "../../scripts/npm_tools.ts";
import { output } from "../../scripts/process.ts";
import { fromHex } from "../../src/core/bytes.ts";
import { isHere } from "../runtimes/programs.ts";
import { buildPage, bundleForNode, bundleWorker } from "./bundlers.ts";
import { CHROMIUM, openPage } from "./chromium.ts";
import { linkedHome, packageHome } from "./home.ts";
import { checkTypes, FEWER } from "./types.ts";
import { runBundle } from "./workers.ts";

/** What each of the programs says of the evidence. */
const SAID = "lab-trusted worker-1";

const noChromium = !await isHere(CHROMIUM);

/** A test that needs a program from npm, and says so where it is not there. */
async function withTool(
  name: string,
  tool: NpmTool,
  run: (home: string, tool: NpmToolFolder) => Promise<void>,
  needs: { readonly missing: boolean; readonly what: string } = { missing: false, what: "" },
): Promise<void> {
  const found = await npmToolIfThere(tool);
  const ignore = found === null || needs.missing;
  const why = found === null ? tool : needs.what;
  Deno.test({
    name: ignore ? `${name} (ignored: no ${why} here)` : name,
    ignore,
    fn: async () => {
      if (found !== null) await run(await packageHome(), found);
    },
  });
}

Deno.test("the program for Node verifies there", async () => {
  assert.equal(await output("node", ["verify.mjs"], { cwd: await packageHome() }), `${SAID}\n`);
});

Deno.test("the program for Deno verifies there, with leave to read alone", async () => {
  const flags = ["run", "--quiet", "--no-lock", "--check", "--allow-read=."];
  const said = await output(Deno.execPath(), [...flags, "verify.ts"], { cwd: await packageHome() });
  assert.equal(said, `${SAID}\n`);
});

Deno.test("the program for Deno verifies with a checkout, whose types hold under its settings", async () => {
  const flags = ["run", "--quiet", "--no-lock", "--check", "--allow-read=."];
  const said = await output(Deno.execPath(), [...flags, "verify.ts"], { cwd: await linkedHome() });
  assert.equal(said, `${SAID}\n`);
});

Deno.test({
  name: `browsers load the package without a bundler${
    noChromium ? " (ignored: no chromium here)" : ""
  }`,
  ignore: noChromium,
  fn: async () => {
    const home = await packageHome();
    const imports = { "@casemate/casemate": "./node_modules/@casemate/casemate/mod.js" };
    const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
    const page = await Deno.readTextFile(`${home}/index.html`);
    await Deno.mkdir(`${home}/plain`);
    await Deno.writeTextFile(`${home}/plain/index.html`, page.replace("<title>", `${map}<title>`));
    for (const name of ["page.js", "node", "nonce.hex", "node_modules"]) {
      await Deno.symlink(`${home}/${name}`, `${home}/plain/${name}`);
    }
    const opened = await openPage(
      `${home}/plain`,
      "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
    );
    assert.deepEqual(opened, { said: SAID, complaints: [] });
  },
});

await withTool(
  "types say what is there, to every compiler",
  "typescript",
  (home, tool) => checkTypes(home, tool),
);

await withTool(
  "the oldest compiler that takes the types takes all",
  "typescript-5.7",
  (home, tool) => checkTypes(home, tool, FEWER),
);

await withTool("esbuild makes one file that verifies alone", "esbuild", async (home, esbuild) => {
  assert.equal(await bundleForNode(home, esbuild), `${SAID}\n`);
});

await withTool("Vite makes a page that verifies in a browser", "vite", async (home, vite) => {
  const opened = await openPage(await buildPage(home, vite));
  assert.deepEqual(opened, { said: SAID, complaints: [] });
}, { missing: noChromium, what: "chromium" });

await withTool(
  "wrangler makes a Worker that verifies in workerd",
  "wrangler",
  async (home, tool) => {
    await using worker = await runBundle(tool, await bundleWorker(home, "worker.js", tool));
    const asked = await askWorker(worker.url, home);
    assert.deepEqual(asked, [200, { verdict: "lab-trusted", node: "worker-1" }]);
    const other = await askWorker(worker.url, home, new Uint8Array(32).fill(7));
    assert.deepEqual(other, [403, { verdict: "rejected", code: "tpm.qualifying_data_mismatch" }]);
  },
);

await withTool("a Worker gives the module itself", "wrangler", async (home, tool) => {
  await using worker = await runBundle(tool, await bundleWorker(home, "by_module.js", tool));
  assert.deepEqual(await askWorker(worker.url, home), [200, { outcome: "genuine" }]);
});

/** Sends the evidence; status and answer. */
async function askWorker(
  url: string,
  home: string,
  nonce?: Uint8Array,
): Promise<readonly unknown[]> {
  const read = async (name: string): Promise<string> => await Deno.readTextFile(`${home}/${name}`);
  const asked = nonce ?? fromHex((await read("nonce.hex")).trim());
  const answer = await fetch(url, {
    method: "POST",
    body: JSON.stringify({
      envelope: btoa(await read("node/envelope.json")),
      nonce: btoa(String.fromCharCode(...asked)),
      policy: JSON.parse(await read("node/policy.json")),
      reference: JSON.parse(await read("node/reference.json")),
      labRoot: btoa(await read("node/lab-roots.pem")),
    }),
  });
  return [answer.status, await answer.json()];
}

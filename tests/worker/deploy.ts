/**
 * What is built can be deployed: wrangler takes it, without an account. `deno
 * task worker:test` runs it.
 */
import assert from "node:assert/strict";
import { outcome } from "../../scripts/process.ts";
import { builtFolder, inWorkerd, WRANGLER } from "./world.ts";

/** Largest Worker on the free plan, KiB compressed. */
const FREE = 3 * 1024;

Deno.test({
  ...inWorkerd("wrangler takes the built folder, with the bindings of its settings"),
  async fn() {
    if (WRANGLER === null) throw new Error("There is no wrangler");
    const cwd = await builtFolder();
    const env = { CI: "1", NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" };
    const args = ["deploy", "--dry-run", "--outdir", `${cwd}/uploaded`];
    const { code, stdout, stderr } = await outcome(WRANGLER.bin("wrangler"), args, { cwd, env });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /env\.NONCES \(NonceLedger\)/);
    assert.match(stdout, /env\.COLLATERAL/);
    assert.match(stdout, /env\.RATE_LIMIT \(120 requests\/60s\)/);
    assert.doesNotMatch(stderr, /WARNING|Unexpected fields/i);
    const size = Number(/gzip: ([0-9.]+) KiB/.exec(stdout)?.[1]);
    assert.ok(size > 100 && size < FREE, `${size} KiB`);
    console.log(`Upload: ${size} KiB gzip`);
  },
});

Deno.test({
  ...inWorkerd("the Worker compiles no WASM from bytes, and its module is in a file of its own"),
  async fn() {
    const code = await Deno.readTextFile(`${await builtFolder()}/worker.js`);
    assert.match(code, /new WebAssembly\.Instance\(/);
    assert.doesNotMatch(code, /WebAssembly\.(?:Module\(|compile|instantiate)/);
    // Neither does the text of the module come along, of which nobody would make any use.
    assert.ok(code.length < 1.6e6, `${code.length} characters`);
  },
});

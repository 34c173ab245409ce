/**
 * Writes `THIRD_PARTY_NOTICES.txt`: works of others that are in the npm package,
 * the WASM module, the command line, the web page and the Worker, with their
 * licences as they bring them. `--check` writes nothing and says whether it is
 * fresh.
 *
 * Needs no Rust: what is in the module is written down when that is built.
 *
 * @module
 */
import { settle } from "./generated.ts";
import type { Component } from "./notices/component.ts";
import { NOTICES_FILE } from "./notices/crates.ts";
import { npmComponents } from "./notices/npm.ts";
import { renderNotices } from "./notices/render.ts";

const ROOT = new URL("../", import.meta.url);

if (import.meta.main) {
  const file = new URL(`wasm/lib/${NOTICES_FILE}`, ROOT);
  const crates: readonly Component[] = JSON.parse(await Deno.readTextFile(file));
  const text = renderNotices([
    ["In the JavaScript", await npmComponents()],
    ["In the WASM module", crates],
  ]);
  const files = [{ path: "THIRD_PARTY_NOTICES.txt", text }];
  if (!await settle(ROOT, files, Deno.args.includes("--check"))) Deno.exit(1);
}

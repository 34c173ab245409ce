/**
 * One process of a storm: gets things from one cache until it is killed or its
 * standard input ends, and says which issue of what it had.
 *
 * `storm_worker.ts FOLDER BASE REFRESH_AFTER`
 *
 * @module
 */

import { createCollateral, createStore } from "../../src/collateral/mod.ts";
import type { Engine } from "../../src/core/crypto.ts";
import { denoCaches } from "../../src/hosts/deno_cache.ts";
import { denoHttp } from "../../src/hosts/deno_http.ts";
import { thing, THINGS } from "./storm_item.ts";

/** Nothing here is evidence. */
const noEngine: Engine = { run: () => Promise.reject(new TypeError("There is no engine")) };

const [folder = "", base = "", refreshAfter] = Deno.args;
const collateral = createCollateral({
  http: denoHttp,
  // So small that there is always something to remove.
  store: createStore(denoCaches.open(folder), 30_000),
  clock: { now: () => new Date() },
  timer: { wait: (time) => new Promise((done) => setTimeout(done, time)) },
  random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  options: { bases: { "intel-pcs": base }, refreshAfter: Number(refreshAfter) },
});

let isOver = false;
Deno.stdin.readable.pipeTo(new WritableStream()).finally(() => isOver = true);
const had = new Map<string, bigint>();
while (!isOver) {
  const item = thing(Math.floor(Math.random() * THINGS));
  const terms = { engine: noEngine, now: new Date(), labRoots: [] };
  const { content, stale } = await collateral.get(item, terms);
  const sequence = BigInt(content.sequence ?? -1);
  if (sequence < (had.get(item.key) ?? 0n)) throw new Error(`${item.key} went back to ${sequence}`);
  had.set(item.key, sequence);
  console.log(`${item.key} ${sequence} ${stale ?? "fresh"}`);
}

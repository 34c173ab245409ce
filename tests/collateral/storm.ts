/**
 * Many processes on one cache, killed at random times: nothing is lost,
 * nothing is served torn, none hangs.
 *
 * `deno run -A tests/collateral/storm.ts` runs fifty of them for 45 seconds.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromFileUrl } from "../../scripts/process.ts";
import { createStore } from "../../src/collateral/mod.ts";
import { ENTRY, SEEN } from "../../src/collateral/forms.ts";
import { unseal } from "../../src/collateral/sealed.ts";
import { denoCaches } from "../../src/hosts/deno_cache.ts";
import { documentOf, thing, THINGS } from "./storm_item.ts";

/** How it blows. */
export interface Weather {
  /** Processes at once. */
  readonly processes: number;
  /** For how long, ms. */
  readonly time: number;
  /** Between two kills, ms at most; null kills none. */
  readonly calm: number | null;
}

/** What was seen. */
export interface Damage {
  readonly started: number;
  readonly killed: number;
  /** Answers that processes had. */
  readonly served: number;
  /** Requests to the service, and the most for one thing at once. */
  readonly requests: number;
  readonly crowd: number;
}

const WORKER = fromFileUrl(new URL("./storm_worker.ts", import.meta.url));

/** Lets it blow, and asserts that nothing is lost. */
export async function storm(weather: Weather): Promise<Damage> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_storm_" });
  const service = serviceOf();
  try {
    const { newest, ...damage } = await blow(weather, `${folder}/cache`, service.base);
    await assertWhole(`${folder}/cache`, newest);
    const { requests, crowd } = service;
    return { ...damage, requests: requests(), crowd: crowd() };
  } finally {
    await service.end();
    await Deno.remove(folder, { recursive: true });
  }
}

/** A service whose documents have a higher number each time. */
function serviceOf() {
  let requests = 0;
  let crowd = 0;
  const under = new Map<string, number>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const here = (under.get(pathname) ?? 0) + 1;
      under.set(pathname, here);
      crowd = Math.max(crowd, here);
      await new Promise((done) => setTimeout(done, 5));
      under.set(pathname, (under.get(pathname) ?? 1) - 1);
      return new Response(documentOf(pathname, ++requests, Date.now()));
    },
  );
  return {
    base: `http://127.0.0.1:${server.addr.port}`,
    requests: () => requests,
    crowd: () => crowd,
    end: () => server.shutdown(),
  };
}

/** A process, what it had, and its end. */
interface Worker {
  readonly child: Deno.ChildProcess;
  readonly lines: Promise<readonly string[]>;
  killed: boolean;
}

function start(folder: string, base: string, time: number): Worker {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", WORKER, folder, base, `${time}`],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return { child, lines: wholeLines(child.stdout), killed: false };
}

/** A line that was cut off by the end of its process is none. */
async function wholeLines(stream: ReadableStream<Uint8Array>): Promise<readonly string[]> {
  const text = await new Response(stream).text();
  return text.split("\n").slice(0, -1);
}

async function blow({ processes, time, calm }: Weather, folder: string, base: string) {
  const end = Date.now() + time;
  const workers = Array.from({ length: processes }, () => start(folder, base, time));
  while (calm !== null && Date.now() < end) {
    await new Promise((done) => setTimeout(done, Math.random() * calm));
    const running = workers.filter(({ killed }) => !killed);
    const one = running[Math.floor(Math.random() * running.length)];
    if (one === undefined || Date.now() >= end) break;
    one.killed = true;
    one.child.kill("SIGKILL");
    workers.push(start(folder, base, Math.max(1, end - Date.now())));
  }
  const newest = new Map<string, bigint>();
  let served = 0;
  for (const { child, lines, killed } of workers) {
    const { success } = await child.status;
    assert.ok(success || killed, "a process that was not killed ends well");
    for (const line of await lines) {
      const [key = "", sequence = "", state] = line.split(" ");
      assert.equal(state, "fresh", line);
      served++;
      if (BigInt(sequence) > (newest.get(key) ?? 0n)) newest.set(key, BigInt(sequence));
    }
  }
  const killed = workers.filter((worker) => worker.killed).length;
  return { started: workers.length, killed, served, newest };
}

/** Everything that a process had is there, as new or newer, and whole. */
async function assertWhole(folder: string, newest: ReadonlyMap<string, bigint>): Promise<void> {
  const files = denoCaches.open(folder);
  for (const { name } of await files.list("entries")) {
    assert.notEqual(unseal(await files.read(name), ENTRY), null, `${name} is whole`);
  }
  for (const { name } of await files.list("seen")) {
    assert.notEqual(unseal(await files.read(name), SEEN), null, `${name} is whole`);
  }
  const store = createStore(files);
  for (let index = 0; index < THINGS; index++) {
    const { key } = thing(index);
    const entry = await store.get("vendor", key);
    assert.ok(entry, `${key} is kept, and its body is the one that was written`);
    assert.ok(BigInt(entry.sequence ?? -1) >= (newest.get(key) ?? 0n), `${key} is not lost`);
  }
}

if (import.meta.main) {
  const damage = await storm({ processes: 50, time: 45_000, calm: 400 });
  console.log(JSON.stringify(damage));
}

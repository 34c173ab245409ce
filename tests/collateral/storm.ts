/**
 * Many processes on one cache, killed at random times: nothing is lost,
 * nothing is served torn, none hangs.
 *
 * `deno run -A tests/collateral/storm.ts` runs fifty of them, and kills two hundred.
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
  /** How many are killed, each after it had an answer; another takes its place. */
  readonly kills: number;
  /** Longest wait before a kill, ms. */
  readonly calm: number;
  /** Fewest answers before it ends; until each thing was had it goes on in any case. */
  readonly answers: number;
  /** After which time a thing is asked for again, ms. */
  readonly refreshAfter: number;
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
    const crew = new Crew([`${folder}/cache`, service.base, `${weather.refreshAfter}`]);
    await blow(weather, crew);
    await assertWhole(`${folder}/cache`, crew.newest);
    const { started, killed, served } = crew;
    return { started, killed, served, requests: service.requests(), crowd: service.crowd() };
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

async function blow({ processes, kills, calm, answers }: Weather, crew: Crew): Promise<void> {
  for (let i = 0; i < processes; i++) crew.start();
  for (let i = 0; i < kills; i++) {
    await crew.until(() => crew.answered().length > 0);
    await new Promise((done) => setTimeout(done, Math.random() * calm));
    const running = crew.answered();
    crew.kill(running[Math.floor(Math.random() * running.length)]);
    crew.start();
  }
  await crew.until(() => crew.newest.size === THINGS && crew.served >= answers);
  await crew.end();
}

/** A process, and whether it had an answer. */
interface Worker {
  readonly child: Deno.ChildProcess;
  readonly gone: Promise<void>;
  killed: boolean;
  answered: boolean;
}

/** The processes, and what they had. */
class Crew {
  readonly #args: readonly string[];
  readonly #workers: Worker[] = [];
  #next = Promise.withResolvers<void>();
  served = 0;
  readonly newest: Map<string, bigint> = new Map();

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  get started(): number {
    return this.#workers.length;
  }

  get killed(): number {
    return this.#workers.filter(({ killed }) => killed).length;
  }

  /** Starts one, which works until it is killed or its standard input ends. */
  start(): void {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "-A", WORKER, ...this.#args],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const gone = Promise.withResolvers<void>();
    const worker = { child, gone: gone.promise, killed: false, answered: false };
    this.#workers.push(worker);
    // Where it fails, whoever waits for an answer hears of it.
    this.#listen(worker).then(gone.resolve, (error) => {
      gone.reject(error);
      this.#next.reject(error);
    });
    gone.promise.catch(() => {});
    this.#next.promise.catch(() => {});
  }

  /** Those that had an answer and are at work. */
  answered(): readonly Worker[] {
    return this.#workers.filter(({ killed, answered }) => answered && !killed);
  }

  kill(worker: Worker | undefined): void {
    assert.ok(worker);
    worker.killed = true;
    worker.child.kill("SIGKILL");
  }

  /** Waits for answers until something is so. */
  async until(met: () => boolean): Promise<void> {
    while (!met()) await this.#next.promise;
  }

  /** Lets the others end. */
  async end(): Promise<void> {
    for (const { child } of this.#workers) await child.stdin.close().catch(() => {});
    await Promise.all(this.#workers.map(({ gone }) => gone));
  }

  async #listen(worker: Worker): Promise<void> {
    let rest = "";
    for await (const text of worker.child.stdout.pipeThrough(new TextDecoderStream())) {
      // What was cut off by the end of its process is no line.
      const lines = `${rest}${text}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#hear(worker, line);
    }
    const { success } = await worker.child.status;
    assert.ok(success || worker.killed, "a process that was not killed ends well");
  }

  #hear(worker: Worker, line: string): void {
    const [key = "", sequence = "", state] = line.split(" ");
    assert.equal(state, "fresh", line);
    worker.answered = true;
    this.served++;
    if (BigInt(sequence) > (this.newest.get(key) ?? 0n)) this.newest.set(key, BigInt(sequence));
    this.#next.resolve();
    this.#next = Promise.withResolvers();
    this.#next.promise.catch(() => {});
  }
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
  const damage = await storm({
    processes: 50,
    kills: 200,
    calm: 400,
    answers: 10_000,
    refreshAfter: 30,
  });
  console.log(JSON.stringify(damage));
}

/**
 * The built Worker in workerd, on this machine, with the bindings that
 * `wrangler.jsonc` has.
 *
 * @module
 */
import { fromFileUrl } from "../process.ts";
import type { NpmToolFolder } from "../npm_tools.ts";
import { WORKER_MODULES } from "./build.ts";

const RUNNER = fromFileUrl(new URL("./miniflare.mjs", import.meta.url));

/** How a Worker is run. */
export interface WorkerdOptions {
  /** Folder that it was built into. */
  readonly folder: string;
  /** Variables and secrets. */
  readonly settings: Readonly<Record<string, string>>;
  /** Its modules, the entry first; those of {@linkcode WORKER_MODULES} where nothing is said. */
  readonly modules?: typeof WORKER_MODULES;
  /** Registered policies, JSON; those of the folder where nothing is said. */
  readonly policies?: string;
  /** Whether Durable Objects remember nonces; default yes. */
  readonly nonces?: boolean;
  /** Whether there is Workers KV; default no, so that vendors are not asked. */
  readonly kv?: boolean;
  /** Requests of one source a minute; no limit where nothing is said. */
  readonly rate?: number;
  /** Where objects and values are kept; in memory where nothing is said. */
  readonly persist?: string;
  /** Port; default a free one. */
  readonly port?: number;
  /** What becomes of lines that the Worker writes; default nothing. */
  readonly log?: "inherit" | "null" | "piped";
}

/** A Worker that runs. */
export interface RunningWorker extends AsyncDisposable {
  /** Where, as `http://127.0.0.1:1234`. */
  readonly url: string;
  /** What it wrote, where that was asked for as `piped`. */
  readonly log: Promise<string>;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * Runs a Worker.
 *
 * @param wrangler Where wrangler is installed, which brings workerd.
 * @param options How.
 */
export async function runWorker(
  wrangler: NpmToolFolder,
  options: WorkerdOptions,
): Promise<RunningWorker> {
  const { log = "null" } = options;
  const child = new Deno.Command("node", {
    args: [RUNNER],
    stdin: "piped",
    stdout: "piped",
    stderr: log,
    // However this process ends, its end of standard input closes, and the other one ends what it started itself.
    detached: true,
  }).spawn();
  const written = log === "piped" ? new Response(child.stderr).text() : Promise.resolve("");
  const input = child.stdin.getWriter();
  const said = { tools: wrangler.folder, options: await miniflareOptions(options) };
  await input.write(new TextEncoder().encode(`${JSON.stringify(said)}\n`));
  const { url, rest } = await firstLine(child.stdout, log);
  let stopped: Promise<unknown> | undefined;
  const stop = async (): Promise<void> => {
    stopped ??= input.close().then(() => Promise.all([child.status, rest.cancel()]));
    await stopped;
  };
  return { url, log: written, stop, [Symbol.asyncDispose]: stop };
}

async function firstLine(
  stdout: ReadableStream<Uint8Array<ArrayBuffer>>,
  log: WorkerdOptions["log"],
): Promise<{ readonly url: string; readonly rest: ReadableStreamDefaultReader<string> }> {
  const rest = stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await rest.read();
    if (done) {
      const why = log === "inherit" ? "what it said stands above" : "`deno task worker` says why";
      throw new Error(`The Worker did not start; ${why}`);
    }
    text += value;
  }
  const { url }: { url: unknown } = JSON.parse(text);
  return { url: String(url), rest };
}

async function miniflareOptions(options: WorkerdOptions): Promise<object> {
  const { folder, settings, nonces = true, kv = false, rate, persist, port = 0 } = options;
  return {
    host: "127.0.0.1",
    port,
    rootPath: folder,
    modulesRoot: folder,
    modules: modulesOf(options),
    compatibilityDate: await compatibilityDate(),
    bindings: settings,
    ...(nonces
      ? { durableObjects: { NONCES: { className: "NonceLedger", useSQLite: true } } }
      : {}),
    ...(kv ? { kvNamespaces: ["COLLATERAL"] } : {}),
    ...(rate === undefined
      ? {}
      : { ratelimits: { RATE_LIMIT: { simple: { limit: rate, period: 60 } } } }),
    ...(persist === undefined
      ? {}
      : { durableObjectsPersist: `${persist}/objects`, kvPersist: `${persist}/kv` }),
  };
}

function modulesOf({ folder, modules = WORKER_MODULES, policies }: WorkerdOptions): object[] {
  return modules.map(([name, type]) => {
    const contents = name === "policies.json" && policies !== undefined
      ? { contents: policies }
      : {};
    return { type, path: `${folder}/${name}`, ...contents };
  });
}

/** As it is deployed with. */
async function compatibilityDate(): Promise<string> {
  const text = await Deno.readTextFile(new URL("../../src/worker/wrangler.jsonc", import.meta.url));
  const date = /"compatibility_date": "([0-9-]+)"/.exec(text)?.[1];
  if (date === undefined) throw new Error("wrangler.jsonc names no compatibility_date");
  return date;
}

/**
 * Builds the Worker and runs it in workerd on this machine, set up with a lab:
 *
 * ```sh
 * deno task worker            # on a free port
 * deno task worker --port 8787
 * ```
 *
 * @module
 */
import { parseArgs } from "node:util";
import { provideNpmTool } from "../npm_tools.ts";
import { fromFileUrl } from "../process.ts";
import { buildWorker, WORKER_FOLDER } from "./build.ts";
import { workerLab } from "./lab.ts";
import { runWorker } from "./workerd.ts";

/** Requests to try it with. */
const LAB_FOLDER = fromFileUrl(new URL("../../dist/worker-lab", import.meta.url));

const HERE = "dist/worker-lab";

const port = portOf(Deno.args);
await buildWorker();
const { settings, policies, request } = await workerLab();
const token = { ...request, token: { audience: "https://example.invalid" } };
await Deno.mkdir(LAB_FOLDER, { recursive: true });
await Deno.writeTextFile(`${LAB_FOLDER}/request.json`, JSON.stringify(request));
await Deno.writeTextFile(`${LAB_FOLDER}/token.json`, JSON.stringify(token));
const running = await runWorker(await provideNpmTool("wrangler"), {
  folder: WORKER_FOLDER,
  settings,
  policies,
  persist: `${LAB_FOLDER}/state`,
  port,
  log: "inherit",
}).catch((error) => {
  console.error(error.message);
  Deno.exit(1);
});
console.log(`The Worker runs on ${running.url} with keys, policy and evidence of a lab, which
say nothing about hardware. End it with Ctrl-C. Try:

  curl -s ${running.url}/v1/policies
  curl -s -X POST ${running.url}/v1/challenge
  curl -s -H 'content-type: application/json' --data @${HERE}/request.json ${running.url}/v1/verify
  curl -s -H 'content-type: application/json' -H 'accept: application/eat+jwt' \\
    --data @${HERE}/token.json ${running.url}/v1/verify
`);
await asked();
await running.stop();

/** The port that was asked for; 0 takes a free one. */
function portOf(args: string[]): number {
  try {
    const { values } = parseArgs({ args, options: { port: { type: "string", default: "0" } } });
    if (/^[0-9]{1,5}$/.test(values.port) && Number(values.port) <= 65_535) {
      return Number(values.port);
    }
    console.error(`--port ${values.port} is no port`);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(error.message);
  }
  Deno.exit(2);
}

/** Resolves when the process is asked to end. */
function asked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => resolve());
    }
  });
}

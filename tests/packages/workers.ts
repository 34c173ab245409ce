/**
 * A bundle of wrangler in workerd.
 *
 * @module
 */

import type { NpmToolFolder } from "../../scripts/npm_tools.ts";
import { fromFileUrl } from "../../scripts/process.ts";

const RUNNER = fromFileUrl(new URL("../../scripts/worker/miniflare.mjs", import.meta.url));

/** A Worker that runs. */
export interface RunningBundle {
  /** Where. */
  readonly url: string;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * Runs a bundle with the modules beside it.
 *
 * @param wrangler wrangler, which brings workerd.
 * @param bundle Path of the bundle.
 */
export async function runWorker(wrangler: NpmToolFolder, bundle: string): Promise<RunningBundle> {
  const options = {
    modules: [
      { type: "ESModule", path: bundle },
      ...await wasmBeside(bundle.replace(/\/[^/]*$/, "")),
    ],
    modulesRoot: bundle.replace(/\/[^/]*$/, ""),
    host: "127.0.0.1",
    port: 0,
    compatibilityDate: "2026-04-01",
  };
  const piped = { stdin: "piped", stdout: "piped", stderr: "inherit" } as const;
  const child = new Deno.Command("node", { args: [RUNNER], ...piped }).spawn();
  const writer = child.stdin.getWriter();
  const said = JSON.stringify({ tools: wrangler.folder, options });
  await writer.write(new TextEncoder().encode(`${said}\n`));
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`workerd did not start: ${text}`);
    text += value;
  }
  const { url }: { readonly url: string } = JSON.parse(text);
  return {
    url,
    stop: async () => {
      await writer.close();
      await reader.cancel();
      await child.status;
    },
  };
}

async function wasmBeside(folder: string): Promise<readonly object[]> {
  const found: object[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".wasm")) found.push({ type: "CompiledWasm", path: `${folder}/${name}` });
  }
  return found;
}

/**
 * A bundle of wrangler in workerd.
 *
 * @module
 */

import type { NpmToolFolder } from "../../scripts/npm_tools.ts";
import { type RunningWorker, runWorker } from "../../scripts/worker/workerd.ts";

type Modules = readonly (readonly [string, "CompiledWasm" | "ESModule"])[];

/**
 * Runs a bundle with the modules beside it.
 *
 * @param wrangler wrangler, which brings workerd.
 * @param bundle Path of the bundle.
 */
export async function runBundle(wrangler: NpmToolFolder, bundle: string): Promise<RunningWorker> {
  const at = bundle.lastIndexOf("/");
  const [folder, name] = [bundle.slice(0, at), bundle.slice(at + 1)];
  const beside = await Array.fromAsync(Deno.readDir(folder));
  const modules: Modules = [
    [name, "ESModule"],
    ...beside.flatMap((entry): Modules =>
      entry.name.endsWith(".wasm") ? [[entry.name, "CompiledWasm"]] : []
    ),
  ];
  return await runWorker(wrangler, { folder, modules, settings: {}, nonces: false });
}

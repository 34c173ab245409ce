/**
 * Fails where a module imports what its layer does not, where modules import
 * each other in a circle, and where a runtime is named in neutral code. The
 * table is in `layers/table.ts`.
 *
 * @module
 */
import { judgeLayers } from "./layers/judge.ts";

const ROOT = new URL("../", import.meta.url);

/** Where modules of the project are. */
const PLACES: readonly string[] = ["main.ts", "mod.ts", "src", "wasm", "scripts", "tests"];
/** Generated or foreign. */
const SKIPPED = /^wasm\/(?:lib|target|src)$/;

async function collect(path: string, into: Map<string, string>): Promise<void> {
  if (SKIPPED.test(path)) return;
  const info = await Deno.stat(new URL(path, ROOT)).catch((error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (info?.isFile && path.endsWith(".ts")) {
    into.set(path, await Deno.readTextFile(new URL(path, ROOT)));
  }
  if (!info?.isDirectory) return;
  const names: string[] = [];
  for await (const entry of Deno.readDir(new URL(path, ROOT))) names.push(entry.name);
  for (const name of names.sort()) await collect(`${path}/${name}`, into);
}

if (import.meta.main) {
  const sources = new Map<string, string>();
  for (const place of PLACES) await collect(place, sources);
  const findings = judgeLayers(sources);
  for (const { path, line, message } of findings) console.error(`${path}:${line}: ${message}`);
  if (findings.length > 0) Deno.exit(1);
  console.log(`${sources.size} modules are in their layers`);
}

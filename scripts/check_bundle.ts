/**
 * Bundles what only verifies, as for a browser, and fails where something else
 * comes along: the lab, the command line, a runtime. Prints its size.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { output } from "./process.ts";

/** What has no place in a program that only verifies. */
const FOREIGN = /\/src\/(?:lab|cli|hosts|clouds|node|cluster|services|storage|worker)\/|^node:/;

/** Modules below an entry, as URLs. */
async function modulesOf(entry: string): Promise<string[]> {
  const graph: unknown = JSON.parse(await output("deno", ["info", "--json", entry]));
  const modules = (graph as { modules?: readonly { specifier: string }[] }).modules ?? [];
  return modules.map(({ specifier }) => specifier);
}

async function main(entry: string): Promise<number> {
  const modules = await modulesOf(entry);
  const foreign = modules.filter((specifier) => FOREIGN.test(specifier));
  for (const specifier of foreign) console.error(`${entry} brings along ${specifier}`);
  const args = ["bundle", "--quiet", "--minify", "--platform", "browser", entry];
  const bundle = await output("deno", args);
  const named = /\bDeno\.|["']node:/.exec(bundle)?.[0];
  if (named !== undefined) console.error(`the bundle of ${entry} names ${named}`);
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;
  const packed = gzipSync(bundle).length;
  console.log(`${entry}: ${modules.length} modules, ${kib(bundle.length)}, gzip ${kib(packed)}`);
  return foreign.length > 0 || named !== undefined || modules.length === 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main("mod.ts"));

/**
 * Bundles what only verifies, as for a browser, and fails where something else
 * comes along: the lab, the command line, a runtime, or the portable engine,
 * which is loaded by whom asks for it. Prints the sizes.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { chunksOf, readChunks } from "./chunks.ts";
import { bundle } from "./pack.ts";
import { output } from "./process.ts";

/** What has no place in a program that only verifies. */
const FOREIGN = /\/src\/(?:lab|cli|hosts|clouds|node|cluster|services|storage|worker)\/|^node:/;

/** What is only there for whom asks for the portable engine. */
const PORTABLE = /\/portable\/|\/@noble\/|npm:/;

/** A text of the portable engine, by which it is found in a bundle. */
const PORTABLE_MARK = "an object identifier is not minimal";

/** A module as `deno info` tells it. */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

/** Modules below an entry, as URLs; those that are loaded with it first. */
async function modulesOf(
  entry: string,
): Promise<{ readonly all: readonly string[]; readonly always: readonly string[] }> {
  const graph: unknown = JSON.parse(await output("deno", ["info", "--json", entry]));
  const { roots = [], modules = [] } = graph as {
    readonly roots?: readonly string[];
    readonly modules?: readonly Module[];
  };
  const known = new Map(modules.map((module) => [module.specifier, module]));
  const always = new Set(roots);
  for (const specifier of always) {
    for (const { code, isDynamic } of known.get(specifier)?.dependencies ?? []) {
      if (isDynamic !== true && code?.specifier !== undefined) always.add(code.specifier);
    }
  }
  return { all: [...known.keys()], always: [...always] };
}

/** What is wrong with the modules of an entry. */
function judgeModules(
  entry: string,
  { all, always }: Awaited<ReturnType<typeof modulesOf>>,
): readonly string[] {
  if (all.length === 0) return [`${entry} has no modules`];
  return [
    ...all.filter((specifier) => FOREIGN.test(specifier))
      .map((specifier) => `${entry} brings along ${specifier}`),
    ...always.filter((specifier) => PORTABLE.test(specifier))
      .map((specifier) => `${entry} loads ${specifier} before anybody asks for it`),
    ...(all.some((specifier) => PORTABLE.test(specifier))
      ? []
      : [`${entry} does not know the portable engine`]),
  ];
}

async function main(entry: string): Promise<number> {
  const modules = await modulesOf(entry);
  const problems = [...judgeModules(entry, modules)];
  const folder = await Deno.makeTempDir({ prefix: "casemate-bundle-" });
  try {
    await bundle([entry], folder, ["--minify"]);
    const files = await readChunks(folder);
    const { always, onRequest } = chunksOf(files, entry.replace(/\.ts$/, ".js"));
    const text = (names: readonly string[]): string =>
      names.map((name) => files.get(name) ?? "").join("\n");
    const named = /\bDeno\.|["']node:/.exec(text([...files.keys()]))?.[0];
    if (named !== undefined) problems.push(`the bundle of ${entry} names ${named}`);
    if (text(always).includes(PORTABLE_MARK) || !text(onRequest).includes(PORTABLE_MARK)) {
      problems.push("the portable engine is not in files of its own");
    }
    console.log(`${entry}: ${modules.always.length} modules, ${sizeOf(text(always))}`);
    console.log(`portable engine, on request: ${sizeOf(text(onRequest))}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
}

function sizeOf(text: string): string {
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;
  return `${kib(text.length)}, gzip ${kib(gzipSync(text).length)}`;
}

if (import.meta.main) Deno.exit(await main("mod.ts"));

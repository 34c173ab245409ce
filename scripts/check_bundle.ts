/**
 * Bundles what only verifies, as for a browser, and fails where something else
 * comes along: the lab, the command line, a runtime; the portable engine, which
 * is loaded by whom asks for it; WASM, where the entry promises none. Prints
 * the sizes.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { chunksOf, readChunks } from "./chunks.ts";
import { bundle } from "./pack.ts";
import { output } from "./process.ts";

/** What has no place in a program that only verifies. */
const FOREIGN = /\/src\/(?:lab|cli|hosts|clouds|node|cluster|services|storage|worker)\/|^node:/;

/** What is only there for whom asks for the portable engine; plain hashes are also what bindings are made of. */
const PORTABLE = /\/portable\/|npm:(?!\/@noble\/hashes@)/;

/** The WASM module, its text and what starts it. */
const WASM = /\/wasm\/|\/src\/core\/crypto(?:_inline)?\.ts$/;

/** What only verifies. */
interface Entry {
  /** Path of its module. */
  readonly path: string;
  /** What must not come with it, beside what has no place in any. */
  readonly without: readonly RegExp[];
}

const ENTRIES: readonly Entry[] = [
  { path: "mod.ts", without: [] },
  { path: "src/verifier/portable.ts", without: [WASM] },
];

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

/** Modules below an entry, as URLs. */
interface Modules {
  /** All that may ever run. */
  readonly all: readonly string[];
  /** Those that are loaded with it. */
  readonly always: readonly string[];
}

async function modulesOf(entry: string): Promise<Modules> {
  const graph: unknown = JSON.parse(await output("deno", ["info", "--json", entry]));
  const { roots = [], modules = [] } = graph as {
    readonly roots?: readonly string[];
    readonly modules?: readonly Module[];
  };
  const known = new Map(modules.map((module) => [module.specifier, module]));
  const reached = (dynamic: boolean): readonly string[] => {
    const found = new Set(roots);
    // A set that grows is walked to its end. What is imported for its types alone has no code.
    for (const specifier of found) {
      for (const { code, isDynamic } of known.get(specifier)?.dependencies ?? []) {
        if (code?.specifier === undefined) continue;
        if (dynamic || isDynamic !== true) found.add(code.specifier);
      }
    }
    return [...found];
  };
  return { all: reached(true), always: reached(false) };
}

/** What is wrong with the modules of an entry. */
function judgeModules({ path, without }: Entry, { all, always }: Modules): readonly string[] {
  if (all.length < 2) return [`${path} has no modules`];
  return [
    ...all.filter((specifier) => [FOREIGN, ...without].some((one) => one.test(specifier)))
      .map((specifier) => `${path} brings along ${specifier}`),
    ...always.filter((specifier) => PORTABLE.test(specifier))
      .map((specifier) => `${path} loads ${specifier} before anybody asks for it`),
    ...(all.some((specifier) => PORTABLE.test(specifier))
      ? []
      : [`${path} does not know the portable engine`]),
  ];
}

/** What is wrong with the files of an entry's bundle; prints their sizes. */
function judgeFiles(
  { path }: Entry,
  files: ReadonlyMap<string, string>,
  { always: modules }: Modules,
): readonly string[] {
  const { always, onRequest } = chunksOf(files, path.replace(/^.*\//, "").replace(/\.ts$/, ".js"));
  const text = (names: readonly string[]): string =>
    names.map((name) => files.get(name) ?? "").join("\n");
  console.log(`${path}: ${modules.length} modules, ${sizeOf(text(always))}`);
  console.log(`  portable engine, on request: ${sizeOf(text(onRequest))}`);
  const named = /\bDeno\.|["']node:/.exec(text([...files.keys()]))?.[0];
  const apart = !text(always).includes(PORTABLE_MARK) && text(onRequest).includes(PORTABLE_MARK);
  return [
    ...(named === undefined ? [] : [`the bundle of ${path} names ${named}`]),
    ...(apart ? [] : [`the portable engine of ${path} is not in files of its own`]),
  ];
}

async function check(entry: Entry): Promise<readonly string[]> {
  const modules = await modulesOf(entry.path);
  const folder = await Deno.makeTempDir({ prefix: "casemate-bundle-" });
  try {
    await bundle([entry.path], folder, ["--minify"]);
    const files = await readChunks(folder);
    return [...judgeModules(entry, modules), ...judgeFiles(entry, files, modules)];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function sizeOf(text: string): string {
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;
  return `${kib(text.length)}, gzip ${kib(gzipSync(text).length)}`;
}

if (import.meta.main) {
  const problems: string[] = [];
  for (const entry of ENTRIES) problems.push(...await check(entry));
  for (const problem of problems) console.error(problem);
  Deno.exit(problems.length > 0 ? 1 : 0);
}

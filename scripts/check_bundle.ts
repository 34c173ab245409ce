/**
 * Bundles each entry of the library, as for a browser, and fails where something
 * comes along that has no place there: the lab, the command line, a runtime; the
 * portable engine, which is loaded by whom asks for it; WASM, where the entry
 * promises none; a `.wasm` file anywhere, which registries refuse. Measures them
 * all and holds them against the table of `docs/library.md`, which `--write`
 * writes anew. Looks as well at what the command line loads before it knows what
 * is asked.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { type Modules, modulesOf } from "./bundle/modules.ts";
import { judgeTable, type Size, sizeOf, writeTable } from "./bundle/sizes.ts";
import { chunksOf, readChunks } from "./chunks.ts";
import { bundle } from "./pack.ts";

/** What has no place in a program that only verifies. */
const FOREIGN =
  /\/src\/(?:lab|cli|hosts|clouds|node|cluster|services|storage|worker|page)\/|^node:/;

/** What is only there for whom asks for the portable engine; plain hashes are also what bindings are made of. */
const PORTABLE = /\/portable\/|npm:(?!\/@noble\/hashes@)/;

/** The WASM module, its text and what starts it. */
const WASM = /\/wasm\/|\/src\/core\/crypto(?:_inline)?\.ts$/;

/** The text of the WASM module. */
const WASM_TEXT = /\/wasm\/(?:inline|lib\/casemate_core_wasm)\.ts$|\/src\/core\/crypto_inline\.ts$/;

/** What technologies are; the command line loads them where it needs them. */
const TECHNOLOGIES = /\/src\/(?:evidence\/(?!(?:statement|envelope)\/)|lab\/|verifier\/)/;

/** What must not come with an entry, beside what has no place in any; those that only verify stand here. */
const VERIFIERS: Readonly<Record<string, readonly RegExp[]>> = {
  ".": [],
  "./portable": [WASM],
  "./workerd": [WASM_TEXT],
};

/** Entries that hand out tokens and documents, and have no use for an engine. */
const WITHOUT_ENGINE: readonly string[] = [
  "./results",
  "./policy",
  "./policy/yaml",
  "./envelope",
  "./variants",
  "./channel",
];

/** The lab may be where the lab is asked for. */
const LAB = "./lab";

/** A text of the portable engine, by which it is found in a bundle. */
const PORTABLE_MARK = "an object identifier is not minimal";

const PAGE = new URL("../docs/library.md", import.meta.url);
const MODULE = new URL("../wasm/lib/casemate_core_bg.wasm", import.meta.url);

/** What is wrong with the modules of an entry. */
function judgeModules(name: string, { all, always }: Modules): readonly string[] {
  if (all.length < 1) return [`${name} has no modules`];
  const without = [
    ...(name === LAB ? [] : [FOREIGN]),
    ...(VERIFIERS[name] ?? []),
    ...(WITHOUT_ENGINE.includes(name) ? [WASM] : []),
    /\.wasm$/,
  ];
  const foreign = all.filter((specifier) => without.some((one) => one.test(specifier)));
  const lines = foreign.map((specifier) => `${name} brings along ${specifier}`);
  if (!(name in VERIFIERS)) return lines;
  const early = always.filter((specifier) => PORTABLE.test(specifier));
  return [
    ...lines,
    ...early.map((specifier) => `${name} loads ${specifier} before anybody asks for it`),
    ...(all.some((specifier) => PORTABLE.test(specifier))
      ? []
      : [`${name} does not know the portable engine`]),
  ];
}

/** What is wrong with the files of an entry's bundle. */
function judgeFiles(name: string, always: string, onRequest: string): readonly string[] {
  const named = /\bDeno\.|["']node:/.exec(`${always}\n${onRequest}`)?.[0];
  const apart = !always.includes(PORTABLE_MARK) && onRequest.includes(PORTABLE_MARK);
  return [
    ...(named === undefined ? [] : [`the bundle of ${name} names ${named}`]),
    ...(apart || !(name in VERIFIERS)
      ? []
      : [`the portable engine of ${name} is not in files of its own`]),
  ];
}

/** What an entry weighs, and what is wrong with it. */
async function check(
  name: string,
  path: string,
): Promise<{ readonly size: Size; readonly problems: readonly string[] }> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-bundle-" });
  try {
    await bundle([path], folder, ["--minify"]);
    const files = await readChunks(folder);
    const chunks = chunksOf(files, path.replace(/^.*\//, "").replace(/\.ts$/, ".js"));
    const text = (names: readonly string[]): string =>
      names.map((file) => files.get(file) ?? "").join("\n");
    const [always, onRequest] = [text(chunks.always), text(chunks.onRequest)];
    const modules = judgeModules(name, await modulesOf(path));
    return { size: sizeOf(always), problems: [...modules, ...judgeFiles(name, always, onRequest)] };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the command line loads that it need not before it knows what is asked. */
async function judgeStart(): Promise<readonly string[]> {
  const { always } = await modulesOf("main.ts");
  console.log(`main.ts: ${always.length} modules before it knows what is asked`);
  return always.filter((specifier) => TECHNOLOGIES.test(specifier)).map((specifier) =>
    `main.ts loads ${specifier} before it knows what is asked`
  );
}

if (import.meta.main) {
  const problems: string[] = [...await judgeStart()];
  const sizes = new Map<string, Size>();
  for (const [name, path] of Object.entries(config.exports)) {
    const { size, problems: found } = await check(name, path);
    sizes.set(name, size);
    problems.push(...found);
    console.log(`${name}: ${size.bytes} bytes, gzip ${size.gzip}`);
  }
  sizes.set("casemate_core_bg.wasm", sizeOf(await Deno.readFile(MODULE)));
  const page = await Deno.readTextFile(PAGE);
  if (Deno.args.includes("--write")) await Deno.writeTextFile(PAGE, writeTable(page, sizes));
  else {
    const untrue = judgeTable(page, sizes);
    problems.push(...untrue);
    if (untrue.length > 0) {
      problems.push("Run `./scripts/deno task bundle --write` if that is meant.");
    }
  }
  for (const problem of problems) console.error(problem);
  Deno.exit(problems.length > 0 ? 1 : 0);
}

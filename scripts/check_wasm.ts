/**
 * Rebuilds the WASM module and holds the result against `wasm/lib/`.
 *
 * With the toolchain of `BUILD.json` the same bytes must come out. With another
 * one that cannot be asked; then the sources must be those of `BUILD.json`, and
 * the tests must pass on the rebuilt module too.
 *
 * @module
 */
import { fromFileUrl, output, run } from "./process.ts";
import { findStale, readRecord } from "./wasm/fresh.ts";
import { buildLib, CRATE } from "./wasm/lib.ts";
import { provideToolchain, type Toolchain } from "./wasm/toolchain.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** What the paths of the project's tests lead to beside the checkout. */
const NEIGHBOUR = "shared";

/**
 * Where two toolchains differ.
 *
 * @param recorded The one of `BUILD.json`.
 * @param present The one of this machine.
 * @returns A line for each difference.
 */
export function compareToolchains(recorded: Toolchain, present: Toolchain): string[] {
  const names = new Set([...Object.keys(recorded), ...Object.keys(present)]);
  const [a, b] = [new Map(Object.entries(recorded)), new Map(Object.entries(present))];
  return [...names].flatMap((name) => {
    const [before, now] = [JSON.stringify(a.get(name)), JSON.stringify(b.get(name))];
    return before === now ? [] : [`${name}: ${before}, here ${now}`];
  });
}

type Lib = ReadonlyMap<string, Uint8Array | string>;

/** Names of files that differ from `wasm/lib/`. */
async function findDifferences(lib: Lib): Promise<string[]> {
  const names: string[] = [];
  for (const [name, content] of lib) {
    const wanted = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const actual = await Deno.readFile(`${CRATE}lib/${name}`);
    const same = actual.length === wanted.length && actual.every((byte, i) => byte === wanted[i]);
    if (!same) names.push(name);
  }
  return names;
}

/** Runs the tests in a copy of the checkout that has the rebuilt module. */
async function testWith(lib: Lib): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_rebuilt_" });
  try {
    const copy = `${folder}/checkout/`;
    const listed = await output("git", [
      "ls-files",
      "-z",
      "--cached",
      "--others",
      "--exclude-standard",
    ], { cwd: ROOT });
    for (const path of listed.split("\0").filter((name) => name !== "")) {
      await Deno.mkdir(new URL(".", `file://${copy}${path}`), { recursive: true });
      await Deno.copyFile(ROOT + path, copy + path);
    }
    await Deno.symlink(`${ROOT}../${NEIGHBOUR}`, `${folder}/${NEIGHBOUR}`);
    for (const [name, content] of lib) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(`${copy}wasm/lib/${name}`, bytes);
    }
    await run("deno", ["task", "--quiet", "test"], { cwd: copy });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function main(): Promise<number> {
  const stale = await findStale(CRATE);
  if (stale !== undefined) {
    console.error(`${stale}; run \`./scripts/deno task wasm\` and commit the result`);
    return 1;
  }
  const toolchain = await provideToolchain();
  const differences = compareToolchains((await readRecord(CRATE)).toolchain, toolchain);
  const lib = await buildLib(toolchain);
  if (differences.length > 0) {
    console.log("This is not the toolchain of wasm/lib/BUILD.json, so bytes are not compared:");
    for (const line of differences) console.log(`  ${line}`);
    console.log("The sources are those of BUILD.json. The tests run on the rebuilt module:");
    await testWith(lib);
    return 0;
  }
  const changed = await findDifferences(lib);
  for (const name of changed) console.error(`wasm/lib/${name} is not what a rebuild gives`);
  if (changed.length === 0) console.log("A rebuild with the same toolchain gives the same bytes");
  return changed.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());

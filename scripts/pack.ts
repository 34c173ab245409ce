/**
 * Packs the library for npm: one file per entry of `deno.json`, code that
 * entries share in files of its own, and nothing to install beside it.
 *
 * `deno task pack` writes `dist/npm` and the tarball beside it.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { fromFileUrl, output, run } from "./process.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** Oldest Node that the library is tested on. */
const NODE = ">=20";

/** What stands beside the code. */
const DOCUMENTS: readonly string[] = ["README.md", "LICENSE", "CHANGELOG.md"];

/** Entries of the package: name in `exports`, path of the source. */
const ENTRIES: readonly (readonly [string, string])[] = Object.entries(config.exports);

/**
 * Writes the package and its tarball.
 *
 * @param folder Where both go; the package into its subfolder `npm`, which is made anew.
 * @returns Path of the tarball.
 */
export async function pack(folder: string): Promise<string> {
  const target = `${folder}/npm`;
  await Deno.mkdir(target, { recursive: true });
  await Deno.remove(target, { recursive: true });
  await bundle(ENTRIES.map(([, source]) => source), target);
  await Promise.all(
    DOCUMENTS.map((name) => Deno.copyFile(`${ROOT}${name}`, `${target}/${name}`)),
  );
  await Deno.writeTextFile(`${target}/package.json`, `${JSON.stringify(describe(), null, 2)}\n`);
  const name = await output("npm", ["pack", "--silent", "--pack-destination", folder, target]);
  return `${folder}/${name.trim()}`;
}

/**
 * Bundles modules for any runtime with Web APIs.
 *
 * @param sources Paths relative to the project.
 * @param target Folder that the files go into.
 * @param flags Further flags of `deno bundle`.
 */
export async function bundle(
  sources: readonly string[],
  target: string,
  flags: readonly string[] = [],
): Promise<void> {
  const fixed = ["bundle", "--quiet", "--platform", "browser", "--code-splitting"];
  await output(
    Deno.execPath(),
    [...fixed, ...flags, "--outdir", target, ...sources],
    { cwd: ROOT },
  );
}

/** What `package.json` says. It names no dependency, since the bundle holds all that it needs. */
function describe(): Readonly<Record<string, unknown>> {
  const exported = ENTRIES.map(([name, source]) => [name, source.replace(/\.ts$/, ".js")]);
  return {
    name: config.name,
    version: config.version,
    description: "Verifies confidential-computing evidence, offline",
    license: config.license,
    type: "module",
    engines: { node: NODE },
    sideEffects: false,
    exports: Object.fromEntries(exported),
  };
}

if (import.meta.main) {
  const tarball = await pack(`${ROOT}dist`);
  await run("tar", ["-tzf", tarball]);
  console.log(`Packed ${tarball.slice(ROOT.length)}`);
}

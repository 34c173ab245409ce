/**
 * Packs the library for npm: one file per entry of `deno.json`, code that
 * entries share in files of its own, types, the WASM module once as text and
 * once as a file, and nothing to install beside it.
 *
 * `deno task pack` writes `dist/npm` and the tarball beside it.
 *
 * @module
 */

import { writeDeclarations } from "./pack/declarations.ts";
import { nameSources } from "./pack/name_sources.ts";
import { ENTRIES, packageJson } from "./pack/package_json.ts";
import { INLINE_SOURCE, MODULE_FILE, tieModule } from "./pack/workers.ts";
import { withoutOldNode } from "./pack/without_old_node.ts";
import { fromFileUrl, output, run } from "./process.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** What stands beside the code. */
const DOCUMENTS: readonly string[] = [
  "README.md",
  "LICENSE",
  "THIRD_PARTY_NOTICES.txt",
  "CHANGELOG.md",
];

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
  const sources = ENTRIES.map(([, source]) => source);
  await bundle(sources, target, ["--external", `*/${INLINE_SOURCE}`]);
  await bundle([INLINE_SOURCE], `${target}/wasm`);
  await tieModule(target, `${ROOT}wasm/lib/${MODULE_FILE}`);
  await writeDeclarations(ROOT, target);
  await Promise.all(
    DOCUMENTS.map((name) => Deno.copyFile(`${ROOT}${name}`, `${target}/${name}`)),
  );
  await Deno.writeTextFile(`${target}/package.json`, `${JSON.stringify(packageJson(), null, 2)}\n`);
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
  await nameSources(target);
  await withoutOldNode(target);
}

if (import.meta.main) {
  const tarball = await pack(`${ROOT}dist`);
  await run("tar", ["-tzf", tarball]);
  console.log(`Packed ${tarball.slice(ROOT.length)}`);
}

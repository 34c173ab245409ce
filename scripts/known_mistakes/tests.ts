/**
 * Finds tests by the id at the start of their names.
 *
 * @module
 */

/** A test that holds a mistake off. */
export interface NamedTest {
  /** Id of the mistake. */
  readonly id: string;
  /** Rest of the test's name. */
  readonly says: string;
  /** File that holds the test, relative to the root. */
  readonly path: string;
}

/** Names in TypeScript: as argument of `Deno.test` and `overReal`, or as `name`. */
const TYPESCRIPT =
  /(?:Deno\.test\(\s*|overReal\(\s*|name:\s*)["`]([A-Z]{3,4}-[0-9]{2}) ([^"`]+)["`]/g;

/** Names in Rust: `fn snp_15_check_range_refuses_zero`. */
const RUST = /fn ([a-z]{3,4})_([0-9]{2})_([a-z0-9_]+)\(\)/g;

/**
 * Tests of one source file.
 *
 * @param path Its path, whose end tells the language.
 * @param source Its text.
 */
export function findTests(path: string, source: string): readonly NamedTest[] {
  if (path.endsWith(".rs")) {
    return [...source.matchAll(RUST)].map(([, kind = "", number = "", name = ""]) => ({
      id: `${kind.toUpperCase()}-${number}`,
      says: name.replaceAll("_", " "),
      path,
    }));
  }
  return [...source.matchAll(TYPESCRIPT)].map(([, id = "", name = ""]) => ({
    id,
    says: name.replaceAll(/\$\{[^}]*\}/g, "…"),
    path,
  }));
}

/**
 * Tests of all sources below some folders.
 *
 * @param root Folder that paths are relative to.
 * @param folders Where to look.
 */
export async function findAllTests(
  root: URL,
  folders: readonly string[],
): Promise<readonly NamedTest[]> {
  const paths: string[] = [];
  for (const folder of folders) paths.push(...await sourcesBelow(root, folder));
  const found = await Promise.all(
    paths.sort().map(async (path) => findTests(path, await Deno.readTextFile(new URL(path, root)))),
  );
  return found.flat();
}

async function sourcesBelow(root: URL, folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/`, root))) {
    const path = `${folder}/${name}`;
    if (isDirectory) paths.push(...await sourcesBelow(root, path));
    else if (/\.(ts|rs)$/.test(name)) paths.push(path);
  }
  return paths;
}

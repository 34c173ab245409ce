/**
 * Which files of tests are loaded together. A file that is loaded alone loads
 * the library anew, hundreds of modules; nearly 400 of them spend a third of a
 * run on that. So the many short files share a few isolates, and the long ones
 * have one each and begin first, so that no processor waits for them at the end.
 *
 * @module
 */

/** Files that take longest, the longest first. */
export const LONGEST: readonly string[] = [
  "tests/tdx/known_mistakes_test.ts",
  "tests/runtimes/packed_test.ts",
  "tests/snp/known_mistakes_test.ts",
  "tests/contracts/technology_test.ts",
  "tests/portable/engines_test.ts",
  "tests/portable/without_wasm_test.ts",
  "tests/portable/tdx_differential_test.ts",
  "tests/portable/tpm_differential_test.ts",
];

/** Names that `deno test` takes for tests. */
const TEST = /(?:^|[_.])test\.(?:[cm]?ts|[cm]?js|tsx|jsx)$/;

/**
 * Files of tests in folders and all below them.
 *
 * @param root Folder that the paths begin at, with a slash at its end.
 * @param folders Paths from there.
 * @returns Paths from the root, in alphabetical order.
 */
export async function findTests(root: string, folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(root + folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) found.push(...await findTests(root, [path]));
      else if (TEST.test(name)) found.push(path);
    }
  }
  return found.sort();
}

/**
 * Splits files: the longest alone, the others as neighbours of about the same number.
 *
 * @param files Paths from the root, in alphabetical order.
 * @param count How many groups the others are split into.
 * @returns Groups that have each file once, in the order in which they should begin.
 * @throws {Error} if one of the longest is not among the files.
 */
export function groupTests(files: readonly string[], count: number): string[][] {
  const gone = LONGEST.filter((path) => !files.includes(path));
  if (gone.length > 0) throw new Error(`There is no ${gone.join(", ")}`);
  const others = files.filter((path) => !LONGEST.includes(path));
  const groups = Array.from({ length: count }, (_, at) => {
    const bound = (index: number): number => Math.floor(others.length * index / count);
    return others.slice(bound(at), bound(at + 1));
  });
  return [...LONGEST.map((path) => [path]), ...groups.filter(({ length }) => length > 0)];
}

/**
 * Everything that is written for people, page by page.
 *
 * @module
 */

/** The project's folder. */
export const ROOT: URL = new URL("../../", import.meta.url);

/** Folders with pages. */
const FOLDERS: readonly string[] = ["", "docs/", "docs/examples/", ".github/"];

/** Pages by their paths, in order. */
export const PAGES: readonly (readonly [path: string, text: string])[] = await read();

async function read(): Promise<readonly (readonly [string, string])[]> {
  const paths: string[] = [];
  for (const folder of FOLDERS) {
    for await (const { name } of Deno.readDir(new URL(folder, ROOT))) {
      if (name.endsWith(".md")) paths.push(`${folder}${name}`);
    }
  }
  return await Promise.all(
    paths.sort().map(async (path) => [path, await Deno.readTextFile(new URL(path, ROOT))] as const),
  );
}

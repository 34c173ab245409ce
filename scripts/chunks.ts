/**
 * The files that a bundle with code splitting consists of.
 *
 * @module
 */

/** Files of a bundle by when they are loaded. */
export interface Chunks {
  /** The entry and what comes with it. */
  readonly always: readonly string[];
  /** What is loaded when it is asked for. */
  readonly onRequest: readonly string[];
}

/** `from "./a.js"` and `import "./a.js"`, but not `import("./a.js")`. */
const STATIC = /\b(?:from|import)\s*"\.\/([^"]+\.js)"/g;

/**
 * Sorts the files of a bundle.
 *
 * @param files Sources by file name.
 * @param entry Name of the entry.
 */
export function chunksOf(files: ReadonlyMap<string, string>, entry: string): Chunks {
  const always = new Set([entry]);
  // A set that grows is walked to its end.
  for (const name of always) {
    for (const [, found] of (files.get(name) ?? "").matchAll(STATIC)) {
      if (found !== undefined && files.has(found)) always.add(found);
    }
  }
  const onRequest = [...files.keys()].filter((name) => !always.has(name));
  return { always: [...always], onRequest };
}

/**
 * Reads the files of a bundle.
 *
 * @param folder Where they are.
 */
export async function readChunks(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".js")) files.set(name, await Deno.readTextFile(`${folder}/${name}`));
  }
  return files;
}

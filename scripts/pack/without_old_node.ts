/**
 * Takes out of a bundle what a package would load on a Node that has no Web
 * Crypto. The oldest one supported has it, and bundlers for browsers refuse to
 * build what names a module of Node.
 *
 * @module
 */

/** Of `@hpke/common`: loaded where `globalThis.crypto` is not there. */
const FALLBACK = /\bimport\("node:crypto"\)/g;

const INSTEAD = 'Promise.reject(new Error("There is no Web Crypto here"))';

/**
 * Has a bundle fail there in words.
 *
 * @param folder Where the bundle is.
 */
export async function withoutOldNode(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) await withoutOldNode(path);
    else if (name.endsWith(".js")) {
      const text = await Deno.readTextFile(path);
      const changed = text.replace(FALLBACK, INSTEAD);
      if (changed !== text) await Deno.writeTextFile(path, changed);
    }
  }
}

/**
 * Where the code of packages in a bundle comes from, said without folders of
 * the machine.
 *
 * @module
 */

/** What the bundler puts before the code of a package: where this machine keeps it. */
const KEPT = /^\/\/ (?:\.\.\/)+\S*?\/npm\/[^/\s]+\//gm;

/**
 * Calls packages by their names in the comments of a bundle.
 *
 * @param folder Where the bundle is.
 */
export async function nameSources(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) await nameSources(path);
    else if (name.endsWith(".js")) {
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, text.replace(KEPT, "// npm:"));
    }
  }
}

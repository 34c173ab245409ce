/**
 * Hashes that tie the module to what it was built from.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** What decides the module beside the toolchain, relative to `wasm/`. */
const SOURCES: readonly string[] = [
  "Cargo.lock",
  "Cargo.toml",
  "arithmetic/Cargo.toml",
  "arithmetic/src",
  "src",
];

/** SHA-256 as hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * SHA-256 over `Cargo.toml`, `Cargo.lock` and all of `src/`, sorted by path:
 * for each file its path, a zero byte, its length in decimal, a zero byte, its
 * content.
 *
 * @param folder The crate's folder, with a slash at the end.
 */
export async function hashSources(folder: string): Promise<string> {
  const paths: string[] = [];
  for (const name of SOURCES) await collect(folder, name, paths);
  const hash = createHash("sha256");
  for (const path of paths.sort()) {
    const content = await Deno.readFile(folder + path);
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function collect(folder: string, path: string, into: string[]): Promise<void> {
  if ((await Deno.stat(folder + path)).isFile) {
    into.push(path);
    return;
  }
  for await (const entry of Deno.readDir(folder + path)) {
    await collect(folder, `${path}/${entry.name}`, into);
  }
}

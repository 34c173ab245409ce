/**
 * A cache in a folder that many processes share, on Deno.
 *
 * Each file is written beside its place, brought to the disk and then renamed,
 * so that a process that is killed leaves the old one or the new one. Locks are
 * those of the kernel (`flock`), which end with their holder.
 *
 * @module
 */

import { InputError, UnavailableError } from "../core/errors.ts";
import type { CacheFile, CacheFiles, Caches } from "../core/ports.ts";

/** What names look like; nothing else becomes a path. */
const NAME = /^[a-z]+\/[a-z0-9-]+$/;
/** Folder of what is being written. */
const UNDERWAY = "underway";
/** Time after which what is being written never will be, ms. */
const ABANDONED = 3600_000;
/** Shortest and longest wait between two looks at a lock, ms. */
const LOOK = { first: 2, last: 50 } as const;
/** Permissions by which somebody else could write. */
const OTHERS_WRITE = 0o022;

/** Caches in folders. */
export const denoCaches: Caches = {
  open(folder) {
    const path = folder ?? ownFolder();
    let ready: Promise<void> | undefined;
    return cacheIn(path, () => ready ??= prepare(path));
  },
};

/** XDG Base Directory Specification: relative paths in the variable count as none. */
function ownFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? "";
  if (cache.startsWith("/")) return `${cache}/casemate`;
  const home = Deno.env.get("HOME") ?? "";
  if (home.startsWith("/")) return `${home}/.cache/casemate`;
  throw unfit("~/.cache/casemate", "neither XDG_CACHE_HOME nor HOME says where it is");
}

/** Makes the folder, and refuses one into which others can put what nobody confirmed. */
async function prepare(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    const { isDirectory, mode, uid } = await Deno.stat(path);
    if (!isDirectory) throw unfit(path, "it is no folder");
    if (!isTrustedOwner(uid)) throw unfit(path, "it belongs to another user");
    if (((mode ?? 0) & OTHERS_WRITE) !== 0) throw unfit(path, "others can write to it");
    for (const folder of ["entries", "blobs", "seen", "notes", "locks", UNDERWAY]) {
      await Deno.mkdir(`${path}/${folder}`, { recursive: true, mode: 0o700 });
    }
    await sweep(`${path}/${UNDERWAY}`);
  } catch (cause) {
    throw cause instanceof InputError ? cause : unfit(path, reasonOf(cause), cause);
  }
}

/** This process's user, or root, who can write anywhere; systems without such numbers have other means. */
function isTrustedOwner(owner: number | null): boolean {
  const own = Deno.uid();
  return own === null || owner === null || owner === own || owner === 0;
}

/** Removes what killed processes left. */
async function sweep(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    const status = await unlessGone(Deno.stat(path));
    if (Date.now() - (status?.mtime?.getTime() ?? Date.now()) > ABANDONED) {
      await unlessGone(Deno.remove(path));
    }
  }
}

function cacheIn(folder: string, ready: () => Promise<void>): CacheFiles {
  const at = (name: string): string => {
    if (!NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name in a cache`);
    return `${folder}/${name}`;
  };
  const using = async <T>(work: () => Promise<T>): Promise<T> => {
    await ready();
    return await telling(folder, work);
  };
  return {
    read: (name) => using(() => unlessGone(Deno.readFile(at(name)))),
    write: (name, bytes) => using(() => write(folder, at(name), bytes)),
    remove: (name) => using(async () => void await unlessGone(Deno.remove(at(name)))),
    list: (part) => using(() => list(folder, part)),
    async lock(name, patience, work) {
      await ready();
      return await locked(folder, at(name), patience, work);
    },
  };
}

async function write(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${folder}/${UNDERWAY}/${crypto.randomUUID()}`;
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true, mode: 0o600 });
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
    await file.sync();
    await Deno.rename(temporary, path);
  } catch (error) {
    await unlessGone(Deno.remove(temporary));
    throw error;
  }
}

async function list(folder: string, part: string): Promise<readonly CacheFile[]> {
  const found: CacheFile[] = [];
  for await (const { name } of Deno.readDir(`${folder}/${part}`)) {
    const status = await unlessGone(Deno.stat(`${folder}/${part}/${name}`));
    if (status === null || !status.isFile || !NAME.test(`${part}/${name}`)) continue;
    const modified = status.mtime ?? new Date(0);
    found.push({ name: `${part}/${name}`, size: status.size, modified });
  }
  return found;
}

/** The file of a lock stays: who removed it would take it from under who waits for it. */
async function locked<T>(
  folder: string,
  path: string,
  patience: number,
  work: () => Promise<T>,
): Promise<T> {
  using file = await telling(
    folder,
    () => Deno.open(path, { write: true, create: true, mode: 0o600 }),
  );
  const end = Date.now() + patience;
  for (let pause: number = LOOK.first; !await telling(folder, () => file.tryLock(true));) {
    if (Date.now() >= end) throw busy(patience);
    await new Promise((done) => setTimeout(done, pause));
    pause = Math.min(LOOK.last, 2 * pause);
  }
  try {
    return await work();
  } finally {
    await telling(folder, () => file.unlock());
  }
}

async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function telling<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof TypeError) throw cause;
    const reason = reasonOf(cause);
    throw new UnavailableError(`Cannot use the cache in ${folder}: ${reason}`, {
      code: "collateral.cache_failed",
      fields: { folder, reason },
      retryable: false,
      cause,
    });
  }
}

function busy(patience: number): UnavailableError {
  const reason = "another process is at the same thing";
  return new UnavailableError(`Cannot wait for longer than ${patience / 1000} s: ${reason}`, {
    code: "collateral.busy",
    fields: { reason },
    retryable: true,
  });
}

function unfit(folder: string, reason: string, cause?: unknown): InputError {
  return new InputError(`Cannot keep collateral in ${folder}: ${reason}`, {
    code: "collateral.cache_folder",
    fields: { folder, reason },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The system's reason, without the path that the message names anyway. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable) {
    return "this program was started without permission for it";
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/ \(os error \d+\).*$/s, "");
}

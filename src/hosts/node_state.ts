/**
 * Files of a node alone, in a folder that only it may read: written whole and on
 * disk, or not at all.
 *
 * @module
 */

import { OperationError } from "../core/errors.ts";
import type { OpenState } from "../core/node_host.ts";
import type { StateFiles } from "../core/node_ports.ts";

/** Names of files: no folders, nothing that hides. */
const NAME = /^[a-z][a-z0-9_.-]{0,62}$/;

/** How a file is called until it is whole. */
const UNFINISHED = ".unfinished";

/** Most bytes of a file. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Opens the folder, and makes it where there is none. One process uses it at a time.
 *
 * @param folder Where.
 * @throws {OperationError} `node.state_folder` where it cannot be used, others may read it, or another process uses it.
 */
export async function openNodeState(folder: string): Promise<OpenState> {
  return await told(folder, async () => {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await refuseShared(folder);
    const lock = await lockOf(folder);
    return { files: stateFiles(folder), close: () => lock.close() };
  });
}

/** Changes are made one after the other: two that wrote beside the same file would put half of each in its place. */
function stateFiles(folder: string): StateFiles {
  const pathOf = (name: string): string => {
    if (!NAME.test(name)) throw new RangeError(`Cannot use ${JSON.stringify(name)} as a name`);
    return `${folder}/${name}`;
  };
  let before: Promise<unknown> = Promise.resolve();
  const changed = (work: () => Promise<void>): Promise<void> => {
    const done = before.then(() => told(folder, work));
    before = done.catch(() => {});
    return done;
  };
  return {
    read: (name) => told(folder, () => readWhole(pathOf(name))),
    write: (name, bytes) => changed(() => replace(folder, pathOf(name), bytes)),
    remove: (name) => changed(() => removeFile(folder, pathOf(name))),
  };
}

async function readWhole(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    refuseLarge(path, (await Deno.stat(path)).size);
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Written beside, then put in its place; each is on disk before the next. */
async function replace(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  // What could not be read again would take the place of what can.
  refuseLarge(path, bytes.length);
  const beside = `${path}${UNFINISHED}`;
  {
    using file = await Deno.open(beside, {
      write: true,
      create: true,
      truncate: true,
      mode: 0o600,
    });
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.sync();
  }
  await Deno.rename(beside, path);
  await syncFolder(folder);
}

async function removeFile(folder: string, path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  using opened = await Deno.open(folder);
  await opened.sync();
}

async function refuseShared(folder: string): Promise<void> {
  const { mode, isDirectory } = await Deno.stat(folder);
  if (!isDirectory) throw new Error("it is no folder");
  if (mode !== null && (mode & 0o077) !== 0) throw new Error("others may read it; make it 0700");
}

function refuseLarge(path: string, size: number): void {
  if (size > MAX_BYTES) {
    throw new Error(`${path} has ${size} bytes, more than the ${MAX_BYTES} of any state`);
  }
}

/** Two agents over one state would each write what the other does not know. */
async function lockOf(folder: string): Promise<Deno.FsFile> {
  const file = await Deno.open(`${folder}/lock`, { write: true, create: true, mode: 0o600 });
  if (await file.tryLock(true)) return file;
  file.close();
  throw new Error("another process uses it");
}

async function told<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OperationError(`Cannot use the state in ${folder}: ${reason}`, {
      code: "node.state_folder",
      fields: { folder, reason },
      cause,
    });
  }
}

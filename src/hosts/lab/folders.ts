/**
 * Folders and files of a lab, for its owner alone.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import type { LabFolders } from "../../core/lab_ports.ts";

/** Most bytes of a piece of a log. */
const PIECE = 1 << 20;

/** Folders of labs. What the system refuses is told as such, with the path that is meant. */
export const labFolders: LabFolders = {
  home: ownFolder,
  absolute: (path) => at(path, absolute(path)),
  make: (path) => at(path, make(path)),
  list: (path) => at(path, orElse(listed(path), [])),
  read: (path) => at(path, orElse(Deno.readFile(path), null)),
  write: (path, bytes) => at(path, write(path, bytes)),
  size: (path) => at(path, orElse(Deno.lstat(path), null).then((info) => info?.size ?? null)),
  readFrom: (path, from) => at(path, readFrom(path, from)),
  remove: (path) => at(path, orElse(Deno.remove(path, { recursive: true }), undefined)),
  rename: (from, to) => at(to, rename(from, to)),
  removeEmpty: (path) => at(path, removeEmpty(path)),
  watch,
  alone,
};

/** Errors of the system say their number; its text may name another path than the one that is meant. */
async function at<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const said = cause instanceof Error && !(cause instanceof InputError) ? cause.message : "";
    const reason = /^(.*?) \(os error \d+\)/.exec(said)?.[1];
    if (reason === undefined) throw cause;
    throw unfit(path, reason, cause);
  }
}

async function absolute(path: string): Promise<string> {
  const whole = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  return await orElse(Deno.realPath(whole), whole.replace(/\/+$/, ""));
}

/** XDG Base Directory Specification: relative paths in the variable count as none. */
function ownFolder(): string {
  const state = Deno.env.get("XDG_STATE_HOME") ?? "";
  if (state.startsWith("/")) return `${state}/casemate/lab`;
  const home = Deno.env.get("HOME") ?? "";
  if (home.startsWith("/")) return `${home}/.local/state/casemate/lab`;
  throw unfit("the folder of labs", "neither XDG_STATE_HOME nor HOME says where it is; give --dir");
}

async function make(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  const { isDirectory, mode, uid } = await Deno.stat(path);
  if (!isDirectory) throw unfit(path, "it is no folder");
  if (uid !== null && uid !== Deno.uid()) throw unfit(path, "it belongs to another user");
  if (((mode ?? 0) & 0o022) !== 0) throw unfit(path, "others can write to it; chmod 700 it");
}

async function listed(path: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(path)) names.push(name);
  return names.sort();
}

/** Beside its place, brought to the disk, renamed: a reader finds the old file or the new one. */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${crypto.randomUUID()}.new`;
  const file = await Deno.open(beside, { write: true, createNew: true, mode: 0o600 });
  try {
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.syncData();
  } finally {
    file.close();
  }
  await Deno.rename(beside, path);
}

async function readFrom(path: string, from: number): Promise<Uint8Array> {
  const file = await orElse(Deno.open(path), null);
  if (file === null) return new Uint8Array();
  try {
    await file.seek(from, Deno.SeekMode.Start);
    const piece = new Uint8Array(PIECE);
    const length = await file.read(piece);
    return piece.subarray(0, length ?? 0);
  } finally {
    file.close();
  }
}

/** An empty folder would give way (rename(2)), and be somebody's. */
async function rename(from: string, to: string): Promise<boolean> {
  if (await orElse(Deno.lstat(to), null) !== null) return false;
  await Deno.rename(from, to);
  return true;
}

async function removeEmpty(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    const full = error instanceof Error && /os error 39\b/.test(error.message);
    if (!full && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The kernel begins to watch with this call, not with the first turn of the loop. */
function watch(path: string, changed: () => void): () => void {
  const events = Deno.watchFs(path, { recursive: false });
  void (async () => {
    for await (const _ of events) changed();
  })();
  return () => events.close();
}

/** A lock of the kernel's ends with its holder, however that ends. */
async function alone<T>(path: string, work: () => Promise<T>): Promise<T | null> {
  const file = await at(path, lock(path));
  if (file === null) return null;
  try {
    return await work();
  } finally {
    await orElse(Deno.remove(path), undefined);
    file.close();
  }
}

/** A holder before may have removed the file that was opened: then somebody else has the one of that name. */
async function lock(path: string): Promise<Deno.FsFile | null> {
  for (;;) {
    const file = await Deno.open(path, { create: true, write: true, mode: 0o600 });
    const taken = await file.tryLock(true);
    const [own, named] = [await file.stat(), await orElse(Deno.stat(path), null)];
    if (taken && own.ino === named?.ino) return file;
    file.close();
    if (!taken) return null;
  }
}

async function orElse<T, E>(work: Promise<T>, otherwise: E): Promise<T | E> {
  try {
    return await work;
  } catch (error) {
    const nothing = error instanceof Deno.errors.NotFound ||
      // A file stands where a folder would be.
      error instanceof Deno.errors.NotADirectory;
    if (nothing) return otherwise;
    throw error;
  }
}

function unfit(path: string, reason: string, cause?: unknown): InputError {
  return new InputError(`Cannot use ${path}: ${reason}`, {
    code: "lab.folder",
    fields: { folder: path, reason },
    cause,
  });
}

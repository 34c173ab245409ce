/**
 * A cache in memory, for tests and for hosts that keep nothing.
 *
 * @module
 */

import type { CacheFiles, Clock } from "../core/ports.ts";

/** What is kept of one file. */
interface File {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly modified: Date;
}

/**
 * An empty cache of one process; it ends with it.
 *
 * Locks are waited for however long they take: their holder is in this process and has a deadline.
 *
 * @param clock When files are written.
 */
export function memoryCache(clock: Clock): CacheFiles {
  const files = new Map<string, File>();
  const last = new Map<string, Promise<void>>();
  return {
    read: (name) => Promise.resolve(copied(files.get(name))),
    write(name, bytes) {
      files.set(name, { bytes: Uint8Array.from(bytes), modified: clock.now() });
      return Promise.resolve();
    },
    remove(name) {
      files.delete(name);
      return Promise.resolve();
    },
    list: (folder) =>
      Promise.resolve(
        [...files].filter(([name]) => name.startsWith(`${folder}/`)).map((
          [name, { bytes, modified }],
        ) => ({ name, size: bytes.length, modified })),
      ),
    async lock(name, _patience, work) {
      const before = last.get(name) ?? Promise.resolve();
      const mine = before.then(work);
      last.set(name, mine.then(nothing, nothing));
      return await mine;
    },
  };
}

function copied(file: File | undefined): Uint8Array<ArrayBuffer> | null {
  return file === undefined ? null : file.bytes.slice();
}

/** Whoever waited for the lock is told; the next one takes it either way. */
function nothing(): void {}

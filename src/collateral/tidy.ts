/**
 * Keeps a cache within its size: what expired goes first, then what was
 * confirmed longest ago. What was seen stays, since it guards against older issues.
 *
 * @module
 */

import { UnavailableError } from "../core/errors.ts";
import type { CacheFile, CacheFiles } from "../core/ports.ts";
import { ENTRY, type EntryForm } from "./forms.ts";
import { unseal } from "./sealed.ts";

/** Time between two rounds, ms. */
const INTERVAL = 3600_000;
/** Time that a body is left alone although nothing names it: who wrote it is about to, ms. */
const YOUNG = 600_000;
/** Time after which nobody wants to know of a note, ms: the longest matters for an hour. */
const OLD_NOTE = 24 * 3600_000;
/** Part of the size that one process writes before it does not wait for the hour. */
const SHARE = 8;
/** Patience for whoever tidies already, ms: one is enough. */
const PATIENCE = 0;

/** When it was done last. */
const MARK = "notes/tidied";

/** The rounds. */
export interface Tidy {
  /** Counts what was written. */
  wrote(bytes: number): void;
  /** Does a round where it is time to. */
  run(now: Date): Promise<void>;
}

/** An entry, its file, and the size of its body. */
interface Kept {
  readonly file: CacheFile;
  readonly form: EntryForm | null;
  readonly size: number;
}

/**
 * Rounds over a cache.
 *
 * @param files Its files.
 * @param maxBytes Most bytes of entries and bodies after a round; `Infinity` where the place lets files go by itself, and no round is done.
 */
export function createTidy(files: CacheFiles, maxBytes: number): Tidy {
  let written = 0;
  return {
    wrote: (bytes) => void (written += bytes),
    async run(now) {
      if (maxBytes === Infinity) return;
      const soon = written > maxBytes / SHARE;
      const marks = (await files.list("notes")).filter(({ name }) => name === MARK);
      const last = marks[0]?.modified.getTime() ?? 0;
      if (!soon && Math.abs(now.getTime() - last) < INTERVAL) return;
      written = 0;
      await files.write(MARK, new Uint8Array());
      await files.lock("locks/tidy", PATIENCE, () => tidyAll(files, maxBytes, now)).catch(
        unlessBusy,
      );
    },
  };
}

/** Who is busy with it does it for all. */
function unlessBusy(error: unknown): void {
  if (!(error instanceof UnavailableError && error.code === "collateral.busy")) throw error;
}

async function tidyAll(files: CacheFiles, maxBytes: number, now: Date): Promise<void> {
  const blobs = new Map((await files.list("blobs")).map((file) => [file.name, file]));
  const kept: Kept[] = [];
  for (const file of await files.list("entries")) {
    const form = unseal(await files.read(file.name), ENTRY);
    kept.push({ file, form, size: blobs.get(`blobs/${form?.blob}`)?.size ?? 0 });
  }
  const stay = await removeEntries(files, kept, maxBytes, now);
  const named = new Set(stay.map(({ form }) => `blobs/${form?.blob}`));
  for (const { name, modified } of blobs.values()) {
    if (!named.has(name) && isOlder(modified, YOUNG, now)) await files.remove(name);
  }
  for (const { name, modified } of await files.list("notes")) {
    if (isOlder(modified, OLD_NOTE, now)) await files.remove(name);
  }
}

/** Removes what is none, what expired, and then the oldest until the rest is small enough. */
async function removeEntries(
  files: CacheFiles,
  kept: readonly Kept[],
  maxBytes: number,
  now: Date,
): Promise<readonly Kept[]> {
  const rest = kept.filter(({ form }) => form !== null && form.expires > now.getTime())
    .sort((a, b) => (b.form?.confirmed ?? 0) - (a.form?.confirmed ?? 0));
  let bytes = 0;
  const stay = rest.filter(({ file, size }) => (bytes += size + file.size) <= maxBytes);
  const staying = new Set(stay);
  for (const one of kept) {
    if (!staying.has(one) && isOlder(one.file.modified, YOUNG, now)) {
      await removeUnchanged(files, one);
    }
  }
  return [
    ...stay,
    ...kept.filter((one) => !staying.has(one) && !isOlder(one.file.modified, YOUNG, now)),
  ];
}

/** Leaves alone what was written anew since it was read. */
async function removeUnchanged(files: CacheFiles, { file, form }: Kept): Promise<void> {
  const current = unseal(await files.read(file.name), ENTRY);
  if (current?.confirmed === form?.confirmed) await files.remove(file.name);
}

function isOlder(modified: Date, than: number, now: Date): boolean {
  return now.getTime() - modified.getTime() > than;
}

/**
 * All that a lab leaves where others might read it: its files, and the words and
 * environments of all processes of the machine.
 *
 * @module
 */

/** Bytes, and where they stood. */
export interface Trace {
  /** Path, or `/proc/…`. */
  readonly place: string;
  /** What stood there. */
  readonly content: Uint8Array;
}

/** Files in a folder and below it, by path relative to it. */
export async function* filesBelow(folder: string, below = ""): AsyncGenerator<Trace> {
  for await (const entry of Deno.readDir(`${folder}/${below}`)) {
    const place = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory) yield* filesBelow(folder, place);
    if (!entry.isFile) continue;
    yield { place, content: withoutZeros(await Deno.readFile(`${folder}/${place}`)) };
  }
}

/** Etcd writes 64 MB of zeros for later. */
function withoutZeros(content: Uint8Array): Uint8Array {
  let end = content.length;
  while (end > 0 && content[end - 1] === 0) end--;
  return content.subarray(0, end);
}

/** Words and environments of all processes. */
export function* processTraces(): Generator<Trace> {
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    for (const file of ["cmdline", "environ"]) {
      const place = `/proc/${name}/${file}`;
      const content = readIfThere(place);
      if (content !== null) yield { place, content };
    }
  }
}

/** Null where the process ended in between (ENOENT, ESRCH), or is another user's (EACCES). */
function readIfThere(path: string): Uint8Array | null {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Error && /os error (?:2|3|13)\b/.test(error.message)) return null;
    throw error;
  }
}

/**
 * A double: configfs-tsm as the kernel has it (drivers/virt/coco/guest/report.c),
 * in memory. A new folder gets its files, each write counts, reading the report
 * lets the TEE make it.
 *
 * @module
 */

import type { TeeReport } from "../../src/core/node_ports.ts";
import type { TsmFiles } from "../../src/hosts/devices/tsm_files.ts";

/** What stands behind the interface. */
export interface TsmModelOptions {
  /** Makes a report. */
  readonly make: (reportData: Uint8Array, privilege: string | null) => Promise<
    { readonly report: Uint8Array; readonly certificates?: Uint8Array | null }
  >;
  /** Name of the driver. */
  readonly provider?: TeeReport["provider"] | string;
  /** Refuses what is done, by name and file, as `read outblob`; null lets it be done. */
  readonly refuse?: (doing: string) => string | null;
  /** Is told of each folder before its report is read, to come between. */
  readonly between?: (entry: TsmEntry) => void;
}

/** A request. */
export interface TsmEntry {
  inblob: Uint8Array | null;
  privilege: string | null;
  generation: number;
}

/** The double, and what was done with it. */
export interface TsmModel {
  readonly files: TsmFiles;
  /** Folders that are there. */
  readonly entries: ReadonlyMap<string, TsmEntry>;
  /** Most folders that were there at once, and all that were made. */
  readonly made: string[];
}

const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);

/**
 * Makes a double.
 *
 * @param options What stands behind it.
 */
export function tsmModel(options: TsmModelOptions): TsmModel {
  const entries = new Map<string, TsmEntry>();
  const made: string[] = [];
  const { refuse = () => null } = options;
  const allow = (doing: string): void => {
    const code = refuse(doing);
    if (code !== null) throw systemError(code);
  };
  const files: TsmFiles = {
    makeFolder: (path) =>
      done(() => {
        allow("make");
        if (entries.has(path)) throw systemError("EEXIST");
        made.push(path);
        entries.set(path, { inblob: null, privilege: null, generation: 0 });
      }),
    removeFolder: (path) =>
      done(() => {
        allow("remove");
        if (!entries.delete(path)) throw systemError("ENOENT");
      }),
    writeOnce: (path, bytes) =>
      done(() => {
        const [entry, name] = entryAt(entries, path);
        allow(`write ${name}`);
        writeTo(entry, name, bytes);
      }),
    async read(path) {
      const [entry, name] = entryAt(entries, path);
      allow(`read ${name}`);
      return new Uint8Array(await readFrom(entry, name, options));
    },
  };
  return { files, entries, made };
}

function done(work: () => void): Promise<void> {
  return Promise.resolve().then(work);
}

function writeTo(entry: TsmEntry, name: string, bytes: Uint8Array): void {
  if (name === "inblob") {
    if (bytes.length === 0 || bytes.length > 64) throw systemError("EINVAL");
    entry.inblob = bytes.slice();
  } else if (name === "privlevel") entry.privilege = new TextDecoder().decode(bytes);
  else throw systemError("EACCES");
  entry.generation++;
}

async function readFrom(
  entry: TsmEntry,
  name: string,
  { make, provider = "sev_guest", between }: TsmModelOptions,
): Promise<Uint8Array> {
  if (name === "provider") return text(`${provider}\n`);
  if (name === "generation") return text(`${entry.generation}\n`);
  if (entry.inblob === null) throw systemError("EINVAL");
  if (name === "outblob") {
    between?.(entry);
    return (await make(entry.inblob, entry.privilege)).report;
  }
  if (name !== "auxblob") throw systemError("ENOENT");
  return (await make(entry.inblob, entry.privilege)).certificates ?? new Uint8Array();
}

function entryAt(
  entries: ReadonlyMap<string, TsmEntry>,
  path: string,
): readonly [TsmEntry, string] {
  const at = path.lastIndexOf("/");
  const entry = entries.get(path.slice(0, at));
  if (entry === undefined) throw systemError("ENOENT");
  return [entry, path.slice(at + 1)];
}

/** An error as the runtime throws it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`The double says ${code}`), { code });
}

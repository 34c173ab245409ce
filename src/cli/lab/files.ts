/**
 * The files of minted evidence.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { Host } from "../../core/ports.ts";
import { type AmdAuthority, exportAmdAuthority, type MintedSnp } from "../../lab/mod.ts";
import { flagError, renamed } from "../input/given.ts";

/** The flag that names the folder. */
const FLAG = "--out";

/** Names of the files of evidence. */
const NAMES = {
  report: "report.bin",
  leaf: "leaf.pem",
  chain: "chain.pem",
  crl: "crl.pem",
  root: "lab-root.pem",
} as const;

/** Name of the file with the lab's keys. */
const KEYS_NAME = "lab-authority.json";

/** A file to be written. */
interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The files by what they hold. */
export type EvidenceFiles = Readonly<Record<"report" | "leaf" | "chain" | "crl" | "root", NewFile>>;

/**
 * Files for minted evidence.
 *
 * @param folder Folder of the files.
 * @param evidence The evidence.
 */
export function filesOf(folder: string, evidence: MintedSnp): EvidenceFiles {
  const at = (name: string, content: Uint8Array | string): NewFile => ({
    path: `${folder}/${name}`,
    bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
  });
  return {
    report: at(NAMES.report, evidence.report),
    leaf: at(NAMES.leaf, evidence.leaf),
    chain: at(NAMES.chain, evidence.chain),
    crl: at(NAMES.crl, evidence.crl),
    root: at(NAMES.root, evidence.root),
  };
}

/**
 * Refuses a folder that holds any of the files, before keys are made, which
 * takes seconds, and before some of them are written and the rest is not.
 * Writing refuses again, without a gap in time.
 *
 * @param host The machine.
 * @param folder The folder.
 * @param keys Whether keys are to be written too.
 * @throws {InputError} `input.unwritable`
 */
export async function refuseExisting(host: Host, folder: string, keys: boolean): Promise<void> {
  for (const name of [...Object.values(NAMES), ...(keys ? [KEYS_NAME] : [])]) {
    const path = `${folder}/${name}`;
    if (!await isReadable(host, path)) continue;
    const message = `Cannot write ${path}: it exists already, and nothing is overwritten`;
    throw flagError("input.unwritable", message, FLAG);
  }
}

async function isReadable(host: Host, path: string): Promise<boolean> {
  try {
    await host.files.read(path, MAX_FILE_BYTES);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/**
 * Writes the files.
 *
 * @param host The machine.
 * @param files The files.
 * @throws {InputError} `input.unwritable`, naming the flag.
 */
export async function writeFiles(host: Host, files: EvidenceFiles): Promise<void> {
  for (const file of Object.values(files)) await writeNamed(host, file, false);
}

/**
 * Writes the lab's private keys, for their owner alone, so that a later run can
 * mint under the same root.
 *
 * @param host The machine.
 * @param folder The folder.
 * @param authority The keys.
 * @throws {InputError} `input.unwritable`, naming the flag.
 */
export async function writeKeys(
  host: Host,
  folder: string,
  authority: AmdAuthority,
): Promise<void> {
  const text = `${JSON.stringify(exportAmdAuthority(authority))}\n`;
  await writeNamed(host, {
    path: `${folder}/${KEYS_NAME}`,
    bytes: new TextEncoder().encode(text),
  }, true);
}

async function writeNamed(host: Host, { path, bytes }: NewFile, secret: boolean): Promise<void> {
  try {
    await host.files.write(path, bytes, secret);
  } catch (cause) {
    throw cause instanceof InputError ? renamed(cause, cause.message, FLAG) : cause;
  }
}

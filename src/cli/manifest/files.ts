/**
 * Files of manifests and reference values that commands name.
 *
 * @module
 */

import { CasemateError, InputError } from "../../core/errors.ts";
import { ManifestChain } from "../../manifest/chain.ts";
import { clusterIdFrom } from "../../manifest/cluster_id.ts";
import { type ReadManifest, readManifest } from "../../manifest/read.ts";
import { MAX_MANIFEST_BYTES } from "../../protocol/limits.ts";
import { fileName, type FileReader } from "../input/files.ts";
import { flagError, renamed } from "../input/given.ts";

/** A manifest of a file. */
export interface ManifestFile extends ReadManifest {
  /** The file, as sentences name it. */
  readonly name: string;
}

/**
 * Reads manifests; nothing is verified.
 *
 * @param reader Reads files.
 * @param flag The flag or the argument, as errors name it.
 * @param paths Paths; `-` is standard input.
 * @throws {InputError} `manifest.malformed`, `manifest.not_canonical`, `dsse.malformed` and those of files, naming the flag.
 */
export async function readManifestFiles(
  reader: FileReader,
  flag: string,
  paths: readonly string[],
): Promise<readonly ManifestFile[]> {
  const files: ManifestFile[] = [];
  for (const path of paths) {
    const name = fileName(path);
    const { bytes } = await reader.read(flag, path, MAX_MANIFEST_BYTES);
    try {
      files.push({ ...await readManifest(bytes, name), name });
    } catch (error) {
      throw error instanceof InputError ? renamed(error, error.message, flag) : error;
    }
  }
  return files;
}

/**
 * Verifies a chain from what its first manifest says of itself: that it is one
 * history of one owner. Whose, who asks must know.
 *
 * @param files All manifests, oldest first.
 * @param flag The flag or the argument, as errors name it.
 * @throws {CasemateError} `manifest.*`, naming the flag.
 */
export async function historyOf(
  files: readonly ManifestFile[],
  flag: string,
): Promise<ManifestChain> {
  const [first] = files;
  const last = files.at(-1);
  if (first === undefined || last === undefined) {
    throw flagError("input.missing", `Cannot use ${flag}: no manifest is given`, flag);
  }
  // A manifest that ended, too, can be followed by another: each is looked at for its own time.
  const now = new Date(last.manifest.issued);
  const chain = files.map(({ file }) => file);
  return await named(
    flag,
    () => ManifestChain.verify(chain, clusterIdFrom(first.manifest), { now }),
  );
}

/**
 * Does something whose errors are about a flag.
 *
 * @param flag The flag.
 * @param work What is done.
 */
export async function named<T>(flag: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CasemateError && error.fields["flag"] === undefined
      ? renamed(error, error.message, flag)
      : error;
  }
}

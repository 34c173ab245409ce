/**
 * Reads a bundle of collateral that a flag or an argument names.
 *
 * @module
 */

import {
  MAX_BUNDLE_BYTES,
  openBundleFile,
  type OpenedBundle,
  type OpenOptions,
} from "../../collateral/bundle_file.ts";
import { fileName, type FileReader } from "../input/files.ts";
import { readOwn } from "../kinds/own.ts";
import { withFlag } from "./key_files.ts";

/**
 * Opens a bundle. What it holds is still to be authenticated.
 *
 * @param reader Reads files.
 * @param flag The flag or argument as it is typed.
 * @param path Path; `-` is standard input.
 * @param options Whose word is enough.
 * @throws {InputError | RejectedError} where it is none, or not of who must have signed it.
 */
export async function readBundle(
  reader: FileReader,
  flag: string,
  path: string,
  options: OpenOptions,
): Promise<OpenedBundle> {
  const kinds = ["signed-collateral", "collateral"];
  const place = { flag, limit: MAX_BUNDLE_BYTES, kinds };
  return await readOwn(
    reader,
    path,
    place,
    ({ bytes }) => withFlag(flag, () => openBundleFile(bytes, fileName(path), options)),
  );
}

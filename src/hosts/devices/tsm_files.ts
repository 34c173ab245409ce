/**
 * Files of configfs and sysfs on Deno: what is written goes over in one call, as
 * the kernel wants it.
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { deviceFailure } from "./failure.ts";

/** Folders and files of configfs; errors are the runtime's own. */
export interface TsmFiles {
  /**
   * Makes a folder that is not there.
   *
   * @param path Where.
   */
  makeFolder(path: string): Promise<void>;
  /**
   * Removes a folder of configfs with what the kernel put into it.
   *
   * @param path Where.
   */
  removeFolder(path: string): Promise<void>;
  /**
   * Writes in one call to a file that is there.
   *
   * @param path Where.
   * @param bytes What.
   */
  writeOnce(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Reads a file whole.
   *
   * @param path Where.
   * @param limit Most bytes.
   * @throws {UnavailableError} `device.too_large`
   */
  read(path: string, limit: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes of a read: files of sysfs and configfs say no size. */
const CHUNK_BYTES = 16 * 1024;

/** The machine's own. */
export const denoTsmFiles: TsmFiles = {
  makeFolder: (path) => Deno.mkdir(path),
  removeFolder: (path) => Deno.remove(path),
  async writeOnce(path, bytes) {
    using file = await Deno.open(path, { write: true });
    const written = await file.write(bytes);
    if (written === bytes.length) return;
    const actual = `${written} of ${bytes.length} bytes`;
    const message = `Cannot write ${path} in one piece: the kernel took ${actual}`;
    throw deviceFailure("device.refused", message, { path, actual });
  },
  async read(path, limit) {
    using file = await Deno.open(path);
    const parts: Uint8Array[] = [];
    for (let length = 0;;) {
      const part = new Uint8Array(CHUNK_BYTES);
      const count = await file.read(part);
      if (count === null || count === 0) return concat(...parts);
      length += count;
      if (length > limit) {
        const message = `Cannot read ${path}: it has more than ${limit} bytes`;
        throw deviceFailure("device.too_large", message, { path, limit: `${limit} bytes` });
      }
      parts.push(part.subarray(0, count));
    }
  },
};

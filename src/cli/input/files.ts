/**
 * Reads the files that flags name.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { Files } from "../../core/ports.ts";
import { flagError } from "./given.ts";

/** A file as it was given. */
export interface GivenFile {
  /** The flag as it is typed, as `--report`. */
  readonly flag: string;
  /** Path; `-` is standard input. */
  readonly path: string;
  /** Content, not empty. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads files for one run of a command; standard input can be read once. */
export class FileReader {
  readonly #files: Files;
  #standardInput: string | undefined;

  /**
   * @param files Files of the host.
   */
  constructor(files: Files) {
    this.#files = files;
  }

  /**
   * Reads a file whole.
   *
   * @param flag The flag as it is typed.
   * @param path Path; `-` is standard input.
   * @param limit Most bytes.
   * @throws {InputError} `input.unreadable`, `input.too_large`, `input.empty`, `input.conflict`, naming the flag.
   */
  async read(flag: string, path: string, limit: number = MAX_FILE_BYTES): Promise<GivenFile> {
    if (path === "-") this.#takeStandardInput(flag);
    const bytes = await this.#readNamed(flag, path, limit);
    if (bytes.length === 0) {
      throw flagError("input.empty", `Cannot use ${fileName(path)} for ${flag}: it is empty`, flag);
    }
    return { flag, path, bytes };
  }

  #takeStandardInput(flag: string): void {
    const first = this.#standardInput;
    this.#standardInput = flag;
    if (first === undefined) return;
    const message = `Cannot read standard input for both ${first} and ${flag}: it can be read once`;
    throw flagError("input.conflict", message, first === flag ? flag : `${first}, ${flag}`);
  }

  async #readNamed(flag: string, path: string, limit: number): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await this.#files.read(path, limit);
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      throw new InputError(cause.message, {
        code: cause.code,
        fields: { ...cause.fields, flag },
        cause,
      });
    }
  }
}

/**
 * A path as a sentence names it.
 *
 * @param path Path; `-` is standard input.
 */
export function fileName(path: string): string {
  return path === "-" ? "standard input" : path;
}

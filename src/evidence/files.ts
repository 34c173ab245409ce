/**
 * Takes the files of a request by role, strictly: callers in plain JavaScript may give anything.
 *
 * @module
 */

import { isBytes } from "../core/bytes.ts";
import { InputError } from "../core/errors.ts";
import type { FilesByRole } from "./evidence.ts";

/** Reads files for one kind of evidence. */
export class FileTaker {
  readonly #files: FilesByRole;
  readonly #what: string;

  /**
   * @param files The files by role.
   * @param what What cannot be verified without them, as `an SEV-SNP report`.
   */
  constructor(files: FilesByRole, what: string) {
    this.#files = files;
    this.#what = what;
  }

  /**
   * A file that must be there.
   *
   * @param role Its role.
   * @throws {InputError} `input.missing`
   */
  one(role: string): Uint8Array {
    const file = this.#files[role];
    if (isBytes(file)) return file;
    // What is there, but is no bytes, would else be looked for in vain.
    const form = file === undefined || file === null ? "" : " as a Uint8Array";
    throw this.#refuse("input.missing", role, `${role} is not given${form}`);
  }

  /**
   * A file that may be absent.
   *
   * @param role Its role.
   * @throws {InputError} `input.value` where it is something else than bytes.
   */
  maybe(role: string): Uint8Array | undefined {
    const file = this.#files[role];
    if (file === undefined || isBytes(file)) return file;
    throw this.#refuse("input.value", role, `${role} is not a file`);
  }

  /**
   * Files of one role; none where there are none.
   *
   * @param role Their role.
   * @param most Most of them.
   * @throws {InputError} `input.value` where they are too many, or something else than bytes.
   */
  several(role: string, most: number): readonly Uint8Array[] {
    const given = this.#files[role];
    if (given === undefined) return [];
    const list = isBytes(given) ? [given] : given;
    // What is no list of files must not look like no list.
    if (!Array.isArray(list) || !list.every(isBytes)) {
      throw this.#refuse("input.value", role, `${role} is not a list of files`);
    }
    if (list.length <= most) return list;
    const problem = `expected at most ${most} ${role}, got ${list.length}`;
    throw this.#refuse("input.value", role, problem);
  }

  /**
   * Files of one role, at least one.
   *
   * @param role Their role.
   * @param most Most of them.
   * @throws {InputError} `input.missing`, `input.value`
   */
  severalOrRefuse(role: string, most: number): readonly Uint8Array[] {
    const given = this.several(role, most);
    return given.length === 0 ? [this.one(role)] : given;
  }

  #refuse(code: string, role: string, problem: string): InputError {
    return new InputError(`Cannot verify ${this.#what}: ${problem}`, { code, fields: { role } });
  }
}

/**
 * Refuses raw evidence that came as hex, base64 or PEM, since its length alone says little.
 *
 * @param file The evidence.
 * @param role Its role.
 * @throws {InputError} `input.encoding`
 */
export function refuseText(file: Uint8Array, role: string): Uint8Array {
  const printable = (byte: number): boolean =>
    (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d;
  if (file.length === 0 || !file.every(printable)) return file;
  const pem = file.subarray(0, 5).every((byte) => byte === 0x2d);
  const actual = pem ? "PEM text" : "text, perhaps hex or base64";
  const fields = { role, expected: "raw bytes", actual };
  throw new InputError(`Cannot read the ${role}: expected raw bytes, got ${actual}`, {
    code: "input.encoding",
    fields,
  });
}

/**
 * Structures as TPMs marshal them (Part 1 §31): fields one after the other,
 * numbers big-endian, byte strings behind their size in two bytes (TPM2B).
 *
 * @module
 */

/** Reads the fields of a structure in their order. */
export class Marshalled {
  readonly #bytes: Uint8Array;
  readonly #refuse: (reason: string) => Error;
  #at = 0;

  /**
   * Starts before the first field.
   *
   * @param bytes The structure.
   * @param refuse Gives the refusal of a structure that is too short or too long.
   */
  constructor(bytes: Uint8Array, refuse: (reason: string) => Error) {
    this.#bytes = bytes;
    this.#refuse = refuse;
  }

  /**
   * Takes bytes.
   *
   * @param length How many.
   * @param what Name for a person.
   */
  take(length: number, what: string): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw this.#refuse(`it ends within ${what}`);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /**
   * Takes a number of up to four bytes.
   *
   * @param length How many bytes it has.
   * @param what Name for a person.
   */
  number(length: 1 | 2 | 4, what: string): number {
    return this.take(length, what).reduce((value, byte) => value * 256 + byte, 0);
  }

  /**
   * Takes a TPM2B: its size, then so many bytes.
   *
   * @param what Name for a person.
   */
  sized(what: string): Uint8Array {
    const size = this.number(2, `the size of ${what}`);
    return this.take(size, what);
  }

  /** Demands that all was read. */
  finish(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw this.#refuse(`bytes after the end: ${left}`);
  }
}

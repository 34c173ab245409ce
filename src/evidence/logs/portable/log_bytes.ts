/**
 * Bytes of a log, taken one field after the other.
 *
 * @module
 */

/** What was not taken yet. */
export class LogBytes {
  readonly #bytes: Uint8Array;
  readonly #short: () => Error;
  #at = 0;

  /**
   * Starts at the first byte.
   *
   * @param bytes The bytes.
   * @param short The refusal where they end within a field.
   */
  constructor(bytes: Uint8Array, short: () => Error) {
    this.#bytes = bytes;
    this.#short = short;
  }

  /** How many bytes were taken. */
  get taken(): number {
    return this.#at;
  }

  /** Whether no byte is left. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /**
   * Bytes that were taken, from some place on.
   *
   * @param start How many had been taken before them.
   */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#at);
  }

  /**
   * Takes a number of bytes. `subarray` would give fewer where fewer are left,
   * so the end is compared before.
   *
   * @param length How many.
   * @throws {RejectedError} that of the constructor.
   */
  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw this.#short();
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** Takes a number of 8 bits. */
  u8(): number {
    return viewOf(this.take(1)).getUint8(0);
  }

  /** Takes a number of 16 bits, little-endian. */
  u16(): number {
    return viewOf(this.take(2)).getUint16(0, true);
  }

  /** Takes a number of 32 bits, little-endian. */
  u32(): number {
    return viewOf(this.take(4)).getUint32(0, true);
  }

  /** Takes a number of 32 bits, big-endian. */
  u32BigEndian(): number {
    return viewOf(this.take(4)).getUint32(0);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

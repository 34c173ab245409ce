/**
 * Reads what answers are made of, strictly.
 *
 * @module
 */

/** Makes the error for bytes that do not fit. */
export type Complaint = (reason: string) => Error;

/** Takes fields off the front of bytes; whatever does not fit is the error of the one who reads. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #complain: Complaint;
  #at = 0;

  /**
   * @param bytes What is read.
   * @param complain Makes the error.
   */
  constructor(bytes: Uint8Array, complain: Complaint) {
    this.#bytes = bytes;
    this.#complain = complain;
  }

  /** UINT8. */
  u8(): number {
    return this.#unsigned(1);
  }

  /** UINT16. */
  u16(): number {
    return this.#unsigned(2);
  }

  /** UINT32. */
  u32(): number {
    return this.#unsigned(4);
  }

  /** UINT64. */
  u64(): bigint {
    return BigInt(this.u32()) << 32n | BigInt(this.u32());
  }

  /**
   * Some bytes.
   *
   * @param length How many.
   */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    const end = this.#at + length;
    if (end > this.#bytes.length) {
      throw this.#complain(`${length} bytes at ${this.#at} reach past the end`);
    }
    const taken = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Bytes of a TPM2B, without their size. */
  sized(): Uint8Array<ArrayBuffer> {
    return this.bytes(this.u16());
  }

  /** Fields of a TPM2B that holds a structure. */
  inside(): FieldReader {
    return new FieldReader(this.sized(), this.#complain);
  }

  /** Everything that is left. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /** Refuses bytes that are left. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left !== 0) throw this.#complain(`${left} bytes are left over`);
  }

  /**
   * Refuses.
   *
   * @param reason What does not fit.
   */
  refuse(reason: string): never {
    throw this.#complain(reason);
  }

  #unsigned(length: number): number {
    return this.bytes(length).reduce((value, byte) => value * 256 + byte, 0);
  }
}

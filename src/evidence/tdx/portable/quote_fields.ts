/**
 * Bytes of a quote, taken one field after the other. Numbers are little-endian.
 *
 * @module
 */

import { toHex } from "../../../core/bytes.ts";
import { refuseTdx } from "./refuse.ts";

/** What was not taken yet. */
export class QuoteFields {
  readonly #bytes: Uint8Array;
  #at = 0;

  /**
   * Starts at the first byte.
   *
   * @param bytes The bytes.
   */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bytes were taken. */
  get taken(): number {
    return this.#at;
  }

  /** What was not taken yet. */
  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  /**
   * Takes a number of bytes. `subarray` would give fewer where fewer are left,
   * so the end is compared before.
   *
   * @param length How many.
   * @param field Name of the field.
   * @throws {RejectedError} `tdx.quote_length`
   */
  take(length: number, field: string): Uint8Array {
    const left = this.#bytes.length - this.#at;
    if (length > left) {
      throw refuseTdx("tdx.quote_length", {
        field,
        expected: `${length} bytes`,
        actual: `${left} bytes`,
      });
    }
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  /**
   * Takes a number of bytes as hex.
   *
   * @param length How many.
   * @param field Name of the field.
   * @throws {RejectedError} `tdx.quote_length`
   */
  hex(length: number, field: string): string {
    return toHex(this.take(length, field));
  }

  /**
   * Takes a number of 16 bits.
   *
   * @param field Name of the field.
   * @throws {RejectedError} `tdx.quote_length`
   */
  u16(field: string): number {
    return viewOf(this.take(2, field)).getUint16(0, true);
  }

  /**
   * Takes a number of 32 bits.
   *
   * @param field Name of the field.
   * @throws {RejectedError} `tdx.quote_length`
   */
  u32(field: string): number {
    return viewOf(this.take(4, field)).getUint32(0, true);
  }

  /**
   * Takes as many bytes as a number of 32 bits before them says.
   *
   * @param field Name of the field.
   * @throws {RejectedError} `tdx.quote_length`
   */
  sized(field: string): Uint8Array {
    return this.take(this.u32(field), field);
  }

  /**
   * Takes a number of 64 bits.
   *
   * @param field Name of the field.
   * @throws {RejectedError} `tdx.quote_length`
   */
  u64(field: string): bigint {
    return viewOf(this.take(8, field)).getBigUint64(0, true);
  }

  /**
   * Demands that no byte is left.
   *
   * @param field Name of the whole.
   * @throws {RejectedError} `tdx.quote_length`
   */
  finish(field: string): void {
    const left = this.#bytes.length - this.#at;
    if (left === 0) return;
    throw refuseTdx("tdx.quote_length", {
      field,
      expected: "a size that its parts fill",
      actual: `${left} bytes more`,
    });
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * 64 bits as text, since a JavaScript number would lose the upper ones.
 *
 * @param word The bits.
 */
export function wordText(word: bigint): string {
  return `0x${word.toString(16).padStart(16, "0")}`;
}

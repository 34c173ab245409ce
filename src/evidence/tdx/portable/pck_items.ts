/**
 * The form of Intel's extension of PCK certificates: lists of items, each an
 * identifier and a value, which may be a list again (SGX PCK Certificate and CRL
 * Profile Specification, "SGX Extensions").
 *
 * Each item has one place and one encoding. An unknown one could be one more
 * part of the TCB, which would then go unchecked, so it is refused.
 *
 * @module
 */

import { DerReader, type Element, readOnly, TAG } from "../../../core/portable/der.ts";
import { Malformed } from "../../../core/malformed.ts";
import { oidOf } from "../../../core/portable/oid.ts";
import { integerOf } from "../../../core/portable/values.ts";

const ENUMERATED = 0x0a;

/** Items of one list. */
export class PckItems {
  readonly #parent: string;
  readonly #values: Map<string, Element>;

  /**
   * Reads a list.
   *
   * @param content Contents of its SEQUENCE.
   * @param parent Its identifier; those of its items have one number more.
   * @throws {Malformed} where it is no such list, or an item is there twice.
   */
  constructor(content: Uint8Array, parent: string) {
    this.#parent = parent;
    this.#values = new Map();
    for (const rest = new DerReader(content); !rest.isAtEnd;) {
      const item = new DerReader(rest.take(TAG.sequence, `an item of ${parent}`));
      const id = oidOf(item.take(TAG.oid, `the identifier of an item of ${parent}`));
      const value = item.element();
      item.finish(`item ${id}`);
      if (this.#values.has(id)) throw new Malformed(`item ${id} is there twice`);
      this.#values.set(id, value);
    }
  }

  /**
   * Reads the extension.
   *
   * @param der Its value.
   * @param id Its identifier.
   * @throws {Malformed} those of the constructor.
   */
  static read(der: Uint8Array, id: string): PckItems {
    return new PckItems(readOnly(der, TAG.sequence, "the extension"), id);
  }

  /**
   * Takes an item that may be missing.
   *
   * @param arc Last number of its identifier.
   * @param tag Identifier octet of its value.
   * @throws {Malformed} where its value is of another type.
   */
  may(arc: number, tag: number): Uint8Array | undefined {
    const id = `${this.#parent}.${arc}`;
    const value = this.#values.get(id);
    if (value === undefined) return undefined;
    if (value.tag !== tag) throw new Malformed(`item ${id} is of another type`);
    this.#values.delete(id);
    return value.content;
  }

  /**
   * Takes an item that must be there.
   *
   * @param arc Last number of its identifier.
   * @param tag Identifier octet of its value.
   * @throws {Malformed} where it is missing, or its value is of another type.
   */
  need(arc: number, tag: number): Uint8Array {
    const value = this.may(arc, tag);
    if (value === undefined) throw new Malformed(`item ${this.#parent}.${arc} is missing`);
    return value;
  }

  /**
   * Takes a list that must be there.
   *
   * @param arc Last number of its identifier.
   * @throws {Malformed} where it is missing, or no list.
   */
  list(arc: number): PckItems {
    return new PckItems(this.need(arc, TAG.sequence), `${this.#parent}.${arc}`);
  }

  /**
   * Takes bytes that must be there.
   *
   * @param arc Last number of the identifier.
   * @param length How many they must be.
   * @throws {Malformed} where they are missing, or more or fewer.
   */
  octets(arc: number, length: number): Uint8Array {
    const octets = this.need(arc, TAG.octetString);
    if (octets.length === length) return octets;
    throw new Malformed(`item ${this.#parent}.${arc} has not ${length} bytes`);
  }

  /**
   * Takes a number from zero up that must be there.
   *
   * @param arc Last number of its identifier.
   * @param most Largest, below 2^32.
   * @throws {Malformed} where it is missing, negative or larger.
   */
  number(arc: number, most: number): number {
    return this.#number(arc, TAG.integer, most);
  }

  /**
   * Takes one of some numbered choices that must be there.
   *
   * @param arc Last number of its identifier.
   * @param choices The choices, from zero up.
   * @throws {Malformed} where it is missing, or none of them.
   */
  choice<T>(arc: number, choices: readonly T[]): T {
    const found = choices[this.#number(arc, ENUMERATED, choices.length - 1)];
    if (found === undefined) throw new Malformed(`item ${this.#parent}.${arc} is not known`);
    return found;
  }

  #number(arc: number, tag: number, most: number): number {
    const octets = integerOf(this.need(arc, tag));
    const isNegative = (octets[0] ?? 0) >= 0x80;
    const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    if (!isNegative && value <= most) return value;
    throw new Malformed(`item ${this.#parent}.${arc} is not between 0 and ${most}`);
  }

  /**
   * Refuses items that were not taken.
   *
   * @throws {Malformed} saying which.
   */
  finish(): void {
    const [left] = this.#values.keys();
    if (left !== undefined) throw new Malformed(`item ${left} has no place here`);
  }
}

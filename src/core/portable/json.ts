/**
 * JSON values of which every member is known by name and type: what is
 * repeated, unknown, missing, null or in a second form is refused.
 *
 * @module
 */

import { fromHex } from "../bytes.ts";
import { Malformed } from "../malformed.ts";
import { JsonScanner } from "./json_scanner.ts";

/** Reads a value. Only members that are known are looked into, so nesting has a bound. */
export type Read<T> = (scanner: JsonScanner) => T;

/** Members of an object that were not taken yet. */
export class Members {
  readonly #values: Map<string, string>;

  /**
   * Takes the members of an object.
   *
   * @param scanner Stands before it.
   * @throws {Malformed} where there is none, or a name is there twice.
   */
  constructor(scanner: JsonScanner) {
    this.#values = new Map();
    scanner.need("{");
    if (scanner.takes("}")) return;
    do {
      const name = scanner.string();
      scanner.need(":");
      if (this.#values.has(name)) throw new Malformed("a member is there twice");
      this.#values.set(name, scanner.skip());
    } while (scanner.takes(","));
    scanner.need("}");
  }

  /**
   * Whether a member is left.
   *
   * @param name Its name.
   */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /**
   * The text of a member's value, as it stands.
   *
   * @param name Name of the member.
   * @throws {Malformed} where it is missing.
   */
  text(name: string): string {
    const text = this.#values.get(name);
    if (text === undefined) throw new Malformed(`${name} is missing`);
    this.#values.delete(name);
    return text;
  }

  /**
   * Takes a member that must be there.
   *
   * @param name Its name.
   * @param read Reads its value.
   * @throws {Malformed} where it is missing, or something else.
   */
  need<T>(name: string, read: Read<T>): T {
    const scanner = new JsonScanner(this.text(name));
    const value = read(scanner);
    scanner.finish();
    return value;
  }

  /**
   * Takes a member that may be absent, but not null.
   *
   * @param name Its name.
   * @param read Reads its value.
   * @throws {Malformed} where it is something else.
   */
  may<T>(name: string, read: Read<T>): T | undefined {
    return this.has(name) ? this.need(name, read) : undefined;
  }

  /**
   * Refuses members that were not taken: an unknown one could be one more
   * condition, which would then go unchecked.
   *
   * @throws {Malformed} where one is left.
   */
  finish(): void {
    if (this.#values.size > 0) throw new Malformed("it has a member that is not known");
  }
}

/**
 * Reads text that is one object and nothing else.
 *
 * @param text The text.
 * @param read Takes its members.
 * @throws {Malformed} where it is anything else, or has further members.
 */
export function readObject<T>(text: string, read: (members: Members) => T): T {
  const scanner = new JsonScanner(text);
  const value = object(read)(scanner);
  scanner.finish();
  return value;
}

/**
 * Reads an object.
 *
 * @param read Takes its members.
 */
export function object<T>(read: (members: Members) => T): Read<T> {
  return (scanner) => {
    const members = new Members(scanner);
    const value = read(members);
    members.finish();
    return value;
  };
}

/**
 * Reads a list.
 *
 * @param read Reads each item.
 * @param least Fewest items.
 * @param most Most items.
 */
export function list<T>(read: Read<T>, least: number, most: number): Read<readonly T[]> {
  return (scanner) => {
    const items: T[] = [];
    scanner.need("[");
    if (!scanner.takes("]")) {
      do {
        if (items.length === most) throw new Malformed(`a list has more than ${most} items`);
        items.push(read(scanner));
      } while (scanner.takes(","));
      scanner.need("]");
    }
    if (items.length < least) throw new Malformed(`a list has fewer than ${least} items`);
    return items;
  };
}

/** Reads a string. */
export function string(scanner: JsonScanner): string {
  return scanner.string();
}

/**
 * Reads a whole number that is written as one.
 *
 * @param most Largest.
 */
export function number(most: number): Read<number> {
  return (scanner) => {
    const text = scanner.number() ?? "";
    if (!/^[0-9]+$/.test(text) || Number(text) > most) {
      throw new Malformed(`a number is none from 0 to ${most}`);
    }
    return Number(text);
  };
}

/**
 * Reads one of some words.
 *
 * @param words The words.
 */
export function oneOf<const T extends string>(...words: readonly T[]): Read<T> {
  return (scanner) => {
    const text = scanner.string();
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new Malformed(`a word is none of ${words.join(", ")}`);
    return word;
  };
}

/**
 * Reads bytes in hex, of either case.
 *
 * @param length How many.
 */
export function bytes(length: number): Read<Uint8Array> {
  return (scanner) => {
    const text = scanner.string();
    if (text.length !== 2 * length || !/^[0-9a-fA-F]*$/.test(text)) {
      throw new Malformed(`a text is not ${length} bytes in hex`);
    }
    return fromHex(text);
  };
}

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/;

/** Reads a moment, `YYYY-MM-DDTHH:MM:SSZ`, as seconds since 1970. */
export function moment(scanner: JsonScanner): number {
  const text = scanner.string();
  const time = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  // A date that does not exist comes out as another one, or not at all.
  const exists = !Number.isNaN(time) && time >= 0 &&
    new Date(time).toISOString() === text.replace("Z", ".000Z");
  if (!exists) throw new Malformed("a moment is none of the form YYYY-MM-DDTHH:MM:SSZ");
  return time / 1000;
}

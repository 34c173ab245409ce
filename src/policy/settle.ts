/**
 * Settings in their long form, `{ value: allow, until: 2027-01-31, because: … }`:
 * what counts of them at a moment, and what the policy lets through with all of it.
 *
 * @module
 */

import { type Dated, dated, type Decoder, isPlain, joinPath, type Key } from "../core/decode.ts";
import { type Exception, inShort } from "./exception.ts";

/** A document without long forms. */
export interface Settled {
  /** The document: each long form is its value, or is not there where it ended. */
  readonly document: unknown;
  /** What was written in the long form, by its dotted key. */
  readonly marks: ReadonlyMap<string, Mark>;
}

/** What a long form says beside the value. */
export interface Mark extends Omit<Dated<unknown>, "value"> {
  /** The exception that ended with the day; null where it still counts, and where the value is not weaker than the default. */
  readonly ended: Exception | null;
}

type Keys = Readonly<Record<string, Key<unknown>>>;

/**
 * Takes long forms out of a document. What is wrong with the rest is left for the decoder to say.
 *
 * A value that is weaker than the default counts to the end of its day; one that
 * is not stays, since its end would weaken the policy.
 *
 * @param value The document, anything.
 * @param decoder The decoder that is to read it.
 * @param now Moment of the verification; undefined: whatever has an end has ended.
 * @throws {DecodeError} where a long form is not well formed.
 */
export function settle(value: unknown, decoder: Decoder<unknown>, now: Date | undefined): Settled {
  const marks = new Map<string, Mark>();
  return { document: settleObject(value, decoder.keys, { path: "", now, marks }), marks };
}

/** Where something stands, and what is gathered on the way. */
interface Place {
  readonly path: string;
  readonly now: Date | undefined;
  readonly marks: Map<string, Mark>;
}

function settleObject(value: unknown, keys: Keys | undefined, place: Place): unknown {
  if (keys === undefined || !isObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (key === undefined) return [[name, member]];
    const here = { ...place, path: joinPath(place.path, name) };
    if (key.costs !== undefined && isLong(member)) return settleLong(member, key, name, here);
    return [[name, settleObject(member, key.decoder.keys, here)]];
  });
  return Object.fromEntries(members);
}

function settleLong(
  member: object,
  key: Key<unknown>,
  name: string,
  { path, now, marks }: Place,
): [string, unknown][] {
  const { value, until, because } = dated(key.decoder).decode(member, path);
  const costs = key.costs?.(value) ?? null;
  const over = until !== null && hasEnded(until, now);
  const ended = costs === null || !over
    ? null
    : { key: path, value: inShort(value), costs, until, ended: true, because };
  marks.set(path, { until, because, ended });
  // What the key reads is read again with the rest, so it is given as it was written.
  return ended === null ? [[name, "value" in member ? member.value : undefined]] : [];
}

/**
 * Whether a day is over, in UTC.
 *
 * @param day The day, `2027-01-31`.
 * @param now The moment; undefined: every day is over.
 */
export function hasEnded(day: string, now: Date | undefined): boolean {
  return now === undefined || now.getTime() >= Date.parse(`${day}T00:00:00Z`) + DAY;
}

const DAY = 24 * 60 * 60 * 1000;

/** Words of the long form; no value of a setting has members of these names. */
const LONG: readonly string[] = ["value", "until", "because"];

/**
 * Whether a setting is written in the long form, well or not.
 *
 * @param member What stands at its key.
 */
export function isLong(member: unknown): member is object {
  return isObject(member) && LONG.some((word) => Object.hasOwn(member, word));
}

/**
 * Whether a value is an object all of whose members are its own.
 *
 * @param value Anything.
 */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && isPlain(value);
}

/**
 * All settings of a policy that are weaker than the default, in the order of the
 * keys; those that ended, too.
 *
 * @param read What a decoder read of a settled document.
 * @param decoder The decoder.
 * @param context The document as it was given, what was written in the long form, and the moment.
 */
export function exceptionsIn(
  read: unknown,
  decoder: Decoder<unknown>,
  { given, marks, now, path = "" }: {
    readonly given: unknown;
    readonly marks: Settled["marks"];
    readonly now: Date | undefined;
    readonly path?: string;
  },
): readonly Exception[] {
  if (!isObject(read) || !isObject(given)) return [];
  const values = new Map<string, unknown>(Object.entries(read));
  const written = new Map<string, unknown>(Object.entries(given));
  return Object.entries(decoder.keys ?? {}).flatMap(([name, key]): readonly Exception[] => {
    const here = joinPath(path, name);
    const value = values.get(name);
    if (key.costs === undefined) {
      // What is not written has its default, which is no exception.
      return exceptionsIn(value, key.decoder, {
        given: written.get(name),
        marks,
        now,
        path: here,
      });
    }
    const mark = marks.get(here);
    if (mark?.ended) return [mark.ended];
    const costs = key.costs(value);
    if (costs === null) return [];
    const own = key.ends?.(value) ?? null;
    const until = [own, mark?.until ?? null].filter((day) => day !== null).sort()[0] ?? null;
    const because = mark?.because ?? null;
    const ended = until !== null && hasEnded(until, now);
    return [{ key: here, value: inShort(value), costs, until, ended, because }];
  });
}

/**
 * A policy as a list of its settings, each against its default.
 *
 * @module
 */

import { type Decoder, joinPath, type Key } from "../core/decode.ts";
import type { Change } from "../core/direction.ts";
import type { WholePolicy } from "./policy.ts";
import type { Mark } from "./settle.ts";

/** One setting, as it counts. */
export interface Setting {
  /** Key of the policy, dotted, as `sev-snp.debug`. */
  readonly key: string;
  /** What it is for, one sentence. */
  readonly says: string;
  /** The value that counts. */
  readonly value: unknown;
  /** The default. */
  readonly standard: unknown;
  /** Whether the default counts, the document's value, or the default again since that ended. */
  readonly source: "default" | "policy" | "ended";
  /** What the value does to the default. */
  readonly change: Change;
  /** What it costs; null where it is not weaker than the default. What ended costs nothing. */
  readonly costs: string | null;
  /** Last day on which the document's value counts; null where it has no end. */
  readonly until: string | null;
  /** Why it is there, as the document says; null where it says nothing. */
  readonly because: string | null;
  /** What ended, in short; null where nothing did. */
  readonly ended: string | null;
  /** Why the value demands nothing; null where it demands something. */
  readonly idle: string | null;
}

/**
 * Every setting of a policy, in the order of the schema.
 *
 * @param whole The policy.
 */
export function settingsOf(whole: WholePolicy): readonly Setting[] {
  const marks = whole.marks;
  return settingsIn(whole.decoder, whole.read, { path: "", given: whole.document, marks })
    .filter(({ key }) => key !== "version");
}

interface Place {
  readonly path: string;
  readonly given: unknown;
  readonly marks: ReadonlyMap<string, Mark>;
}

function settingsIn(
  { keys = {} }: Decoder<unknown>,
  read: unknown,
  { path, given, marks }: Place,
): readonly Setting[] {
  return Object.entries(keys).flatMap(([name, key]): readonly Setting[] => {
    const place = { path: joinPath(path, name), given: memberOf(given, name), marks };
    const value = memberOf(read, name);
    return key.decoder.keys === undefined
      ? [settingOf(key, value, place)]
      : settingsIn(key.decoder, value, place);
  });
}

function settingOf(key: Key<unknown>, value: unknown, { path, given, marks }: Place): Setting {
  const mark = marks.get(path);
  const standard = key.absent?.value;
  const ended = mark?.ended ?? null;
  return {
    key: path,
    says: key.says,
    value,
    standard,
    source: ended !== null ? "ended" : given === undefined ? "default" : "policy",
    change: changeOf(key, standard, value),
    costs: key.costs?.(value) ?? null,
    until: mark?.until ?? key.ends?.(value) ?? null,
    because: mark?.because ?? null,
    ended: ended?.value ?? null,
    idle: key.idle?.(value) ?? null,
  };
}

/**
 * What changing a setting does to what is demanded.
 *
 * @param key The setting's key.
 * @param from The value before.
 * @param to The value after.
 */
export function changeOf(key: Key<unknown>, from: unknown, to: unknown): Change {
  if (JSON.stringify(from) === JSON.stringify(to)) return "same";
  const change = key.compare?.(from, to) ?? "other";
  return change === "same" ? "other" : change;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}

/**
 * The key of a setting.
 *
 * @param decoder Decoder of the policy.
 * @param path The key, dotted.
 */
export function keyAt(decoder: Decoder<unknown>, path: string): Key<unknown> | undefined {
  const [name = "", ...rest] = path.split(".");
  const key = decoder.keys?.[name];
  return rest.length === 0 || key === undefined ? key : keyAt(key.decoder, rest.join("."));
}

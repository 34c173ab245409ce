/**
 * The document of reference values: one release, and the sets of values that
 * are accepted of it at once, as during an upgrade.
 *
 * @module
 */

import {
  DecodeError,
  type Decoder,
  joinPath,
  type JsonSchema,
  type Key,
  list,
  object,
  oneNumber,
  optional,
  required,
  text,
} from "../../core/decode.ts";
import type { CanonicalValue } from "../../core/canonical_json.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { LINE } from "./line.ts";
import { plainCopy } from "./plain_copy.ts";
import { type ReferenceSection, sectionDecoder } from "./section.ts";

/** One accepted state; evidence must meet it whole. */
export interface ReferenceSet {
  /** Its name; null in the short form, which has one set without a name. */
  readonly name: string | null;
  /** What it says of each variant, by its id. */
  readonly sections: ReadonlyMap<string, ReferenceSection>;
}

/** Reference values, read. */
export interface ReferenceDocument {
  /** The release; null in the short form. */
  readonly release: string | null;
  /** When it was issued, RFC 3339 in UTC; null in the short form. */
  readonly issued: string | null;
  /** Last moment at which it counts; null where it has none. */
  readonly notAfter: string | null;
  /** The sets, at least one. */
  readonly sets: readonly ReferenceSet[];
  /** The document as it was given, which is what is digested and signed. */
  readonly plain: CanonicalValue;
}

/** Most sets at once: releases between which a fleet can be spread. */
const MAX_SETS = 32;

type Sections = Readonly<Record<string, ReferenceSection | null>>;

interface NamedSet {
  readonly name: string;
  readonly [variant: string]: ReferenceSection | string | null;
}

interface LongForm {
  readonly version: 1;
  readonly release: string;
  readonly issued: string;
  readonly notAfter: string | null;
  readonly sets: readonly ReferenceSet[];
}

/** Keys that only the long form has. */
const LONG_KEYS: readonly string[] = ["release", "issued", "notAfter", "sets"];

/**
 * The decoder of reference values; its `schema` is the published JSON Schema.
 *
 * @param technologies Technologies whose sections are known.
 */
export function referenceDecoder(
  technologies: readonly AnyTechnology[],
): Decoder<ReferenceDocument> {
  const sections = new Map(technologies.map((one) => [one.id, sectionDecoder(one)]));
  const long = longForm(sections);
  const short = shortForm(sections);
  return {
    get schema() {
      const $defs = Object.fromEntries([...sections].map(([id, { schema }]) => [id, schema]));
      return { oneOf: [long.schema, short.schema], $defs };
    },
    decode(value, path) {
      const plain = plainCopy(value);
      const keys = keysOf(plain, path);
      if (!keys.includes("version") || Reflect.get(Object(plain), "version") !== 1) {
        throw new DecodeError("version", "value", "is not 1");
      }
      if (!keys.some((key) => LONG_KEYS.includes(key))) {
        const found = sectionsOf(short.decode(plain, path));
        const sets = [{ name: null, sections: found }];
        return { release: null, issued: null, notAfter: null, sets, plain };
      }
      const outside = keys.find((key) => sections.has(key));
      if (outside !== undefined) {
        throw new DecodeError(outside, "unknown_key", "must stand in one of the sets");
      }
      const { release, issued, notAfter, sets } = long.decode(plain, path);
      return { release, issued, notAfter, sets, plain };
    },
  };
}

function keysOf(plain: CanonicalValue, path: string): readonly string[] {
  if (typeof plain === "object" && plain !== null && !Array.isArray(plain)) {
    return Object.keys(plain);
  }
  throw new DecodeError(path === "" ? "the document" : path, "value", "is no plain object");
}

type SectionDecoders = ReadonlyMap<string, Decoder<ReferenceSection>>;

/** Keys of the variants; their schemas stand once, for both forms. */
function variantKeys(
  sections: SectionDecoders,
): Readonly<Record<string, Key<ReferenceSection | null>>> {
  return Object.fromEntries([...sections].map(([id, { decode }]) => {
    const schema: JsonSchema = { $ref: `#/$defs/${id}` };
    return [id, optional({ schema, decode }, null, `What should run on ${id}`)];
  }));
}

function shortForm(sections: SectionDecoders): Decoder<Sections> {
  return object<Sections>({
    version: required(version, "Version of the form of this document"),
    ...variantKeys(sections),
  });
}

/** It was looked at before anything else. */
const version: Decoder<null> = { schema: oneNumber(1).schema, decode: () => null };

function longForm(sections: SectionDecoders): Decoder<LongForm> {
  const form = object<LongForm>({
    version: required(oneNumber(1), "Version of the form of this document"),
    release: required(LINE, "Name of the release, as `casemate-1.4.0`"),
    issued: required(moment, "When these values were issued"),
    notAfter: optional(moment, null, "Last moment at which they count"),
    sets: required(
      list(setDecoder(sections), MAX_SETS),
      "States that are accepted at once; evidence must meet one of them whole",
    ),
  });
  return {
    schema: form.schema,
    decode(value, path) {
      const read = form.decode(value, path);
      refuseSameNames(read.sets);
      if (read.notAfter === null || read.notAfter > read.issued) return read;
      throw new DecodeError("notAfter", "value", `is not after issued, ${read.issued}`);
    },
  };
}

function setDecoder(sections: SectionDecoders): Decoder<ReferenceSet> {
  const form = object<NamedSet>({
    name: required(LINE, "Name of the set, as `1.4.0`"),
    ...variantKeys(sections),
  });
  return {
    schema: { ...form.schema, minProperties: 2 },
    decode(value, path) {
      const { name, ...rest } = form.decode(value, path);
      const found = new Map([...sections.keys()].flatMap((id) => {
        const section = rest[id];
        return typeof section === "object" && section !== null ? [[id, section] as const] : [];
      }));
      if (found.size > 0) return { name, sections: found };
      throw new DecodeError(path, "value", "has nothing for any variant");
    },
  };
}

function sectionsOf(read: Sections): ReferenceSet["sections"] {
  return new Map(
    Object.entries(read).flatMap(([id, section]) => section === null ? [] : [[id, section]]),
  );
}

function refuseSameNames(sets: readonly ReferenceSet[]): void {
  const seen = new Set<string | null>();
  for (const [at, { name }] of sets.entries()) {
    if (seen.has(name)) {
      const path = joinPath(`sets[${at}]`, "name");
      throw new DecodeError(path, "value", `is the name of another set, too: ${name}`);
    }
    seen.add(name);
  }
}

const MOMENT = text(
  "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
  "a moment as 2026-11-20T10:00:00Z",
);

/** A moment of the calendar, in the one form that sorts as text. */
const moment: Decoder<string> = {
  schema: { ...MOMENT.schema, format: "date-time" },
  decode(value, path) {
    const given = MOMENT.decode(value, path);
    const time = new Date(given);
    if (!Number.isNaN(time.getTime()) && time.toISOString().startsWith(given.slice(0, 19))) {
      return given;
    }
    throw new DecodeError(path, "value", `is no moment of the calendar: ${given}`);
  },
};

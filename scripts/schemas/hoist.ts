/**
 * Writes a schema shorter: what stands in it several times is told once.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";

/** Shortest text of a schema that is worth a reference. */
const MIN_LENGTH = 150;

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const ONE: readonly string[] = ["items", "additionalProperties"];
const LISTS: readonly string[] = ["anyOf", "oneOf", "allOf"];
const NAMED: readonly string[] = ["properties", "patternProperties", "$defs"];

/**
 * The same schema with `$defs` for what stands in it more than once.
 *
 * @param schema The schema; it may have `$defs` of its own.
 */
export function hoisted(schema: JsonSchema): JsonSchema {
  const counts = new Map<string, number>();
  walk(schema, "", (inner) => {
    const text = textOf(inner);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    return undefined;
  });
  const names = new Map<string, string>();
  const $defs: Record<string, JsonSchema> = {};
  const replace = (inner: JsonSchema, name: string): JsonSchema | undefined => {
    const text = textOf(inner);
    if (text.length < MIN_LENGTH || (counts.get(text) ?? 0) < 2) return undefined;
    const known = names.get(text) ?? freeName(name, names);
    if (!names.has(text)) {
      names.set(text, known);
      const { description: _, ...bare } = inner;
      $defs[known] = walkInside(bare, replace, name);
    }
    const { description } = inner;
    const $ref = `#/$defs/${known}`;
    return description === undefined ? { $ref } : { $ref, description };
  };
  const short = walkInside(schema, replace, "");
  return { ...short, $defs: { ...Object(short["$defs"]), ...$defs } };
}

/** A schema without what it says of its place. */
function textOf({ description: _, ...bare }: JsonSchema): string {
  return JSON.stringify(bare);
}

/** A name that no other has: those of variants have a dash, these have none before their number. */
function freeName(name: string, names: ReadonlyMap<string, string>): string {
  const taken = [...names.values()];
  const free = (at: number): string => {
    const candidate = at === 1 ? `value_${name}` : `value_${name}_${at}`;
    return taken.includes(candidate) ? free(at + 1) : candidate;
  };
  return free(1);
}

type Visit = (schema: JsonSchema, name: string) => JsonSchema | undefined;

function walk(schema: JsonSchema, name: string, visit: Visit): JsonSchema {
  return visit(schema, name) ?? walkInside(schema, visit, name);
}

/** Visits what is inside; the schema itself stays. */
function walkInside(schema: JsonSchema, visit: Visit, name: string): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (ONE.includes(keyword) && isSchema(value)) return [keyword, walk(value, name, visit)];
      if (LISTS.includes(keyword) && Array.isArray(value)) {
        return [keyword, value.map((one: unknown) => isSchema(one) ? walk(one, name, visit) : one)];
      }
      if (NAMED.includes(keyword) && isSchema(value)) {
        return [keyword, byName(value, keyword === "patternProperties" ? name : null, visit)];
      }
      return [keyword, value];
    }),
  );
}

function byName(schemas: JsonSchema, name: string | null, visit: Visit): JsonSchema {
  return Object.fromEntries(
    Object.entries(schemas).map(([key, value]) => [
      key,
      isSchema(value) ? walk(value, name ?? key, visit) : value,
    ]),
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

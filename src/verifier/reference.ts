/**
 * Reference values: what should run, in a document apart from the policy.
 *
 * @module
 */

import { DecodeError, isPlain, shortened } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import { technologies } from "../evidence/registry.ts";
import type { Policy } from "../policy/policy.ts";

/** The document and the policy, as the request has them. */
interface Documents {
  readonly policy?: unknown;
  readonly reference?: unknown;
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * A policy with the reference values of a variant in its section.
 *
 * The document has the form of a policy: `version`, and a section for each
 * variant, which may have those keys alone that are reference values.
 *
 * @param policy The policy, read.
 * @param documents Policy and reference values as they were given.
 * @param technology Technology of the evidence.
 * @throws {InputError} `policy.version`, `policy.unknown_key`, `policy.value`, `input.missing` where there is nothing for this variant, `input.conflict` where the policy says the same key.
 */
export function withReference(
  policy: Policy,
  documents: Documents,
  technology: AnyTechnology,
): Policy {
  const { reference } = documents;
  if (reference === undefined) return policy;
  const document = plain(reference, "the document");
  if (document["version"] !== 1) throw refuse("policy.version", "version is not 1", "version");
  const known = ["version", ...technologies.map(({ id }) => id)];
  const unknown = Object.keys(document).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const key = shortened(unknown);
    throw refuse("policy.unknown_key", `${key} is not known`, key);
  }
  const section = document[technology.id];
  // Parts without a value would seem to pin something, as a document without a section.
  if (isEmpty(section)) {
    throw refuse("input.missing", `it has nothing for ${technology.id}`, technology.id);
  }
  const given = plain(plain(documents.policy ?? {}, "the policy")[technology.id] ?? {}, "");
  const merged = merge(given, plain(section, technology.id), technology, []);
  return {
    ...policy,
    sections: { ...policy.sections, [technology.id]: decoded(merged, technology) },
  };
}

/** Whether a section has no value, also none in its parts. */
function isEmpty(section: unknown, depth = 1): boolean {
  if (section === undefined) return true;
  const isObject = typeof section === "object" && section !== null && isPlain(section);
  return isObject && depth >= 0 && Object.values(section).every((one) => isEmpty(one, depth - 1));
}

function decoded(section: Plain, technology: AnyTechnology): unknown {
  try {
    return technology.policy.decode(section, technology.id);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw refuse("policy.value", `${cause.path} ${cause.message}`, cause.path, cause);
  }
}

/** Parts of a pairing have sections inside of its own. */
function merge(
  into: Plain,
  from: Plain,
  technology: AnyTechnology,
  path: readonly string[],
): Plain {
  const merged = Object.entries(from).map(([key, value]): readonly [string, unknown] => {
    const here = [...path, key];
    const name = shortened(here.join("."));
    const isPart = technology.references.some((one) => one.startsWith(`${name}.`));
    if (isPart) {
      const inner = merge(plain(into[key] ?? {}, name), plain(value, name), technology, here);
      return [key, inner];
    }
    if (!technology.references.includes(name)) {
      const message = `${technology.id}.${name} is no reference value; it belongs in the policy`;
      throw refuse("policy.unknown_key", message, `${technology.id}.${name}`);
    }
    if (Object.hasOwn(into, key)) {
      throw refuse("input.conflict", `the policy says ${technology.id}.${name}, too`, name);
    }
    return [key, value];
  });
  return { ...into, ...Object.fromEntries(merged) };
}

function plain(value: unknown, what: string): Plain {
  // What an object of a class or a Map holds would be passed over.
  if (typeof value === "object" && value !== null && !Array.isArray(value) && isPlain(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  throw refuse("policy.value", `${what} is no plain object`, what);
}

function refuse(code: string, problem: string, key: string, cause?: unknown): InputError {
  return new InputError(`Cannot use the reference values: ${problem}`, {
    code,
    fields: { policy: "reference", key },
    cause,
  });
}

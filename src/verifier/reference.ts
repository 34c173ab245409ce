/**
 * Reference values: what should run, in a document apart from the policy. What
 * they say of a variant goes into its section, once for each accepted set.
 *
 * @module
 */

import { DecodeError, isPlain } from "../core/decode.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import { technologies } from "../evidence/registry.ts";
import type { Policy } from "../policy/policy.ts";
import type { ReferenceDocument, ReferenceSet } from "../policy/reference/document.ts";
import { readReference, referenceError } from "../policy/reference/read.ts";
import { type Runtime, RUNTIME_KEY, runtimeDecoder } from "../policy/reference/runtime.ts";
import { nested, type ReferenceSection } from "../policy/reference/section.ts";
import { SignedReference } from "../policy/reference/signed.ts";
import type { ReferenceOrigin } from "../results/result.ts";

/** What evidence is held against: a variant's section with the values of one set. */
export interface Candidate {
  /** Name of the set; null where there is one without a name, or none. */
  readonly set: string | null;
  /** The variant's section, read. */
  readonly section: unknown;
  /** Accepted values of the register that holds the phase; null where none are listed. */
  readonly runtime: Runtime | null;
  /** How each value is known. */
  readonly origins: readonly ReferenceOrigin[];
}

/** Reference values for one variant. */
export interface Reference {
  /** The document. */
  readonly document: ReferenceDocument;
  /** Who signed it; null where the caller's own word is enough. */
  readonly owner: string | null;
  /** One for each set that has values for the variant, in the order of the document. */
  readonly candidates: readonly [Candidate, ...Candidate[]];
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * Reads reference values for a variant.
 *
 * @param given Plain data, or what `readSignedReference` gave; undefined where there are none.
 * @param policy The policy, read; what it says of the variant holds for each set.
 * @param technology Technology of the evidence.
 * @returns Null where there are none.
 * @throws {InputError} `policy.version`, `policy.unknown_key`, `policy.value`, `input.missing` where there is nothing for this variant, `input.conflict` where the policy says the same key.
 */
export function readReferenceFor(
  given: unknown,
  policy: Pick<Policy, "document">,
  technology: AnyTechnology,
): Reference | null {
  if (given === undefined) return null;
  const signed = given instanceof SignedReference ? given : null;
  const document = readReference(signed === null ? given : signed.document, technologies);
  const section = plainOf(plainOf(policy.document)[technology.id]);
  const candidates = document.sets.flatMap((set) => candidatesOf(set, section, technology));
  const [first, ...more] = candidates;
  if (first === undefined) {
    const { id } = technology;
    throw referenceError("input.missing", `it has nothing for ${id}`, id);
  }
  return { document, owner: signed?.owner ?? null, candidates: [first, ...more] };
}

/** None where the set has no value for the variant: it is not one of its states. */
function candidatesOf(
  { name, sections }: ReferenceSet,
  policy: Plain,
  technology: AnyTechnology,
): readonly Candidate[] {
  const values = sections.get(technology.id) ?? [];
  // Parts without a value would seem to pin something, as a document without a section.
  if (values.length === 0) return [];
  const runtime = values.find(({ key }) => key === RUNTIME_KEY);
  return [{
    set: name,
    section: sectionWith(values.filter((one) => one !== runtime), policy, technology),
    runtime: runtime === undefined ? null : runtimeDecoder.decode(runtime.united, RUNTIME_KEY),
    origins: originsOf(values),
  }];
}

function originsOf(section: ReferenceSection): readonly ReferenceOrigin[] {
  return section.flatMap(({ key, values }) =>
    values.map(({ known, from }) => ({ key, known, from }))
  );
}

/** The policy's section with each value in its place. */
function sectionWith(values: ReferenceSection, policy: Plain, technology: AnyTechnology): unknown {
  let section: unknown = policy;
  for (const { key, united } of values) {
    if (hasPath(policy, key.split("."))) {
      const problem = `the policy says ${technology.id}.${key}, too`;
      throw referenceError("input.conflict", problem, key);
    }
    section = joined(section, nested(key.split("."), united));
  }
  try {
    return technology.policy.decode(section, technology.id);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw referenceError("policy.value", `${cause.path} ${cause.message}`, cause.path, cause);
  }
}

function hasPath(value: unknown, [key = "", ...rest]: readonly string[]): boolean {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
  return rest.length === 0 || hasPath(Reflect.get(value, key), rest);
}

/** Members of both; parts of a pairing have sections inside of its own. */
function joined(into: unknown, from: unknown): unknown {
  if (!isObject(into) || !isObject(from)) return from;
  const members = Object.entries(from).map(([key, value]): readonly [string, unknown] =>
    Object.hasOwn(into, key) ? [key, joined(Reflect.get(into, key), value)] : [key, value]
  );
  return { ...into, ...Object.fromEntries(members) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && isPlain(value);
}

/** The policy was read before: what is no object there is absent. */
function plainOf(value: unknown): Plain {
  return isObject(value) ? Object.fromEntries(Object.entries(value)) : {};
}

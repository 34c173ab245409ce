/**
 * Appraisal policies: strict defaults, and a small document that says what differs.
 *
 * @module
 */

import {
  boolean,
  date,
  DecodeError,
  type Decoder,
  type Key,
  list,
  object,
  oneNumber,
  oneOf,
  optional,
  record,
  required,
} from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import type { Root } from "../evidence/finding.ts";

/** A policy with its defaults filled in. */
export interface Policy {
  /** Version of the form. */
  readonly version: 1;
  /** Roots that a verdict may need. */
  readonly acceptRoots: readonly Root[];
  /** Variants that are admitted; null: whichever the request is for. */
  readonly admitVariants: readonly string[] | null;
  /** Whether `verify()` may resolve with `lab-trusted`. */
  readonly allowLab: boolean;
  /** Compromised product lines that are accepted, each to the end of a day in UTC. */
  readonly acceptCompromised: Readonly<Partial<Record<string, string>>>;
  /** What each technology demands, by its id. */
  readonly sections: Readonly<Record<string, unknown>>;
}

/** Roots that a policy may name; `lab` is not one of them. */
const NAMEABLE_ROOTS: readonly Exclude<Root, "lab">[] = [
  "amd",
  "intel",
  "paravisor",
  "provider",
  "none",
];

/** Roots accepted where the policy names none (design §2). */
export const DEFAULT_ROOTS: readonly Root[] = ["amd", "intel"];

type PolicyDocument = Omit<Policy, "sections"> & Readonly<Record<string, unknown>>;

/**
 * The decoder of policies over some technologies; its `schema` is the published JSON Schema.
 *
 * @param technologies Technologies whose sections are known.
 */
export function policyDecoder(technologies: readonly AnyTechnology[]): Decoder<PolicyDocument> {
  const lines = technologies.flatMap((technology) => technology.productLines);
  const sections = technologies.map((technology): [string, Key<unknown>] => {
    const decoder: Decoder<unknown> = technology.policy;
    return [
      technology.id,
      optional(
        decoder,
        decoder.decode({}, technology.id),
        `What ${technology.title} evidence must show`,
      ),
    ];
  });
  return object<PolicyDocument>({
    version: required(oneNumber(1), "Version of the form of this document"),
    acceptRoots: optional(
      list(oneOf(...NAMEABLE_ROOTS), NAMEABLE_ROOTS.length),
      DEFAULT_ROOTS,
      "Roots of trust that a verdict may need",
    ),
    admitVariants: optional(
      list(oneOf(...technologies.map(({ id }) => id)), technologies.length),
      null,
      "Variants that are admitted; evidence of another is refused, whatever it proves",
    ),
    allowLab: optional(boolean(), false, "Whether lab evidence may end in `lab-trusted`"),
    acceptCompromised: optional(
      record(lines, date()),
      {},
      "Compromised product lines that are accepted, each until a day",
    ),
    ...Object.fromEntries(sections),
  });
}

/**
 * Reads a policy document.
 *
 * @param value The document as plain data; undefined stands for the defaults.
 * @param technologies Technologies whose sections are known.
 * @param name What to call the document in errors, as its path.
 * @throws {InputError} `policy.unknown_key`, `policy.version`, `policy.value`, naming document and key.
 */
export function readPolicy(
  value: unknown,
  technologies: readonly AnyTechnology[],
  name: string,
): Policy {
  try {
    const document = policyDecoder(technologies).decode(value ?? { version: 1 }, "");
    const { version, acceptRoots, admitVariants, allowLab, acceptCompromised, ...sections } =
      document;
    return { version, acceptRoots, admitVariants, allowLab, acceptCompromised, sections };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw policyError(error, name);
  }
}

function policyError(error: DecodeError, name: string): InputError {
  const code = error.reason === "unknown_key"
    ? "policy.unknown_key"
    : error.path === "version"
    ? "policy.version"
    : "policy.value";
  const key = error.path === "" ? "the document" : error.path;
  return new InputError(`Cannot use policy ${name}: ${key} ${error.message}`, {
    code,
    fields: { policy: name, key },
    cause: error,
  });
}

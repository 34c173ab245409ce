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
import { admits, byName, type Direction, ladder, pins } from "../core/direction.ts";
import type { CanonicalValue } from "../core/canonical_json.ts";
import { InputError } from "../core/errors.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import type { Root } from "../evidence/finding.ts";
import type { Exception } from "./exception.ts";
import { plainCopy } from "./reference/plain_copy.ts";
import { exceptionsIn, settle, type Settled } from "./settle.ts";

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
  /** What tokens about a verdict say. */
  readonly tokens: TokenPolicy;
  /** What each technology demands, by its id. */
  readonly sections: Readonly<Record<string, unknown>>;
  /** All settings that are weaker than the default, those of other variants and those that ended, too. */
  readonly exceptions: readonly Exception[];
  /** The document as it was given, without long forms and without what ended. */
  readonly document: unknown;
  /** The document as it was given, which is what is digested. */
  readonly plain: CanonicalValue;
}

/** What tokens about a verdict say, where that is for the policy to say. */
export interface TokenPolicy {
  /** Status of genuine evidence that is not enough to trust. */
  readonly platformOnly: "contraindicated" | "warning";
}

/** Tokens where the policy says nothing (design §3). */
const DEFAULT_TOKENS: TokenPolicy = { platformOnly: "contraindicated" };

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

/** What it costs to accept a root beyond the default. */
const ROOT_COSTS: Readonly<Record<Exclude<Root, "lab">, string>> = {
  amd: "AMD could sign for hardware that is none",
  intel: "Intel could sign for hardware that is none",
  paravisor:
    "the cloud's paravisor, which is closed source, is believed on what runs, and can read the memory",
  provider:
    "the cloud provider, or whoever else certified the key, alone says what runs, and could say anything",
  none: "evidence that rests on nobody's word is accepted, which whoever likes can forge",
};

/**
 * What it costs to accept a root.
 *
 * @param root The root.
 */
export function rootCost(root: Root): string {
  return root === "lab" ? "lab evidence proves nothing about real hardware" : ROOT_COSTS[root];
}

/** Each line is accepted until its own day. */
const COMPROMISED: Direction<Policy["acceptCompromised"]> = {
  costs(accepted) {
    const lines = Object.keys(accepted);
    if (lines.length === 0) return null;
    return `whoever took keys out of chips of ${lines.join(" and ")} can forge their reports`;
  },
  ends: (accepted) => Object.values(accepted).sort().at(-1) ?? null,
  compare(from, to) {
    const { compare } = byName<string | undefined>({
      compare: (earlier = "", later = "") => later > earlier ? "stronger" : "weaker",
    });
    // The other way round: each day more, and each line more, lets more through.
    return compare?.(to, from) ?? "other";
  },
};

const TOKENS = object<TokenPolicy>({
  platformOnly: optional(
    oneOf("contraindicated", "warning"),
    DEFAULT_TOKENS.platformOnly,
    "Status in tokens of genuine evidence that is not enough to trust",
    ladder({
      contraindicated: null,
      warning:
        "who takes a token with a warning relies on a machine of which nobody knows what runs there",
    }),
  ),
});

/** The document with every key of every section. */
export type PolicyDocument =
  & Omit<Policy, "sections" | "exceptions" | "document" | "plain">
  & Readonly<Record<string, unknown>>;

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
      admits(DEFAULT_ROOTS, rootCost),
    ),
    admitVariants: optional(
      list(oneOf(...technologies.map(({ id }) => id)), technologies.length),
      null,
      "Variants that are admitted; evidence of another is refused, whatever it proves",
      pins(),
    ),
    allowLab: optional(
      boolean(),
      false,
      "Whether lab evidence may end in `lab-trusted`",
      ladder({
        false: null,
        true:
          "programs that ask for trust get it for lab evidence, which proves nothing about real hardware",
      }),
    ),
    acceptCompromised: optional(
      record(lines, date()),
      {},
      "Compromised product lines that are accepted, each until a day",
      COMPROMISED,
    ),
    tokens: optional(TOKENS, DEFAULT_TOKENS, "What tokens about a verdict say"),
    ...Object.fromEntries(sections),
  });
}

/**
 * Reads a policy document.
 *
 * @param value The document as plain data; undefined stands for the defaults.
 * @param technologies Technologies whose sections are known.
 * @param name What to call the document in errors, as its path.
 * @param now Moment for which it is read; absent: settings with an end have ended.
 * @throws {InputError} `policy.unknown_key`, `policy.version`, `policy.value`, naming document and key.
 */
export function readPolicy(
  value: unknown,
  technologies: readonly AnyTechnology[],
  name: string,
  now?: Date,
): Policy {
  const whole = readWhole(value, technologies, name, now);
  const { version, acceptRoots, admitVariants, allowLab, acceptCompromised, tokens, ...sections } =
    whole.read;
  const top = { version, acceptRoots, admitVariants, allowLab, acceptCompromised, tokens };
  const exceptions = exceptionsIn(whole.read, whole.decoder, {
    given: whole.plain,
    marks: whole.marks,
    now,
  });
  return { ...top, sections, exceptions, document: whole.document, plain: whole.plain };
}

/** A policy with what it was read by and from. */
export interface WholePolicy extends Settled {
  /** Its decoder. */
  readonly decoder: Decoder<PolicyDocument>;
  /** What it read: every key of every section, defaults filled in. */
  readonly read: PolicyDocument;
  /** The document as it was given. */
  readonly plain: CanonicalValue;
}

/**
 * Reads a policy document with everything that is known of it.
 *
 * @param value The document as plain data; undefined stands for the defaults.
 * @param technologies Technologies whose sections are known.
 * @param name What to call the document in errors, as its path.
 * @param now Moment for which it is read; absent: settings with an end have ended.
 * @throws {InputError} as {@linkcode readPolicy}.
 */
export function readWhole(
  value: unknown,
  technologies: readonly AnyTechnology[],
  name: string,
  now?: Date,
): WholePolicy {
  const decoder = policyDecoder(technologies);
  try {
    // One copy, so that what is judged by and what is digested are the same.
    const plain = plainCopy(value ?? { version: 1 });
    const settled = settle(plain, decoder, now);
    return { ...settled, plain, decoder, read: decoder.decode(settled.document, "") };
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

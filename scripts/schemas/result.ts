/**
 * Schema of what `casemate evidence verify -o json` prints: `Result` of
 * `src/results/result.ts`.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";
import { LINKS, ROOT_STRENGTH } from "../../src/evidence/finding.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { exactly, listOf, MOMENT, orNull, TEXT, words, YES_OR_NO } from "./shapes.ts";

const ROOT = words(...Object.keys(ROOT_STRENGTH));

const FINDING = exactly({
  id: [TEXT, "Stable id of the check"],
  title: [TEXT, "What the check is about"],
  link: [words(...LINKS), "Link of the chain of trust that it is about"],
  kind: [
    words("match", "mismatch", "unchecked", "not-applicable"),
    "What came of it; unchecked is never a pass",
  ],
  required: [YES_OR_NO, "Whether the verdict depends on it"],
  expected: [orNull(TEXT), "What was expected"],
  actual: [orNull(TEXT), "What the evidence says"],
  root: [ROOT, "Whose word the actual value rests on"],
  source: [TEXT, "Where the expectation comes from"],
  code: [orNull(TEXT), "Code of a mismatch, or of a required check that was not done"],
});

const DIGESTS = exactly({
  evidence: [TEXT, "Of variant, statement and files"],
  policy: [TEXT, "Of the policy in canonical JSON"],
  reference: [orNull(TEXT), "Of the reference values in canonical JSON"],
});

const ORIGIN = exactly({
  key: [TEXT, "Key of the variant's section, dotted"],
  known: [words("computed", "published", "observed", "given"), "How the value is known"],
  from: [orNull(TEXT), "From what"],
});

const REFERENCE = exactly({
  release: [orNull(TEXT), "Release that they are of"],
  set: [orNull(TEXT), "Accepted set that the evidence was held against"],
  owner: [orNull(TEXT), "SHA-256 of the key that signed them"],
  origins: [listOf(ORIGIN), "How each value is known"],
});

const COLLATERAL = exactly({
  key: [TEXT, "Service, path and parameters"],
  title: [TEXT, "What it is"],
  from: [TEXT, "Where it came from: cache, vendor, bundle, evidence or the address of a mirror"],
  issued: [MOMENT, "Since when it holds"],
  expires: [MOMENT, "Until when"],
  confirmed: [orNull(MOMENT), "When a source last gave it; null where only the evidence did"],
  stale: [orNull(TEXT), "Why it could not be asked for again although that was due"],
});

const EXCEPTION = exactly({
  key: [TEXT, "Key of the policy, dotted"],
  value: [TEXT, "The value, in short"],
  costs: [TEXT, "What it costs"],
  until: [orNull(TEXT), "Last day on which it counts"],
  ended: [YES_OR_NO, "Whether that day was over, so that the default counted"],
  because: [orNull(TEXT), "Why it is there"],
});

/**
 * The schema.
 *
 * @param claims Schemas of the claims by technology id; one per technology.
 */
export function resultSchema(claims: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const ids = technologies.map((technology) => technology.id);
  const result = exactly({
    v: [{ const: 1 }, "Version of this form"],
    variant: [words(...ids), "Technology of the evidence"],
    profile: [words("full", "crypto-only"), "How much was examined"],
    verdict: [
      words("rejected", "unavailable", "platform-only", "trusted", "lab-trusted"),
      "The verdict; null with crypto-only",
    ],
    outcome: [words("genuine", "not-genuine"), "The outcome with crypto-only, else null"],
    weakestRoot: [ROOT, "Weakest root that the verdict needs"],
    roots: [listOf(ROOT), "All roots that it needs, the strongest first; none where refused"],
    acceptRoots: [listOf(ROOT), "Roots that the policy accepts"],
    code: [orNull(TEXT), "Code that decided a verdict other than trusted"],
    says: [TEXT, "The verdict in one sentence"],
    warnings: [listOf(TEXT), "What must be said before the verdict"],
    exceptions: [listOf(EXCEPTION), "Settings of the policy that are weaker than the defaults"],
    digests: [DIGESTS, "What the verdict was reached from, SHA-256 each"],
    nonce: [orNull(TEXT), "The nonce that was asked with, hex"],
    reference: [
      orNull(REFERENCE),
      "The reference values; null where there were none beside the policy",
    ],
    collateral: [listOf(COLLATERAL), "What the verifier had of vendors beside the evidence"],
    binding: [
      words("nonce", "caller-supplied"),
      "How the evidence is tied to a question: to a nonce with a statement, or to data that the caller states",
    ],
    time: [MOMENT, "Moment for which everything was judged"],
    findings: [listOf({ $ref: "#/$defs/finding" }), "One per check"],
    statement: [
      { type: ["object", "null"] },
      "What the node states of itself, as the schema of statements has it; null without one, or where refused",
    ],
    claims: [
      { type: ["object", "null"] },
      "Fields of verified evidence; null where it was refused before",
    ],
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:casemate:result:v1",
    title: "Result of a verification by Casemate",
    ...result,
    ...verdictOrOutcome(result),
    allOf: ids.map((id) => ({
      if: { properties: { variant: { const: id } } },
      then: { properties: { claims: orNull({ $ref: referenceTo(id) }) } },
    })),
    $defs: { finding: FINDING, ...definitions(ids, claims) },
  };
}

function referenceTo(id: string): string {
  return `#/$defs/${id}`;
}

/** Claims of each technology; those of parts are told once, where their technology is. */
function definitions(
  ids: readonly string[],
  claims: Readonly<Record<string, JsonSchema>>,
): Readonly<Record<string, JsonSchema>> {
  const known = new Map(ids.map((id) => [textOf(claimsOf(id, claims)), referenceTo(id)]));
  return Object.fromEntries(ids.map((id) => {
    const schema = claimsOf(id, claims);
    const others = new Map([...known].filter(([, reference]) => reference !== referenceTo(id)));
    return [id, withReferences(schema, others)];
  }));
}

/** A schema without what it says of its place. */
function textOf(schema: JsonSchema): string {
  return JSON.stringify({ ...schema, description: undefined });
}

/** The schema with references in place of what is told elsewhere. */
function withReferences(schema: JsonSchema, known: ReadonlyMap<string, string>): JsonSchema {
  const replaced = Object.entries(schema).map(([key, value]) => [key, inside(value, known)]);
  return Object.fromEntries(replaced);
}

function inside(value: unknown, known: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => inside(item, known));
  if (typeof value !== "object" || value === null) return value;
  const schema: JsonSchema = { ...value };
  const $ref = known.get(textOf(schema));
  if ($ref === undefined) return withReferences(schema, known);
  const { description } = schema;
  return description === undefined ? { $ref } : { $ref, description };
}

function claimsOf(id: string, claims: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const schema = claims[id];
  if (schema === undefined) {
    throw new Error(`Say in scripts/generate_schemas.ts what the claims of ${id} look like`);
  }
  return schema;
}

/** A full examination has a verdict and no outcome; a crypto-only one an outcome and no verdict. */
function verdictOrOutcome({ properties }: JsonSchema): JsonSchema {
  const all = Object.fromEntries(Object.entries(properties ?? {}));
  const { verdict, outcome } = all;
  return {
    properties: { ...all, verdict: orNull(verdict), outcome: orNull(outcome) },
    oneOf: [
      {
        properties: {
          profile: { const: "full" },
          verdict: { not: { type: "null" } },
          outcome: { type: "null" },
        },
      },
      {
        properties: {
          profile: { const: "crypto-only" },
          verdict: { type: "null" },
          outcome: { not: { type: "null" } },
        },
      },
    ],
  };
}

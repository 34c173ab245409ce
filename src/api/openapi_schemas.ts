/**
 * Schemas of what the service takes and gives.
 *
 * @module
 */

import type { JsonSchema } from "../core/decode.ts";
import { QUESTION_FRESHNESS } from "../results/private_claims.ts";
import { VERIFY_FORM } from "./verify_form.ts";

const DIGEST: JsonSchema = { type: "string", pattern: "^sha256:[0-9a-f]{64}$" };
const MOMENT: JsonSchema = { type: "string", format: "date-time" };
const WORDS: JsonSchema = { type: "array", items: { type: "string" } };

function closed(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: "object",
    additionalProperties: false,
    required: Object.keys(properties),
    properties,
  };
}

const CHALLENGE = closed({
  nonce: {
    type: "string",
    pattern: "^[0-9a-f]{64}$",
    description: "What the evidence must answer, 32 bytes in hex",
  },
  cookie: { type: "string", description: "To be sent back with it, as it is" },
  expires: { ...MOMENT, description: "When it runs out" },
  freshness: {
    enum: ["single-use", "time-limited"],
    description: "Whether it can be used once alone, or by whoever sees it until it runs out",
  },
});

/** The whole of it is docs/schemas/result.v1.json; what a client decides by is here. */
const RESULT: JsonSchema = {
  type: "object",
  $comment: "all members: docs/schemas/result.v1.json",
  required: ["v", "variant", "profile", "verdict", "code", "says", "findings", "freshness"],
  properties: {
    v: { const: 1 },
    variant: { type: "string" },
    profile: { enum: ["full", "crypto-only"] },
    verdict: {
      enum: ["trusted", "lab-trusted", "platform-only", "rejected", "unavailable", null],
      description: "Trust the evidence where it is `trusted`, and in no other case",
    },
    code: { type: ["string", "null"], description: "What decided a verdict other than `trusted`" },
    says: { type: "string", description: "The verdict in a sentence" },
    findings: { type: "array", items: { type: "object" } },
    freshness: {
      enum: QUESTION_FRESHNESS,
      description:
        "Who vouches that the evidence is no older than the question: a nonce of the service used once, one of it made shortly before, one of the caller, or nobody",
    },
  },
};

const POLICIES = closed({
  policies: {
    type: "array",
    items: closed({
      digest: DIGEST,
      reference: {
        anyOf: [
          { type: "null" },
          closed({
            digest: DIGEST,
            release: { type: ["string", "null"] },
            owner: { type: ["string", "null"] },
          }),
        ],
      },
      acceptRoots: WORDS,
      admitVariants: { anyOf: [WORDS, { type: "null" }] },
      platformOnly: { enum: ["contraindicated", "warning"] },
      exceptions: WORDS,
    }),
  },
});

const KEYS = closed({
  keys: {
    type: "array",
    items: {
      type: "object",
      required: ["kty", "crv", "x", "alg", "use", "kid"],
      properties: { kty: { enum: ["EC", "OKP"] }, use: { const: "sig" } },
    },
  },
});

/** RFC 9457. */
const PROBLEM: JsonSchema = {
  type: "object",
  required: ["type", "title", "status", "detail", "code"],
  properties: {
    type: { type: "string", format: "uri", description: "Tag of the code" },
    title: { type: "string", description: "What the code means" },
    status: { type: "integer" },
    detail: { type: "string", description: "What happened this time" },
    code: { type: "string", description: "Stable code, which `casemate codes` explains" },
    fields: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "What explains it; `field` names the member to look at",
    },
  },
};

/** Schemas by name. */
export const COMPONENTS = {
  VerifyRequest: VERIFY_FORM.schema,
  Challenge: CHALLENGE,
  Result: RESULT,
  Policies: POLICIES,
  Keys: KEYS,
  Problem: PROBLEM,
} as const satisfies Readonly<Record<string, JsonSchema>>;

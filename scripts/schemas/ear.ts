/**
 * Schema of the claims of this project's tokens, as `src/results/ear.ts` writes
 * them under the profile `casemate`.
 *
 * @module
 */
import type { JsonSchema } from "../../src/core/decode.ts";
import { TOKEN_LIFETIME_S } from "../../src/results/ear.ts";
import { PRIVATE_CLAIMS } from "../../src/results/private_claims.ts";
import { CLAIM_NAMES, LAB_TAG, PROFILE_TAGS } from "../../src/results/profile.ts";
import { ASPECTS, STATUS_NUMBERS } from "../../src/results/tier.ts";
import { exactly, type Property, TEXT, words } from "./shapes.ts";

const NAMES = CLAIM_NAMES.casemate;

const SECONDS: JsonSchema = { type: "integer", minimum: 0 };

const CLAIM: JsonSchema = { type: "integer", minimum: -128, maximum: 127 };

/** An object of which some members may be absent. */
function partly(
  properties: Readonly<Record<string, Property>>,
  absent: readonly string[],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !absent.includes(name));
  return { ...exactly(properties), required };
}

const VECTOR: JsonSchema = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  properties: Object.fromEntries(ASPECTS.map((aspect) => [aspect, CLAIM])),
};

const APPRAISAL = partly({
  [NAMES.status]: [words(...Object.keys(STATUS_NUMBERS)), "Status of this attester"],
  [NAMES.vector]: [VECTOR, "Claims of AR4SI; an aspect that is absent is not claimed"],
  [NAMES.policy]: [
    {
      type: "array",
      minItems: 1,
      maxItems: 1,
      items: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
    },
    "SHA-256 of the policy in canonical JSON",
  ],
}, [NAMES.vector]);

/** The schema. */
export function earSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:casemate:ear:v1",
    title: "Claims of an attestation result (EAR) by Casemate",
    ...partly({
      eat_profile: [
        words(PROFILE_TAGS.casemate, LAB_TAG),
        "Profile; the second is about lab evidence",
      ],
      iat: [SECONDS, "When it was issued: the moment for which everything was judged"],
      nbf: [SECONDS, "The same"],
      exp: [SECONDS, `${TOKEN_LIFETIME_S} s later`],
      aud: [{ type: "string", minLength: 1 }, "For whom it is"],
      iss: [TEXT, "Who runs the verifier"],
      eat_nonce: [
        { type: "string", pattern: "^[A-Za-z0-9_-]{11,86}$" },
        "The nonce that was asked with, base64url without padding",
      ],
      [NAMES.verifier]: [
        exactly({
          build: [TEXT, "Version of the verifier"],
          developer: [TEXT, "Who developed it"],
        }),
        "The verifier's software",
      ],
      submods: [
        {
          type: "object",
          minProperties: 1,
          additionalProperties: false,
          patternProperties: { "^(?:cpu|vtpm|enclave|log)0$": APPRAISAL },
        },
        "One appraisal per attester; none is better than the whole",
      ],
      casemate: [PRIVATE_CLAIMS.schema, "The verdict with its roots, and what it was reached from"],
    }, ["iss", "eat_nonce"]),
  };
}

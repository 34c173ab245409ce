/**
 * From an envelope to a request: the envelope says which variant it is of, and
 * the verifier adds what no evidence may bring.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";
import { openEnvelope } from "../evidence/envelope/cmw.ts";
import type { AnyTechnology, FilesByRole } from "../evidence/evidence.ts";
import { technologies } from "../evidence/registry.ts";
import type { VariantId } from "../evidence/variants/facts.ts";
import type { Expectation } from "./expectation.ts";
import type { Request, RequestFor } from "./request.ts";

/** All of a request but the evidence. */
export interface EnvelopeTerms
  extends
    Omit<RequestFor<{ readonly id: string }>, "variant" | "evidence" | "statement" | "expect"> {
  /** The verifier's own nonce, 32 bytes, and what the statement must say; may be left out with the profile `crypto-only` alone. */
  readonly expect?: Expectation;
  /** Endorsements and roots that the verifier has, by role; they go before those in the envelope. */
  readonly endorsements?: FilesByRole;
  /** The variant that it must be of, whatever it calls itself; without it `admitVariants` of the policy alone decides. */
  readonly variant?: VariantId;
}

/**
 * The request for an envelope, to be given to `verify` or `examine`.
 *
 * @param bytes An envelope, or a CMW record of one.
 * @param terms Question, policy, reference values, time, endorsements.
 * @throws {InputError} `envelope.*`, `input.too_large`; `input.conflict` where it is of another variant than the terms say.
 */
export function requestOfEnvelope(bytes: Uint8Array, terms: EnvelopeTerms): Request {
  const { endorsements = {}, variant: wanted, ...rest } = terms;
  const { variant, statement, files } = openEnvelope(bytes);
  const { id } = variantOf(variant);
  if (wanted !== undefined && wanted !== id) {
    throw new InputError(`Cannot use the envelope: it is of ${id}, and ${wanted} is wanted`, {
      code: "input.conflict",
      fields: { field: "variant", expected: wanted, actual: id },
    });
  }
  const request: unknown = {
    ...rest,
    variant: id,
    statement,
    evidence: { ...files, ...endorsements },
  };
  // The registry decides which files there are; they are read strictly before anything is verified.
  return request as Request;
}

/** What is no variant of the protocol, as a quote of a TPM alone, has no statement. */
function variantOf(id: string): AnyTechnology {
  const variants: readonly AnyTechnology[] = technologies.filter(({ facts }) =>
    facts !== undefined
  );
  const found = variants.find((variant) => variant.id === id);
  if (found !== undefined) return found;
  const known = variants.map((variant) => variant.id).join(", ");
  throw new InputError(`Cannot verify an envelope of ${JSON.stringify(id)}: known are ${known}`, {
    code: "envelope.variant",
    fields: { variant: id },
  });
}

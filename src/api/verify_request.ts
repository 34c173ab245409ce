/**
 * From what a client asks to a request of the library.
 *
 * @module
 */

import { isBytes } from "../core/bytes.ts";
import { InputError } from "../core/errors.ts";
import type { QuestionFreshness } from "../results/private_claims.ts";
import { requestOfEnvelope } from "../verifier/envelope.ts";
import { type Job, readRequest, type Request } from "../verifier/request.ts";
import type { Challenges, KnownNonce } from "./challenge.ts";
import type { RegisteredPolicy, ServiceParts } from "./parts.ts";
import type { Registered } from "./registered.ts";
import { completed, refuseBelieved, withBelieved } from "./verify_files.ts";
import type { VerifyForm } from "./verify_form.ts";

/** What is to be verified. */
export interface Wanted {
  /** The request, read. */
  readonly job: Job;
  /** The service's own nonce, which is not spent yet; null where there is none. */
  readonly known: KnownNonce | null;
  /** What the result says of its nonce. */
  readonly freshness: QuestionFreshness;
  /** Digest of the registered policy as tokens write it; null where the policy was given along. */
  readonly policy: string | null;
}

/** What a request is made with. */
export interface RequestParts {
  /** The service. */
  readonly parts: ServiceParts;
  /** Its nonces. */
  readonly challenges: Challenges;
  /** Its policies. */
  readonly registered: Registered;
}

/**
 * Makes the request, with what the service has of vendors in it.
 *
 * @param form What the client asks.
 * @param made What it is made with.
 * @throws {InputError} what is wrong with it.
 * @throws {UnavailableError} `collateral.*` where nothing can be verified without what is not to be had.
 */
export async function wantedOf(form: VerifyForm, made: RequestParts): Promise<Wanted> {
  const { parts, challenges } = made;
  refuseNothing(form);
  refuseConflicts(form);
  const known = form.challenge === undefined
    ? null
    : await challenges.recognise(form.challenge.nonce, form.challenge.cookie);
  const policy = form.policy?.digest ?? null;
  const registered = policy === null ? null : registeredOf(made.registered, policy);
  const plain = requestOf(form, { known, registered, now: parts.clock.now(), parts });
  refuseBelieved(plain, registered);
  const request = withBelieved(await completed(plain, parts), registered);
  return {
    job: readRequest(request),
    known,
    freshness: freshnessOf(form, challenges),
    policy,
  };
}

/** What would be passed over in silence, or could be taken in two ways. */
function refuseConflicts(form: VerifyForm): void {
  const { challenge, nonce, freshness, policy, reference, profile, envelope, statement } = form;
  const questions = Object.entries({ challenge, nonce, freshness })
    .filter(([, given]) => given !== undefined).map(([name]) => name);
  if (questions.length > 1) {
    throw conflict(questions.join(", "), "only one of them can be asked with");
  }
  if (reference !== undefined && policy?.digest !== undefined) {
    throw conflict("reference", "the registered policy has its own reference values");
  }
  if (challenge !== undefined && profile === "crypto-only") {
    throw conflict("challenge", "with the profile crypto-only nothing is held against it");
  }
  if (envelope !== undefined && statement !== undefined) {
    throw conflict("statement", "the envelope has one");
  }
}

/** Without it the library could only say what it is not. */
function refuseNothing({ envelope, variant }: VerifyForm): void {
  if (envelope !== undefined || variant !== undefined) return;
  throw new InputError(
    "Cannot verify: there is no evidence; give envelope, or variant and evidence",
    {
      code: "input.missing",
      fields: { field: "envelope" },
    },
  );
}

function conflict(field: string, problem: string): InputError {
  return new InputError(`Cannot use the request: ${field}: ${problem}`, {
    code: "input.conflict",
    fields: { field },
  });
}

function registeredOf(registered: Registered, digest: string): RegisteredPolicy {
  const found = registered.get(digest);
  if (found !== undefined) return found;
  throw new InputError(`Cannot verify: no policy ${digest} is registered here`, {
    code: "api.policy_unknown",
    fields: { digest },
  });
}

/** Report data are the caller's own question, too; with signatures alone nothing answers anything. */
function freshnessOf(form: VerifyForm, challenges: Challenges): QuestionFreshness {
  if (form.challenge !== undefined) return challenges.freshness;
  const asked = form.nonce !== undefined || form.expect?.["reportData"] !== undefined;
  return asked && form.profile === "full" ? "caller" : "none";
}

interface Terms {
  readonly known: KnownNonce | null;
  readonly registered: RegisteredPolicy | null;
  readonly now: Date;
  readonly parts: ServiceParts;
}

function requestOf(form: VerifyForm, { known, registered, now, parts }: Terms): Request {
  const { envelope, variant, evidence, statement, profile, reference } = form;
  const expect = expectationOf(form, known);
  const policy = registered === null ? form.policy?.inline : registered.policy;
  const values = registered === null ? reference : registered.reference;
  const terms: unknown = {
    now,
    profile,
    labRoots: parts.labRoots,
    ...given({ expect, policy, variant, reference: values }),
  };
  // The registry decides what the members must be; each is read strictly before anything is verified.
  if (envelope === undefined) {
    return { ...Object(terms), ...given({ evidence: evidence ?? {}, statement }) } as Request;
  }
  return requestOfEnvelope(bytesOf(envelope), {
    ...Object(terms),
    ...given({ endorsements: evidence }),
  });
}

function given(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function bytesOf(envelope: unknown): Uint8Array {
  return isBytes(envelope) ? envelope : new TextEncoder().encode(JSON.stringify(envelope));
}

/** Undefined where nothing is asked; whether that will do is the library's to say. */
function expectationOf(form: VerifyForm, known: KnownNonce | null): object | undefined {
  const nonce = known?.bytes ?? form.nonce;
  const all = given({ nonce, freshness: form.freshness, ...form.expect });
  return Object.keys(all).length === 0 ? undefined : all;
}

/**
 * From the body of a request to what is to be verified: JSON with everything in
 * it, or an envelope alone with the rest in the query.
 *
 * @module
 */

import { DecodeError } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import { ENVELOPE_MEDIA_TYPE } from "../evidence/envelope/cmw.ts";
import { STATEMENT_KEYS } from "../verifier/expectation.ts";
import { VERIFY_FORM, type VerifyForm } from "./verify_form.ts";

/** JSON with everything in it. */
const JSON_TYPE = "application/json";

/** Media types of bodies that are an envelope or a record of one (RFC 9999 §8). */
export const EVIDENCE_TYPES: readonly string[] = [
  ENVELOPE_MEDIA_TYPE,
  "application/cmw+json",
  "application/cmw+cbor",
];

/** Media types of bodies. */
export const BODY_TYPES: readonly string[] = [JSON_TYPE, ...EVIDENCE_TYPES];

/** Members that the query can have beside an envelope, with a dot where they stand inside of another. */
export const QUERY_MEMBERS: readonly string[] = [
  "variant",
  "challenge.nonce",
  "challenge.cookie",
  "nonce",
  "freshness",
  ...STATEMENT_KEYS.map((name) => `expect.${name}`),
  "policy.digest",
  "profile",
  "token.audience",
  "token.profile",
];

/** How a body came. */
export interface Sent {
  /** Header `Content-Type`; null where there is none. */
  readonly type: string | null;
  /** The query. */
  readonly query: URLSearchParams;
}

/**
 * The media type of a body, which must be one that is taken.
 *
 * @param header Header `Content-Type`; null where there is none.
 * @throws {InputError} `api.body_type`
 */
export function bodyType(header: string | null): string {
  const [type = "", ...parameters] = (header ?? "").split(";").map((one) => one.trim());
  const plain = parameters.every((one) => /^(?:charset="?utf-8"?)?$/i.test(one));
  const known = BODY_TYPES.find((one) => one === type.toLowerCase());
  if (known !== undefined && plain) return known;
  const expected = BODY_TYPES.join(", ");
  throw new InputError(`Cannot read the body: its type is none of ${expected}`, {
    code: "api.body_type",
    fields: { expected },
  });
}

/**
 * Reads what is to be verified.
 *
 * @param body The body.
 * @param sent How it came.
 * @throws {InputError} `api.body_type`, `api.json`, `api.request`
 */
export function readVerifyForm(body: Uint8Array, { type, query }: Sent): VerifyForm {
  const given = bodyType(type) === JSON_TYPE ? jsonOf(body, query) : besideOf(body, query);
  try {
    return { ...VERIFY_FORM.decode(given.members, ""), ...given.bytes };
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw wrong(cause.path === "" ? "the body" : cause.path, cause.message, cause);
  }
}

interface Given {
  readonly members: unknown;
  readonly bytes: { readonly envelope?: Uint8Array };
}

function jsonOf(body: Uint8Array, query: URLSearchParams): Given {
  const [stray] = query.keys();
  if (stray !== undefined) {
    throw wrong("the query", "goes with an envelope as the body; JSON has all members itself");
  }
  try {
    return { members: parseStrictJson(body), bytes: {} };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const reason = cause.message;
    throw new InputError(`Cannot read the body as JSON: ${reason}`, {
      code: "api.json",
      fields: { reason },
      cause,
    });
  }
}

/** Names are looked up before anything is made of them. */
function besideOf(body: Uint8Array, query: URLSearchParams): Given {
  const members: Record<string, unknown> = {};
  for (const [name, value] of query) {
    const known = QUERY_MEMBERS.find((one) => one === name);
    if (known === undefined) {
      throw wrong(
        "the query",
        `has a member that is not known; known are ${QUERY_MEMBERS.join(", ")}`,
      );
    }
    if (query.getAll(known).length > 1) throw wrong(known, "is there twice");
    const [outer = "", inner] = known.split(".");
    members[outer] = inner === undefined ? value : { ...objectOf(members[outer]), [inner]: value };
  }
  return { members, bytes: { envelope: body } };
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function wrong(field: string, problem: string, cause?: unknown): InputError {
  return new InputError(`Cannot use the request: ${field} ${problem}`, {
    code: "api.request",
    fields: { field },
    cause,
  });
}

/**
 * The description of the service, OpenAPI 3.1, made from the tables that it works by.
 *
 * @module
 */

import type { JsonSchema } from "../core/decode.ts";
import { API_CODES, type ApiCode } from "./codes.ts";
import { METRICS_TYPE } from "./metrics.ts";
import { COMPONENTS } from "./openapi_schemas.ts";
import { API_STATUSES } from "./problem.ts";
import { type Route, type RouteName, ROUTES } from "./routes.ts";
import { ANSWER_TYPES } from "./verify.ts";
import { VERIFY_FORM } from "./verify_form.ts";
import { BODY_TYPES, EVIDENCE_TYPES, QUERY_MEMBERS } from "./verify_read.ts";

/** What an operation answers with where all is well: description and content by media type. */
interface Good {
  readonly says: string;
  readonly content: Readonly<Record<string, JsonSchema>>;
}

const TEXT: JsonSchema = { type: "string" };

/** Schema of each component, by reference. */
const ref = (name: keyof typeof COMPONENTS): JsonSchema => ({
  $ref: `#/components/schemas/${name}`,
});

const GOOD: Readonly<Record<RouteName, Good>> = {
  challenge: { says: "A nonce", content: { "application/json": ref("Challenge") } },
  verify: {
    says: "What the verification came to, whatever it is",
    content: Object.fromEntries(
      ANSWER_TYPES.map((type) => [type, type === "application/json" ? ref("Result") : TEXT]),
    ),
  },
  policies: { says: "The policies", content: { "application/json": ref("Policies") } },
  collateral: {
    says: "What the vendor gave, with the headers that it is verified with",
    content: {
      "application/json": {},
      "application/pkix-cert": {},
      "application/pkix-crl": {},
      "application/x-pem-file": {},
      "text/plain": TEXT,
    },
  },
  keys: { says: "The keys", content: { "application/jwk-set+json": ref("Keys") } },
  openapi: { says: "OpenAPI 3.1", content: { "application/json": { type: "object" } } },
  health: { says: "It lives", content: { "text/plain; charset=utf-8": TEXT } },
  ready: { says: "It takes requests", content: { "text/plain; charset=utf-8": TEXT } },
  metrics: { says: "Counters", content: { [METRICS_TYPE]: TEXT } },
  page: { says: "The page", content: { "text/html; charset=utf-8": TEXT } },
};

/** Refusals of every path. */
const EVERYWHERE: readonly ApiCode[] = [
  "api.method",
  "api.too_long",
  "api.misconfigured",
  "api.failed",
];

/** Refusals of each path beside those. */
const REFUSALS: Readonly<Record<RouteName, readonly ApiCode[]>> = {
  challenge: ["api.rate"],
  verify: [
    "api.accept",
    "api.body_too_large",
    "api.body_type",
    "api.body_encoding",
    "api.body_timeout",
    "api.body_incomplete",
    "api.json",
    "api.request",
    "api.nonce_unknown",
    "api.nonce_expired",
    "api.nonce_used",
    "api.nonces_full",
    "api.nonces_unavailable",
    "api.unregistered",
    "api.policy_unknown",
    "api.believed",
    "api.no_tokens",
    "api.busy",
    "api.rate",
  ],
  policies: [],
  collateral: ["api.not_found", "api.busy", "api.rate"],
  keys: [],
  openapi: [],
  health: [],
  ready: ["api.busy"],
  metrics: [],
  page: ["api.not_found"],
};

/** Refusals of a path that have codes of other parts of the program. */
const FURTHER: Readonly<Partial<Record<RouteName, Readonly<Record<string, string>>>>> = {
  verify: {
    "400": "what the library finds wrong with the request: input.*, envelope.*, policy.*",
    "413": "a file that is too large: input.too_large",
    "422": "what was refused before it could be examined",
    "503":
      "what was not to be had: collateral.*; for a token, why trust could not be examined, with that code",
  },
  collateral: {
    "404": "the vendor has no such thing: collateral.not_found, collateral.offline",
    "502": "the vendor's answer is of no use: collateral.*",
    "503": "the vendor asks for rest: collateral.throttled",
    "504": "the vendor cannot be reached: collateral.unreachable, collateral.timeout",
  },
};

/**
 * The document.
 *
 * @param version Version of Casemate.
 */
export function openapiDocument(version: string): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "Casemate, verification as a service",
      version,
      summary: "Verifies attestation evidence of confidential machines",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    // Where the document came from; the specification's own default is the same.
    servers: [{ url: "/" }],
    security: [],
    paths: Object.fromEntries(ROUTES.map((route) => [pathOf(route), operationsOf(route)])),
    components: { schemas: COMPONENTS },
  };
}

/** A path that stands for all below it takes the rest as a parameter. */
function pathOf({ path }: Route): string {
  return path !== "/" && path.endsWith("/") ? `${path}{path}` : path;
}

function operationsOf(route: Route): object {
  return Object.fromEntries(
    route.methods.map((method) => [method.toLowerCase(), operationOf(route, method)]),
  );
}

function operationOf(route: Route, method: string): object {
  const { name, says } = route;
  const parameters = parametersOf(route);
  return {
    operationId: `${method.toLowerCase()}${idOf(route.path)}`,
    summary: says,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(name === "verify" ? { requestBody: bodyOf() } : {}),
    responses: { ...goodOf(route, method), ...refusalsOf(route, method) },
  };
}

/** `/v1/verify` is `V1Verify`. */
function idOf(path: string): string {
  const words = path.split(/[^a-zA-Z0-9]+/).filter((word) => word !== "");
  return words.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join("");
}

function parametersOf({ name }: Route): readonly object[] {
  if (name === "collateral") {
    const description = "Path of the vendor with its query, as AMD KDS and Intel PCS have it";
    return [{ name: "path", in: "path", required: true, description, schema: TEXT }];
  }
  if (name !== "verify") return [];
  return QUERY_MEMBERS.map((member) => ({
    name: member,
    in: "query",
    description: `${descriptionOf(member)}; beside a body that is an envelope`,
    schema: schemaOf(member),
  }));
}

/** The schema of a member, which stands inside of others where it has dots. */
function schemaOf(member: string): JsonSchema {
  let schema: unknown = VERIFY_FORM.schema;
  for (const name of member.split(".")) schema = Object(Object(schema).properties)[name];
  const { description: _, ...plain } = Object(schema);
  return plain;
}

function descriptionOf(member: string): string {
  let keys = VERIFY_FORM.keys;
  let says = "";
  for (const name of member.split(".")) {
    const key = keys?.[name];
    says = key?.says ?? says;
    keys = key?.decoder.keys;
  }
  return says;
}

function bodyOf(): object {
  const json = BODY_TYPES.filter((type) => !EVIDENCE_TYPES.includes(type));
  return {
    required: true,
    content: Object.fromEntries([
      ...json.map((type) => [type, { schema: ref("VerifyRequest") }]),
      ...EVIDENCE_TYPES.map((type) => [type, {}]),
    ]),
  };
}

function goodOf({ name }: Route, method: string): object {
  const { says, content } = GOOD[name];
  const bodies = Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, { schema }]),
  );
  return {
    "200": { description: says, ...(method === "HEAD" ? {} : { content: bodies }) },
    ...(name === "page" ? { "304": { description: "It is the one that the client has" } } : {}),
  };
}

function refusalsOf({ name }: Route, method: string): object {
  const codes = [...EVERYWHERE, ...REFUSALS[name]];
  const further = FURTHER[name] ?? {};
  const statuses = new Set([
    ...codes.map((code) => String(API_STATUSES[code])),
    ...Object.keys(further),
  ]);
  const problem = { "application/problem+json": { schema: ref("Problem") } };
  return Object.fromEntries(
    [...statuses].map((status) => {
      const own = codes.filter((code) => String(API_STATUSES[code]) === status)
        .map((code) => `${code}: ${API_CODES[code].says}`);
      const other = further[status];
      const description = [...own, ...(other === undefined ? [] : [other])].join(". ");
      return [status, { description, ...(method === "HEAD" ? {} : { content: problem }) }];
    }),
  );
}

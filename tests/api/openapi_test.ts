/**
 * The description of the service is one, and describes this service.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Validator as SchemaValidator } from "@cfworker/json-schema";
import { openapiDocument } from "../../src/api/openapi.ts";
import { API_STATUSES } from "../../src/api/problem.ts";
import { ROUTES } from "../../src/api/routes.ts";
import { toBase64, toHex } from "../../src/core/bytes.ts";
import { NOW } from "../lab_authority.ts";
import { answered, answering, envelopeOf, verify } from "./asking.ts";
import { base64Files, serviceLab } from "./lab.ts";
import { inProcess, partsOf } from "./world.ts";

/** What of the document is looked at. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface Operation {
  readonly operationId: string;
  readonly responses: Responses;
}
type Responses = Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
type Schema = Readonly<Record<string, unknown>>;

const lab = await serviceLab(NOW);
const service = inProcess(partsOf(lab), lab);
const document: Document = await (await service.ask("/openapi.json")).json();

function assertFits(name: string, value: unknown): void {
  const schema = document.components.schemas[name];
  ok(schema !== undefined, name);
  const { valid, errors } = new SchemaValidator(schema, "2020-12", false).validate(value);
  ok(valid, `${name}: ${JSON.stringify(errors)}`);
}

function assertMisfits(name: string, value: unknown): void {
  const schema = document.components.schemas[name] ?? {};
  ok(!new SchemaValidator(schema, "2020-12", false).validate(value).valid, JSON.stringify(value));
}

Deno.test("openapiDocument() is OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(document)));

  ok(valid, JSON.stringify(errors));
  equal(validator.version, "3.1");
  // The validator can say no.
  const bent = { ...openapiDocument("1"), paths: { verify: {} } };
  equal((await new Validator().validate(bent)).valid, false);
});

Deno.test("openapiDocument() has every path with its methods, and each operation once", () => {
  const described = Object.entries(document.paths).map(([path, operations]) =>
    [path.replace("{path}", ""), Object.keys(operations)] as const
  );
  deepEqual(
    described,
    ROUTES.map(({ path, methods }) => [path, methods.map((method) => method.toLowerCase())]),
  );
  const ids = Object.values(document.paths).flatMap(Object.values).map(({ operationId }) =>
    operationId
  );
  equal(new Set(ids).size, ids.length);
});

Deno.test("what the service answers is of the status, type and form that the document says", async () => {
  const { issued, minted } = await answered(service);
  const good = {
    envelope: envelopeOf(minted),
    challenge: answering(issued),
    policy: { digest: lab.digest },
    token: { audience: "a" },
  };
  const { token: _, ...plain } = good;
  const asked: readonly (readonly [path: string, Response, component: string | null])[] = [
    ["/v1/challenge", await service.ask("/v1/challenge", { method: "POST" }), "Challenge"],
    ["/v1/verify", await verify(service, plain), "Result"],
    [
      "/v1/verify",
      await verify(
        service,
        { ...good, challenge: undefined, nonce: issued.nonce },
        "application/eat+jwt",
      ),
      null,
    ],
    ["/v1/verify", await verify(service, good), "Problem"],
    ["/v1/verify", await verify(service, plain), "Problem"],
    ["/v1/policies", await service.ask("/v1/policies"), "Policies"],
    ["/.well-known/jwks.json", await service.ask("/.well-known/jwks.json"), "Keys"],
    ["/metrics", await service.ask("/metrics"), null],
    ["/healthz", await service.ask("/healthz"), null],
    ["/readyz", await service.ask("/readyz"), null],
    ["/verify.html", await service.ask("/verify.html"), null],
    ["/metrics", await service.ask("/metrics", { method: "POST" }), "Problem"],
  ];
  for (const [path, response, component] of asked) {
    const operations = document.paths[path] ?? {};
    const responses: Responses = (operations["post"] ?? operations["get"])?.responses ?? {};
    const type = response.headers.get("content-type") ?? "";
    ok(
      type in (responses[String(response.status)]?.content ?? {}),
      `${path} ${response.status} ${type}`,
    );
    if (component === null) await response.bytes();
    else assertFits(component, await response.json());
  }
});

Deno.test("VerifyRequest describes what is taken", async () => {
  const nonce = new Uint8Array(32).fill(2);
  const minted = await lab.mint(nonce);
  const base = { envelope: envelopeOf(minted), nonce: toHex(nonce) };
  const pieces = { variant: "sev-snp", evidence: base64Files(minted.files) };
  for (
    const request of [
      base,
      { ...base, policy: { digest: lab.digest }, token: { audience: "a", profile: "ietf" } },
      { ...base, policy: { inline: lab.policy }, reference: lab.reference, profile: "full" },
      {
        ...pieces,
        statement: toBase64(minted.statement),
        nonce: base.nonce,
        expect: { role: "worker" },
      },
      { ...pieces, freshness: "none" },
      {
        envelope: toBase64(minted.envelope),
        challenge: { nonce: base.nonce, cookie: "A".repeat(32) },
      },
    ]
  ) assertFits("VerifyRequest", request);
  for (
    const request of [
      { ...base, surplus: 1 },
      { ...base, policy: {} },
      { ...base, policy: { digest: lab.digest, inline: {} } },
      { ...base, nonce: "0" },
      { ...base, expect: { role: "WORKER" } },
      { ...pieces, evidence: {} },
      { ...pieces, evidence: { report: 1 } },
      { ...base, challenge: { nonce: base.nonce } },
    ]
  ) {
    assertMisfits("VerifyRequest", request);
    equal((await verify(service, request)).status, 400, JSON.stringify(request));
  }
});

Deno.test("docs/api.md names every code with its status, and every path", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/api.md", import.meta.url));
  const cells = [...page.matchAll(/\| `(api\.[a-z_]+)` +\| ([0-9]{3}) /g)];
  const named = Object.fromEntries(cells.map(([, code = "", status]) => [code, Number(status)]));
  deepEqual(named, { ...API_STATUSES });
  for (const { path } of ROUTES) ok(page.includes(`\`${path}`), path);
});

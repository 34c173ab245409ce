/**
 * Writes the published JSON Schemas, `docs/schemas/*.v1.json`: of what
 * verification prints (`result`), of tokens (`ear`), of policy files (`policy`), of reference
 * values, of statements and envelopes, manifests and tickets, configurations, audit bundles, of what a service of verification is asked;
 * beside them its description in OpenAPI.
 *
 * `--check` writes nothing and fails where a file is not what it would write.
 *
 * @module
 */
import { openapiDocument } from "../src/api/openapi.ts";
import { VERIFY_FORM } from "../src/api/verify_form.ts";
import { BUNDLE } from "../src/audit/read.ts";
import type { JsonSchema } from "../src/core/decode.ts";
import { ENVELOPE_FORM } from "../src/evidence/envelope/form.ts";
import { technologies } from "../src/evidence/registry.ts";
import { configSchema } from "../src/cluster/config/form.ts";
import { MANIFEST_FORM } from "../src/manifest/form.ts";
import { TICKET_FORM } from "../src/manifest/ticket.ts";
import { STATEMENT_FORM } from "../src/evidence/statement/form.ts";
import { policyDecoder } from "../src/policy/policy.ts";
import { referenceDecoder } from "../src/policy/reference/document.ts";
import metadata from "../deno.json" with { type: "json" };
import { settle } from "./generated.ts";
import { hoisted } from "./schemas/hoist.ts";
import { earSchema } from "./schemas/ear.ts";
import { resultSchema } from "./schemas/result.ts";
import { AWS_NITRO_TPM_CLAIMS, AWS_SEV_SNP_CLAIMS, NITRO_CLAIMS } from "./schemas/nitro_claims.ts";
import { AZURE_SEV_SNP_CLAIMS, AZURE_TDX_CLAIMS, VTPM_CLAIMS } from "./schemas/azure_claims.ts";
import { GCP_SEV_ES_CLAIMS, GCP_SEV_SNP_CLAIMS, GCP_TDX_CLAIMS } from "./schemas/gcp_claims.ts";
import { SNP_CLAIMS } from "./schemas/snp_claims.ts";
import { TDX_CLAIMS } from "./schemas/tdx_claims.ts";
import { TPM_CLAIMS } from "./schemas/tpm_claims.ts";

const ROOT = new URL("../", import.meta.url);

/** Claims of each technology by its id. */
const CLAIMS: Readonly<Record<string, JsonSchema>> = {
  "sev-snp": SNP_CLAIMS,
  "tdx": TDX_CLAIMS,
  "tpm": TPM_CLAIMS,
  "nitro-enclave": NITRO_CLAIMS,
  "aws-sev-snp": AWS_SEV_SNP_CLAIMS,
  "azure-sev-snp": AZURE_SEV_SNP_CLAIMS,
  "azure-tdx": AZURE_TDX_CLAIMS,
  "aws-nitro-tpm": AWS_NITRO_TPM_CLAIMS,
  "azure-trusted-launch": VTPM_CLAIMS,
  "gcp-tdx": GCP_TDX_CLAIMS,
  "gcp-sev-snp": GCP_SEV_SNP_CLAIMS,
  "gcp-sev-es": GCP_SEV_ES_CLAIMS,
  "qemu-vtpm": VTPM_CLAIMS,
  "openstack": VTPM_CLAIMS,
};

/** A schema with its name. */
function named(name: string, title: string, schema: JsonSchema): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:casemate:${name}:v1`,
    title,
    ...schema,
  };
}

/** Schema of policy files, as their decoder describes itself. */
export function policySchema(): JsonSchema {
  return named("policy", "Appraisal policy of Casemate", policyDecoder(technologies).schema);
}

/** Schema of reference values; that names differ, and what several values of one key come to, is beyond it. */
export function referenceSchema(): JsonSchema {
  const { schema } = referenceDecoder(technologies);
  return named("reference", "Reference values of Casemate", hoisted(schema));
}

/** Schema of statements; that members go together, and the canonical form, are beyond it. */
export function statementSchema(): JsonSchema {
  return named("statement", "Statement of a node of Casemate", STATEMENT_FORM.schema);
}

/** Schema of envelopes. */
export function envelopeSchema(): JsonSchema {
  return named("envelope", "Evidence of a node of Casemate", ENVELOPE_FORM.schema);
}

/** Schema of audit bundles; the result inside has its own, and the canonical form is beyond it. */
export function auditSchema(): JsonSchema {
  return named("audit", "Audit bundle of Casemate", BUNDLE.schema);
}

/** Schema of what is asked of a service; what the documents and files in it must be is for those who read them. */
export function verifyRequestSchema(): JsonSchema {
  return named("verify-request", "Request to a service of verification", VERIFY_FORM.schema);
}

/** Schema of what is signed as a manifest; that its members go together, and the canonical form, are beyond it. */
export function manifestSchema(): JsonSchema {
  return named("manifest", "Manifest of a cluster of Casemate", MANIFEST_FORM.schema);
}

/** Schema of what is signed as a ticket. */
export function ticketSchema(): JsonSchema {
  return named("ticket", "Ticket for a control plane of Casemate", TICKET_FORM.schema);
}

/** Schema of configurations; what goes together, `casemate config check` says. */
export function configurationSchema(): JsonSchema {
  return named("config", "Configuration of a cluster of Casemate", configSchema());
}

function asText(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) {
  const files = [
    { path: "docs/schemas/audit.v1.json", text: asText(auditSchema()) },
    { path: "docs/schemas/config.v1.json", text: asText(configurationSchema()) },
    { path: "docs/schemas/ear.v1.json", text: asText(earSchema()) },
    { path: "docs/schemas/envelope.v1.json", text: asText(envelopeSchema()) },
    { path: "docs/schemas/manifest.v1.json", text: asText(manifestSchema()) },
    { path: "docs/schemas/openapi.json", text: asText(openapiDocument(metadata.version)) },
    { path: "docs/schemas/policy.v1.json", text: asText(policySchema()) },
    { path: "docs/schemas/reference.v1.json", text: asText(referenceSchema()) },
    { path: "docs/schemas/result.v1.json", text: asText(resultSchema(CLAIMS)) },
    { path: "docs/schemas/statement.v1.json", text: asText(statementSchema()) },
    { path: "docs/schemas/ticket.v1.json", text: asText(ticketSchema()) },
    { path: "docs/schemas/verify_request.v1.json", text: asText(verifyRequestSchema()) },
  ];
  Deno.exit(await settle(ROOT, files, Deno.args.includes("--check")) ? 0 : 1);
}

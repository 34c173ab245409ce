/**
 * Writes the published JSON Schemas: `docs/schemas/result.v1.json` of what
 * verification prints, `docs/schemas/policy.v1.json` of policy files.
 *
 * `--check` writes nothing and fails where a file is not what it would write.
 *
 * @module
 */
import type { JsonSchema } from "../src/core/decode.ts";
import { technologies } from "../src/evidence/registry.ts";
import { policyDecoder } from "../src/policy/policy.ts";
import { settle } from "./generated.ts";
import { resultSchema } from "./schemas/result.ts";
import { SNP_CLAIMS } from "./schemas/snp_claims.ts";
import { TDX_CLAIMS } from "./schemas/tdx_claims.ts";
import { TPM_CLAIMS } from "./schemas/tpm_claims.ts";

const ROOT = new URL("../", import.meta.url);

/** Claims of each technology by its id. */
const CLAIMS: Readonly<Record<string, JsonSchema>> = {
  "sev-snp": SNP_CLAIMS,
  "tdx": TDX_CLAIMS,
  "tpm": TPM_CLAIMS,
};

/** Schema of policy files, as their decoder describes itself. */
export function policySchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:casemate:policy:v1",
    title: "Appraisal policy of Casemate",
    ...policyDecoder(technologies).schema,
  };
}

function asText(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) {
  const files = [
    { path: "docs/schemas/policy.v1.json", text: asText(policySchema()) },
    { path: "docs/schemas/result.v1.json", text: asText(resultSchema(CLAIMS)) },
  ];
  Deno.exit(await settle(ROOT, files, Deno.args.includes("--check")) ? 0 : 1);
}

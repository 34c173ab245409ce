/**
 * Policies and reference values as people write them: YAML, read strictly, to plain data.
 *
 * ```ts
 * import { parsePolicyText } from "@casemate/casemate/policy/yaml";
 *
 * const text = new TextEncoder().encode("version: 1\nallowLab: true\n");
 * console.log(parsePolicyText(text, "policy.yaml"));
 * ```
 *
 * @module
 */

export { parsePolicyText } from "./parse.ts";

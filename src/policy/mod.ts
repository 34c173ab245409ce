/**
 * Policies: read strictly, explained, looked over, compared, drafted. All of it is over the
 * technologies that it is given, of which each has an entry of its own.
 *
 * @example What does a change of policy cost?
 * ```ts
 * import { technologies } from "@casemate/casemate";
 * import { diffPolicies, readWhole } from "@casemate/casemate/policy";
 *
 * const strict = readWhole(undefined, technologies, "the defaults");
 * const proposed = readWhole({ version: 1, acceptRoots: ["amd", "paravisor"] }, technologies, "proposed");
 * for (const { key, change, costs } of diffPolicies(strict, proposed)) console.log(key, change, costs);
 * ```
 *
 * @module
 */

export { type Difference, diffPolicies } from "./diff.ts";
export { draftPolicy } from "./draft.ts";
export type { Exception } from "./exception.ts";
export { type ExplainedPolicy, explainPolicy } from "./explain.ts";
export { lintPolicy } from "./lint.ts";
export {
  type Policy,
  type PolicyDocument,
  readPolicy,
  readWhole,
  type TokenPolicy,
  type WholePolicy,
} from "./policy.ts";
export type { Remark } from "./remark.ts";
export type { Setting } from "./settings.ts";
export type { Mark, Settled } from "./settle.ts";
export type { Dated } from "../core/decode.ts";
export type { AnyTechnology } from "../evidence/evidence.ts";

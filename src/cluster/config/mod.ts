/**
 * The configuration of a cluster: written, looked over, explained, turned into a manifest.
 *
 * @module
 */

export { checkConfig, type CheckedConfig } from "./check.ts";
export { explainConfig, type ExplainedSetting } from "./explain.ts";
export { type ClusterConfig, configSchema } from "./form.ts";
export { draftConfig, type DraftOptions, SCHEMA_FILE } from "./generate.ts";
export { intentOfConfig, type IntentTerms } from "./intent.ts";
export { type ConfigText, parseConfig } from "./parse.ts";
export type { Problem } from "./problem.ts";
export { LAB_PROVIDER, type Provider, PROVIDERS } from "./providers.ts";
export { type ReadConfig, readConfig } from "./read.ts";

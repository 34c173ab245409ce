/**
 * What `package.json` of the npm package says.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import { MODULE_FILE, WORKERS_ENTRY } from "./workers.ts";

/** Oldest Node that the library is tested on. */
const NODE = ">=20";

/** Ways to the files of an entry, by condition; the first that holds counts. */
type Conditions = Readonly<Record<string, string>>;

/** Entries of the package: name in `exports`, path of the source. */
export const ENTRIES: readonly (readonly [string, string])[] = Object.entries(config.exports);

/** The file's content. It names no dependency, since the bundle holds all that it needs. */
export function packageJson(): Readonly<Record<string, unknown>> {
  return {
    name: config.name,
    version: config.version,
    description: "Verifies confidential-computing evidence, offline",
    keywords: ["attestation", "confidential-computing", "sev-snp", "tdx", "tpm", "eat"],
    license: config.license,
    type: "module",
    engines: { node: NODE },
    sideEffects: false,
    // For what does not read `exports`.
    main: "./mod.js",
    types: "./mod.d.ts",
    exports: exported(),
  };
}

function exported(): Readonly<Record<string, Conditions | string>> {
  return {
    ...Object.fromEntries(ENTRIES.map(([name, source]) => [name, conditionsOf(name, source)])),
    [`./${MODULE_FILE}`]: { types: `./${MODULE_FILE}.d.ts`, default: `./${MODULE_FILE}` },
    "./package.json": "./package.json",
  };
}

function conditionsOf(name: string, source: string): Conditions {
  return {
    types: source.replace(/\.ts$/, ".d.ts"),
    ...(name === "." ? { workerd: `./${WORKERS_ENTRY}` } : {}),
    default: source.replace(/\.ts$/, ".js"),
  };
}

/**
 * Who may import whom: the layout of the project as data. Folders that do not
 * exist yet stand here as well, so that they begin in their place.
 *
 * @module
 */

/** What a folder imports: folders, those with `*` only by `import type`, and single files. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: ["wasm"],
  evidence: ["core"],
  collateral: ["core", "evidence*"],
  policy: ["core", "evidence*"],
  sigstore: ["core"],
  results: ["core", "evidence*", "policy*"],
  verifier: ["core", "evidence", "collateral", "policy", "sigstore", "results"],
  audit: ["core", "evidence", "policy", "results", "verifier"],
  report: ["core", "evidence", "policy", "results", "verifier"],
  lab: ["core", "evidence"],
  image: ["core", "evidence"],
  kms: ["core"],
  // Derivation of the cluster's keys from the owner's secret.
  keys: ["core"],
  protocol: ["core"],
  // The owner's signed intent: reading, chain, what policy follows from it.
  manifest: ["core", "evidence", "policy", "protocol"],
  api: [
    "core",
    "evidence",
    "collateral",
    "policy",
    "sigstore",
    "results",
    "verifier",
    "lab",
    "image",
    "kms",
    "protocol",
  ],
  // Reads statements and envelopes; who verifies them is given to it.
  channel: ["core", "evidence", "verifier*", "protocol"],
  clouds: ["core"],
  storage: ["core", "protocol", "channel"],
  services: [
    "core",
    "keys",
    "protocol",
    "manifest",
    "channel",
    "verifier",
    "evidence",
    "policy",
    "results",
    "kms",
    "clouds*",
  ],
  node: [
    "core",
    "keys",
    "protocol",
    "manifest",
    "channel",
    "verifier",
    "evidence",
    "policy",
    "services",
    "clouds*",
  ],
  cluster: [
    "core",
    "keys",
    "protocol",
    "manifest",
    "channel",
    "verifier",
    "evidence",
    "policy",
    "sigstore",
    "results",
    "collateral",
    "kms",
    "clouds*",
  ],
  cli: [
    "core",
    "evidence",
    "collateral",
    "policy",
    "sigstore",
    "results",
    "verifier",
    "audit",
    "report",
    "recognise",
    "conformance",
    "lab",
    "image",
    "kms",
    "keys",
    "protocol",
    "manifest",
    "api",
    "channel",
    "clouds",
    "storage",
    "services",
    "node",
    "cluster",
    // Compiled in, to be printed.
    "LICENSE",
    "THIRD_PARTY_NOTICES.txt",
  ],
  // What somebody dropped on a page or gave in a heap: which file is what.
  recognise: ["core", "evidence", "policy", "results", "verifier", "audit"],
  // The web page; runs in browsers alone.
  page: [
    "core",
    "evidence",
    "collateral",
    "policy",
    "results",
    "verifier",
    "audit",
    "report",
    "recognise",
  ],
  // A contract of others by which verifiers are compared.
  conformance: ["core", "evidence", "collateral", "policy", "sigstore", "results", "verifier"],
  // Names of codes alone.
  hosts: ["core", "wasm", "keys*"],
  worker: [
    "core",
    "evidence",
    "collateral",
    "policy",
    "sigstore",
    "results",
    "verifier",
    "audit",
    "report",
    "lab",
    "image",
    "kms",
    "protocol",
    "api",
    "src/hosts/workers.ts",
  ],
  wasm: [],
  "main.ts": ["core*", "cli", "hosts", "deno.json"],
  "mod.ts": [
    "core",
    "evidence",
    "collateral",
    "policy",
    "sigstore",
    "results",
    "verifier",
    "audit",
    "report",
    "protocol",
    "channel",
  ],
};

/** Folders that are published for every runtime: Web APIs only, of those the ones that Node 20 has. */
export const NEUTRAL: readonly string[] = [
  "core",
  "evidence",
  "collateral",
  "policy",
  "sigstore",
  "results",
  "verifier",
  "audit",
  "report",
  "recognise",
  "conformance",
  "lab",
  "image",
  "kms",
  "keys",
  "protocol",
  "api",
  "channel",
  "wasm",
  "manifest",
];

/** Packages from npm that a folder imports; the others import none. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: ["@noble/curves", "@noble/hashes"],
  evidence: ["@noble/ciphers", "@noble/curves"],
  policy: ["yaml"],
  channel: ["@hpke/core"],
  cluster: ["yaml"],
  cli: ["commander", "@commander-js/extra-typings", "yaml"],
};

/** Files that alone import `wasm/` where their folder may. */
export const WASM_GATES: readonly string[] = ["src/core/crypto.ts", "src/core/crypto_inline.ts"];

/** Folders of `src/evidence` that import no technology; a folder of another name is a pairing and imports these. */
export const TECHNOLOGIES: readonly string[] = ["snp", "tdx", "tpm", "nitro"];

/** Folders of `src/evidence` that are evidence of no platform alone: technologies, pairings and each other import them, they import neither of the former. */
export const SHARED_EVIDENCE: readonly string[] = [
  "device",
  "ec2",
  "envelope",
  "gce",
  "hcl",
  "logs",
  "pairing",
  "statement",
  "variants",
];

/** Files of `src/evidence` that know all of its folders. */
export const EVIDENCE_REGISTRIES: readonly string[] = [
  "src/evidence/registry.ts",
  "src/evidence/issuers.ts",
];

/** Files that may name a runtime: `Deno`, `node:`, `process`. */
export const NAMES_RUNTIME = /^(?:main\.ts$|src\/hosts\/|scripts\/|tests\/)|_test\.ts$/;

/** Files that import what they like and that nobody imports: not part of the program. */
export const OUTSIDE = /^(?:scripts\/|tests\/)|_test\.ts$/;

/** Globals of one runtime. */
export const RUNTIME_GLOBALS: readonly string[] = [
  "Deno",
  "process",
  "Buffer",
  "require",
  "__dirname",
  "__filename",
];

/** Globals that Node 20 lacks. */
export const NEW_GLOBALS: readonly string[] = [
  "EventSource",
  "Float16Array",
  "Iterator",
  "Temporal",
  "WebSocket",
  "localStorage",
  "navigator",
  "sessionStorage",
];

/** Functions of globals that Node 20 lacks. */
export const NEW_FUNCTIONS: readonly string[] = [
  "Array.fromAsync",
  "Error.isError",
  "Map.groupBy",
  "Math.sumPrecise",
  "Object.groupBy",
  "Promise.try",
  "Promise.withResolvers",
  "RegExp.escape",
  "URL.parse",
  "Uint8Array.fromBase64",
  "Uint8Array.fromHex",
];

/** Methods that Node 20 lacks, by names that our own types do not have. */
export const NEW_METHODS: readonly string[] = [
  "isDisjointFrom",
  "isSubsetOf",
  "isSupersetOf",
  "setFromBase64",
  "setFromHex",
  "symmetricDifference",
  "toBase64",
  "toHex",
  "transferToFixedLength",
];

/** Clock, chance and network, which neutral code is given as arguments. */
export const AMBIENT_FUNCTIONS: readonly string[] = [
  "Date.now",
  "Math.random",
  "performance.now",
];

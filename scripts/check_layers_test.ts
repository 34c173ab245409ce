import { deepEqual, equal, throws } from "node:assert/strict";
import { findCycles } from "./layers/cycles.ts";
import { findImports } from "./layers/imports.ts";
import { judgeLayers } from "./layers/judge.ts";
import { LAYERS, NEUTRAL } from "./layers/table.ts";
import { tokenize } from "./layers/tokens.ts";

/** Messages for one module among others that are empty. */
function judge(path: string, source: string, ...others: readonly string[]): string[] {
  const sources = new Map(others.map((other) => [other, ""]));
  return judgeLayers(sources.set(path, source)).map(({ line, message }) => `${line}: ${message}`);
}

/** Samples that are as they should be. */
const straight: readonly (readonly [path: string, source: string])[] = [
  ["src/core/der.ts", `import { equal } from "./bytes.ts";`],
  ["src/core/crypto.ts", `import { Instance } from "../../wasm/mod.ts";`],
  ["src/evidence/snp/mod.ts", `import { equal } from "../../core/bytes.ts";`],
  ["src/evidence/registry.ts", `import { snp } from "./snp/mod.ts";`],
  ["src/evidence/azure_sev_snp/mod.ts", `import { snp } from "../snp/mod.ts";`],
  ["src/policy/load.ts", `import { parse } from "yaml";`],
  ["src/policy/load.ts", `import type { Claims } from "../evidence/evidence.ts";`],
  ["src/policy/load.ts", `export type { Claims } from "../evidence/evidence.ts";`],
  ["src/hosts/deno.ts", `import { readFile } from "node:fs"; Deno.args; process.exit();`],
  ["src/worker/page.ts", `import { host } from "../hosts/workers.ts";`],
  ["src/cli/show.ts", `import { Command } from "@commander-js/extra-typings";`],
  ["src/core/bytes_test.ts", `import { mint } from "../lab/mod.ts"; Deno.test; Date.now();`],
  ["tests/a.ts", `import "../scripts/b.ts"; Deno.args;`],
  [
    "main.ts",
    `import { run } from "./src/cli/mod.ts"; import "./src/hosts/deno.ts"; Deno.exit(0);`,
  ],
  [
    "mod.ts",
    `/** Docs. */\nexport { a, type B } from "./src/core/a.ts";\nexport * from "./src/verifier/mod.ts"`,
  ],
  // Words that look like a runtime but are none.
  ["src/core/a.ts", `// Deno.args, import "../cli/x.ts"\n/* process */ const a = "Deno";`],
  ["src/core/a.ts", "const a = `Deno ${ `process ${ { b: 1 }.b } Buffer` } require`;"],
  [
    "src/core/a.ts",
    `const a = /["'Deno]\\/process/u; const b = 1 / 2; const c = b / a; const d = "x";`,
  ],
  [
    "src/core/a.ts",
    `const a = x.process; const b = { process: 1 }; interface C { process?: string }`,
  ],
  [
    "src/core/a.ts",
    `toHex(bytes); new Date(0); import.meta.url; const { fetch: get } = host; host.fetch(u);`,
  ],
];

/** Samples with one fault each. */
const bent: readonly (readonly [path: string, source: string, finding: RegExp])[] = [
  ["src/core/a.ts", `import { b } from "../cli/b.ts";`, /^1: core does not import cli$/],
  ["src/core/a.ts", `\n\nexport * from "../lab/b.ts";`, /^3: core does not import lab$/],
  ["src/core/a.ts", `export type { B } from "../lab/b.ts";`, /core does not import lab/],
  ["src/core/a.ts", `import "../lab/b.ts";`, /core does not import lab/],
  ["src/core/a.ts", `const b = await import("../lab/b.ts");`, /core does not import lab/],
  ["src/core/a.ts", `import b, { c } from "../lab/b.ts"`, /core does not import lab/],
  [
    "src/core/a.ts",
    `import { Instance } from "../../wasm/mod.ts";`,
    /only src\/core\/crypto\.ts and/,
  ],
  ["src/verifier/a.ts", `import { Instance } from "../../wasm/mod.ts";`, /does not import wasm/],
  ["src/policy/a.ts", `import { B } from "../evidence/b.ts";`, /by `import type` only/],
  ["src/policy/a.ts", `import { type B } from "../evidence/b.ts";`, /by `import type` only/],
  ["src/policy/a.ts", `export { B } from "../evidence/b.ts";`, /by `import type` only/],
  [
    "src/evidence/snp/a.ts",
    `import { b } from "../tdx/b.ts";`,
    /technology snp does not import tdx/,
  ],
  ["src/evidence/snp/a.ts", `import { b } from "../registry.ts";`, /does not import a registry/],
  ["src/evidence/evidence.ts", `import { b } from "./snp/b.ts";`, /know the folders/],
  [
    "src/evidence/gcp_tdx/a.ts",
    `import { b } from "../aws_nitro_tpm/b.ts";`,
    /does not import the pairing/,
  ],
  ["src/cli/a.ts", `import { host } from "../hosts/deno.ts";`, /cli does not import hosts/],
  ["src/worker/a.ts", `import { host } from "../hosts/deno.ts";`, /worker does not import hosts/],
  ["src/lab/a.ts", `import { verify } from "../verifier/mod.ts";`, /lab does not import verifier/],
  [
    "src/core/a.ts",
    `import { b } from "../../tests/b.ts";`,
    /tests\/b\.ts is no part of the program/,
  ],
  ["src/core/a.ts", `import { b } from "./b_test.ts";`, /is no part of the program/],
  ["src/core/a.ts", `import { b } from "../common/b.ts";`, /folder that the table does not know/],
  [
    "src/common/a.ts",
    `export const a = 1;`,
    /^1: stands in a folder that the table does not know$/,
  ],
  ["src/core/a.ts", `import { parse } from "yaml";`, /core does not import the package yaml/],
  ["src/core/a.ts", `import fs from "node:fs";`, /node:fs is of one runtime/],
  ["src/core/a.ts", `import fs from "fs";`, /does not import the package fs/],
  ["src/core/a.ts", `import a from "@casemate/casemate";`, /does not import the package/],
  ["src/cli/a.ts", `\nconst a = Deno.args;`, /^2: Deno is of one runtime/],
  ["src/core/a.ts", "const a = `${ Deno.args }`;", /^1: Deno is of one runtime/],
  ["src/core/a.ts", `globalThis.Deno.args;`, /Deno is of one runtime/],
  ["src/core/a.ts", `globalThis["Deno"].args;`, /Deno is of one runtime/],
  ["src/core/a.ts", `x ? process : 1;`, /process is of one runtime/],
  ["src/core/a.ts", `Buffer.from("a");`, /Buffer is of one runtime/],
  ["src/core/a.ts", `const fs = require("fs");`, /require is of one runtime/],
  ["src/core/a.ts", `Uint8Array.fromBase64("");`, /Uint8Array\.fromBase64 is missing in Node 20/],
  ["src/core/a.ts", `bytes.toHex();`, /toHex is missing in Node 20/],
  ["src/core/a.ts", `Promise.withResolvers();`, /is missing in Node 20/],
  ["src/core/a.ts", `Temporal.Now;`, /Temporal is missing in Node 20/],
  ["src/verifier/a.ts", `const now = new Date();`, /^1: new Date\(\) brings in clock/],
  ["src/verifier/a.ts", `Date.now();`, /Date\.now brings in clock/],
  ["src/verifier/a.ts", `await fetch(url);`, /fetch brings in clock, chance or network/],
  [
    "main.ts",
    `import { verify } from "./src/verifier/mod.ts";`,
    /main\.ts does not import verifier/,
  ],
  [
    "mod.ts",
    `export { a } from "./src/core/a.ts";\nexport const b = 1;`,
    /^2: mod\.ts only re-exports$/,
  ],
  ["mod.ts", `import { a } from "./src/core/a.ts";`, /mod\.ts only re-exports/],
  ["mod.ts", `export { a } from "./src/cli/a.ts";`, /mod\.ts does not import cli/],
];

Deno.test("judgeLayers() accepts what the table allows", async (t) => {
  for (const [path, source] of straight) {
    await t.step(`${path}: ${source}`, () => deepEqual(judge(path, source), []));
  }
});

Deno.test("judgeLayers() finds each fault", async (t) => {
  for (const [path, source, finding] of bent) {
    await t.step(`${path}: ${source}`, () => {
      const messages = judge(path, source);
      equal(messages.length, 1, messages.join("; "));
      equal(finding.test(messages[0] ?? ""), true, messages[0]);
    });
  }
});

Deno.test("judgeLayers() finds modules that import each other", () => {
  const sources = new Map([
    ["src/core/a.ts", `import "./b.ts";`],
    ["src/core/b.ts", `import type { C } from "./c.ts";`],
    ["src/core/c.ts", `export * from "./a.ts";`],
  ]);

  deepEqual(judgeLayers(sources).map(({ message }) => message), [
    "imports itself: src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts",
  ]);
});

Deno.test("findCycles() passes a graph whose branches meet", () => {
  const graph = new Map([["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]], ["d", []]]);

  deepEqual(findCycles(graph), []);
});

Deno.test("findImports() tells types from values", () => {
  const found = findImports(tokenize(`
    import type { A } from "./a.ts";
    import type B from "./b.ts";
    import type from "./c.ts";
    import * as d from "./d.ts";
    import { from } from "./e.ts";
    export const from2 = 1;
    const f = { import: 1, export: 2 }.import;
  `));

  deepEqual(found.map(({ specifier, typeOnly }) => [specifier, typeOnly]), [
    ["./a.ts", true],
    ["./b.ts", true],
    ["./c.ts", false],
    ["./d.ts", false],
    ["./e.ts", false],
  ]);
});

Deno.test("tokenize() counts lines through comments, strings and templates", () => {
  const tokens = tokenize("/* a\n b */ `c\n${d}\n` e // f\ng");

  deepEqual(tokens.map(({ value, line }) => [value, line]), [
    ["c\n", 2],
    ["d", 3],
    ["\n", 3],
    ["e", 4],
    ["g", 5],
  ]);
});

Deno.test("tokenize() refuses a string that does not end", () => {
  throws(() => tokenize(`const a = "b\n";`), SyntaxError);
});

Deno.test("LAYERS names only folders that it knows, and no later one back", () => {
  for (const [folder, allowed] of Object.entries(LAYERS)) {
    for (const name of allowed) {
      const plain = name.replace("*", "");
      equal(Object.hasOwn(LAYERS, plain) || /^LICENSE$|\.(?:ts|json|txt)$/.test(plain), true, name);
      equal(LAYERS[plain]?.includes(folder) ?? false, false, `${folder} and ${name}`);
    }
  }
  for (const name of NEUTRAL) equal(Object.hasOwn(LAYERS, name), true, name);
});

/**
 * The types of the package, as compilers of others see them.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { NpmToolFolder } from "../../scripts/npm_tools.ts";
import { outcome } from "../../scripts/process.ts";
import config from "../../deno.json" with { type: "json" };

type Project = readonly [module: string, moduleResolution: string, lib: readonly string[]];

/** Ways to find modules, and what stands beside the language. */
const PROJECTS: readonly Project[] = [
  ["node16", "node16", ["es2022"]],
  ["nodenext", "nodenext", ["es2022", "dom"]],
  ["esnext", "bundler", ["es2022", "dom"]],
  ["esnext", "bundler", ["es2022", "webworker"]],
];

/** Those in which another compiler is asked, too. */
export const FEWER: readonly Project[] = PROJECTS.filter((_, i) => i % 2 === 0);

/** What must compile, and on the marked lines must not: types that say nothing would let them through. */
const USES = `
import module from "@casemate/casemate/casemate_core_bg.wasm";
import { type Result, verify, VARIANTS } from "@casemate/casemate";
import { createVerifier } from "@casemate/casemate/workerd";
import { sevSnp } from "@casemate/casemate/snp";
import { verifyToken } from "@casemate/casemate/results";

const id: "sev-snp" = sevSnp.id;
const result: Result = await verify({
  variant: id,
  evidence: { report: new Uint8Array(1), leaf: new Uint8Array(1), chainAskArk: new Uint8Array(1) },
  expect: { nonce: new Uint8Array(32) },
  policy: { version: 1 },
  now: new Date(0),
});
await createVerifier(module).examine({ variant: "tdx", evidence: { quote: new Uint8Array(1) }, now: new Date(0) });
export const title: string = VARIANTS["azure-tdx"].title;
// @ts-expect-error no such verdict
export const wrong: boolean = result.verdict === "fine";
// @ts-expect-error no such variant
await verify({ variant: "sev", evidence: {}, now: new Date(0) });
// @ts-expect-error time is no text
await verify({ variant: "tdx", evidence: { quote: new Uint8Array(1) }, now: "today" });
// @ts-expect-error a token is not verified without an expectation
await verifyToken("");
// @ts-expect-error no module
createVerifier(undefined);
`;

/**
 * Compiles uses of every entry in each way, with declarations looked over as well.
 *
 * @param home Folder with the package.
 * @param typescript The compiler.
 * @param projects The ways; default all.
 */
export async function checkTypes(
  home: string,
  typescript: NpmToolFolder,
  projects: readonly Project[] = PROJECTS,
): Promise<void> {
  const entries = Object.keys(config.exports).map((name, i) =>
    `export * as entry${i} from "@casemate/casemate${name.slice(1)}";\n`
  );
  await Deno.writeTextFile(`${home}/uses.ts`, `${entries.join("")}${USES}`);
  for (const [module, moduleResolution, lib] of projects) {
    const compilerOptions = { ...STRICT, module, moduleResolution, lib };
    const project = JSON.stringify({ compilerOptions, files: ["uses.ts"] });
    await Deno.writeTextFile(`${home}/tsconfig.json`, project);
    const { code, stdout } = await outcome(typescript.bin("tsc"), ["-p", "."], { cwd: home });
    const way = `TypeScript ${typescript.version}, ${moduleResolution} with ${lib.join(", ")}`;
    assert.deepEqual([code, stdout], [0, ""], way);
  }
}

const STRICT = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: "es2022",
  types: [],
};

/**
 * The package in bundlers of others.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { NpmToolFolder } from "../../scripts/npm_tools.ts";
import { output } from "../../scripts/process.ts";
import { CASEMATE_CORE_WASM } from "../../wasm/lib/casemate_core_wasm.ts";

/**
 * Bundles the program for Node into one file, which runs where no package is.
 *
 * @param home Folder with the package.
 * @param esbuild The bundler.
 * @returns What the file printed.
 */
export async function bundleForNode(home: string, esbuild: NpmToolFolder): Promise<string> {
  const alone = `${home}/alone`;
  await Deno.mkdir(alone, { recursive: true });
  const flags = ["--bundle", "--minify", "--platform=node", "--format=esm"];
  const target = `--outfile=${alone}/verify.mjs`;
  await output(esbuild.bin("esbuild"), ["verify.mjs", ...flags, target], { cwd: home });
  for (const name of ["node", "nonce.hex"]) await Deno.symlink(`../${name}`, `${alone}/${name}`);
  return await output("node", ["verify.mjs"], { cwd: alone });
}

/**
 * Builds the page with Vite.
 *
 * @param home Folder with the package.
 * @param vite The bundler.
 * @returns Folder of the page, evidence beside it.
 */
export async function buildPage(home: string, vite: NpmToolFolder): Promise<string> {
  const script = `
    const { build } = await import(${JSON.stringify(`${vite.package("vite")}/dist/node/index.js`)});
    await build({ root: ".", base: "./", logLevel: "warn", build: { target: "es2022" } });`;
  await output("node", ["--input-type=module", "--eval", script], { cwd: home });
  for (const name of ["node", "nonce.hex"]) {
    await Deno.symlink(`${home}/${name}`, `${home}/dist/${name}`);
  }
  return `${home}/dist`;
}

/**
 * Bundles a Worker as wrangler deploys it: the module beside it, and no text of it.
 *
 * @param home Folder with the package.
 * @param program Name of the Worker's file.
 * @param wrangler The tool.
 * @returns Path of the bundle.
 */
export async function bundleWorker(
  home: string,
  program: string,
  wrangler: NpmToolFolder,
): Promise<string> {
  const out = `${home}/deployed-${program}`;
  const flags = ["--dry-run", "--name", "try", "--compatibility-date", "2026-04-01", "--minify"];
  await output(wrangler.bin("wrangler"), ["deploy", program, ...flags, "--outdir", out], {
    cwd: home,
    env: { CI: "1", WRANGLER_SEND_METRICS: "false" },
  });
  const bundle = `${out}/${program}`;
  const text = await Deno.readTextFile(bundle);
  assert.ok(!text.includes(CASEMATE_CORE_WASM.slice(0, 64)), `${program} holds the module as text`);
  return bundle;
}

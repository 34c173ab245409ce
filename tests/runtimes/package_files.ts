/**
 * What must be in the packed library, and what must not.
 *
 * @module
 */

import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import build from "../../wasm/lib/BUILD.json" with { type: "json" };
import { CASEMATE_CORE_WASM } from "../../wasm/lib/casemate_core_wasm.ts";

/** Names that only one runtime has; the packed library must run on all of them. */
const RUNTIME_NAMES = /\bDeno\.|["']node:|\bprocess\.|\brequire\(|\bBuffer[.(]|\b__dirname\b/g;

/**
 * Fails where the package is not what it promises: scripts that name no runtime and
 * no other package, files for each entry, a way for Workers without the module's text.
 *
 * @param folder Where it is installed.
 */
export async function assertPackage(folder: string): Promise<void> {
  const scripts = await readScripts(folder);
  for (const [path, text] of scripts) {
    assert.deepEqual([path, text.match(RUNTIME_NAMES)], [path, null]);
    assert.deepEqual([path, text.match(/^\/\/ \.\..*/gm)], [path, null]);
  }
  const described = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  assert.deepEqual(described.dependencies ?? {}, {});
  await assertExported(folder, described.exports);
  assertWithoutText(folder, new Map(scripts));
  const whole = scripts.map(([, text]) => text).join("\n");
  await assertModule(folder, whole);
  await assertNoticed(folder, whole);
}

/** Every package that the bundler put in is in the notices, by name and version. */
async function assertNoticed(folder: string, text: string): Promise<void> {
  const bundled = [...text.matchAll(/^\/\/ npm:((?:@[^/]+\/)?[^/]+)\/([^/]+)\//gm)]
    .map(([, name, version]) => `${name} ${version}`);
  assert.ok(bundled.some((name) => name.startsWith("@noble/curves ")), "no package is found");
  const notices = (await Deno.readTextFile(`${folder}/THIRD_PARTY_NOTICES.txt`)).split("\n");
  for (const name of new Set(bundled)) assert.ok(notices.includes(name), `${name} is not noticed`);
}

/** Each entry has the files that it names: code, and types where there is code. */
async function assertExported(
  folder: string,
  entries: Readonly<Record<string, string | Readonly<Record<string, string>>>>,
): Promise<void> {
  const names = Object.keys(entries);
  for (const name of Object.keys(config.exports)) assert.ok(names.includes(name), name);
  for (const [name, files] of Object.entries(entries)) {
    const paths = typeof files === "string" ? [files] : Object.values(files);
    for (const path of paths) assert.ok((await Deno.stat(`${folder}/${path}`)).isFile, path);
    if (typeof files !== "string") assert.equal(Object.keys(files)[0], "types", name);
  }
}

/** The module in the package is the committed one, as a file and as text. */
async function assertModule(folder: string, text: string): Promise<void> {
  const module = await Deno.readFile(`${folder}/casemate_core_bg.wasm`);
  const digest = await crypto.subtle.digest("SHA-256", module);
  assert.equal(new Uint8Array(digest).toHex(), build.module);
  assert.equal(text.split(CASEMATE_CORE_WASM).length, 2, "the text of the module is there once");
}

/** Workers load the module as a module: no file that their entry leads to holds the text of it. */
function assertWithoutText(folder: string, scripts: ReadonlyMap<string, string>): void {
  const reached = new Set([`${folder}/mod_workerd.js`]);
  // A set that grows is walked to its end.
  for (const path of reached) {
    const text = scripts.get(path);
    assert.ok(text !== undefined && !text.includes(CASEMATE_CORE_WASM.slice(0, 64)), path);
    for (const [, found = ""] of text.matchAll(/\b(?:from|import)\s*\(?"(\.[^"]+\.js)"/g)) {
      reached.add(new URL(found, `file://${path}`).pathname);
    }
  }
  assert.ok(reached.has(`${folder}/wasm/module.js`) && reached.size > 10, `${reached.size} files`);
}

async function readScripts(folder: string): Promise<readonly (readonly [string, string])[]> {
  const scripts: (readonly [string, string])[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) scripts.push(...await readScripts(path));
    else if (name.endsWith(".js")) scripts.push([path, await Deno.readTextFile(path)]);
  }
  return scripts;
}

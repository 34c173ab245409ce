/**
 * The main entry of the npm package for Workers, which forbid compiling from
 * bytes: it imports the WASM module as a module, and the text of it stays out.
 * Bundlers take it by the condition `workerd`; nobody has to know.
 *
 * @module
 */

/** The module's file in the package, also an entry. */
export const MODULE_FILE = "casemate_core_bg.wasm";

/** The main entry for Workers. */
export const WORKERS_ENTRY = "mod_workerd.js";

/** Where the module comes from as text, for everybody else. */
export const INLINE_SOURCE = "wasm/inline.ts";

/** How the main entry names that after bundling. */
const INLINE_IMPORT = '"../../wasm/inline.ts"';

const MAIN_ENTRY = "mod.js";
const WORKERS_MODULE = "wasm/module.js";

const MODULE_TYPES = `/** The WASM module, compiled by the platform or the bundler. */
declare const module: WebAssembly.Module;
export default module;
`;

const MODULE_SOURCE = `import module from "../${MODULE_FILE}";
export function inlineModule() {
  return Promise.resolve(module);
}
`;

/**
 * Ties the bundle, from which the text of the module was left out, to the text
 * and, for Workers, to the module.
 *
 * @param target Folder of the package.
 * @param module Path of the WASM module.
 * @throws {Error} where anything but the main entry asks for the module.
 */
export async function tieModule(target: string, module: string): Promise<void> {
  const main = await Deno.readTextFile(`${target}/${MAIN_ENTRY}`);
  const [head, tail, ...more] = main.split(INLINE_IMPORT);
  if (head === undefined || tail === undefined || more.length > 0) {
    throw new Error(`${MAIN_ENTRY} does not import ${INLINE_IMPORT} exactly once`);
  }
  const inline = `"./${INLINE_SOURCE.replace(/\.ts$/, ".js")}"`;
  await Deno.writeTextFile(`${target}/${MAIN_ENTRY}`, `${head}${inline}${tail}`);
  await Deno.writeTextFile(
    `${target}/${WORKERS_ENTRY}`,
    `${head}"./${WORKERS_MODULE}"${tail}`,
  );
  await Deno.writeTextFile(`${target}/${WORKERS_MODULE}`, MODULE_SOURCE);
  await Deno.copyFile(module, `${target}/${MODULE_FILE}`);
  await Deno.writeTextFile(`${target}/${MODULE_FILE}.d.ts`, MODULE_TYPES);
}

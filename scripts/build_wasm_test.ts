import { deepEqual, equal, match, notEqual, throws } from "node:assert/strict";
import { compareToolchains } from "./check_wasm.ts";
import { rewriteGlue, rewriteTypes } from "./wasm/glue.ts";
import { refusePaths } from "./wasm/lib.ts";
import { hashSources } from "./wasm/sources.ts";
import { stripCustomSections } from "./wasm/strip.ts";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** An empty type section. */
const TYPES = [0x01, 0x01, 0x00];
/** A custom section `name`, its size written with a needless byte. */
const NAMES = [0x00, 0x85, 0x00, 0x04, 0x6e, 0x61, 0x6d, 0x65];

const GLUE = `/* @ts-self-types="./casemate_core.d.ts" */

/** Does. */
export function does(input) {
    return wasm.does(input);
}
function __wbg_get_imports() {
    return {};
}

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasm.__wbindgen_start();
}
export { initSync, __wbg_init as default };
`;

Deno.test("stripCustomSections() leaves the other sections", () => {
  const bytes = Uint8Array.from([...HEADER, ...NAMES, ...TYPES, ...NAMES]);

  const stripped = stripCustomSections(bytes);

  deepEqual([...stripped], [...HEADER, ...TYPES]);
  equal(WebAssembly.validate(stripped as Uint8Array<ArrayBuffer>), true);
});

Deno.test("stripCustomSections() refuses what is no module or is cut short", () => {
  throws(() => stripCustomSections(Uint8Array.of(1, 2, 3)), /not a WASM module/);
  throws(() => stripCustomSections(Uint8Array.from([...HEADER, 1, 9])), /cut short/);
  throws(() => stripCustomSections(Uint8Array.from([...HEADER, 1, 0x80])), /malformed/);
});

Deno.test("rewriteGlue() gives each instance its own state and loads nothing", async () => {
  const glue = rewriteGlue(GLUE);

  match(glue, /wasm\.__wbindgen_start\(\);\nreturn \{ does \};/);
  equal(/import\.meta|initSync/.test(glue), false);
  const loaded: unknown = await import(`data:text/javascript,${encodeURIComponent(glue)}`);
  deepEqual(Object.keys(loaded as Record<string, unknown>), ["instantiate"]);
});

Deno.test("rewriteGlue() refuses glue of another form", () => {
  throws(() => rewriteGlue(GLUE.replace("let wasmModule", "let other")), /not found exactly once/);
  throws(() => rewriteGlue(GLUE.replace("return {};", "return import.meta;")), /not known/);
  throws(() => rewriteGlue(GLUE.replace("export function", "function")), /exports no function/);
});

Deno.test("rewriteTypes() makes one interface of the functions", () => {
  const types = rewriteTypes(`/* tslint:disable */
/* eslint-disable */

/** Does. */
export function does(input: Uint8Array): string;

export type InitInput = unknown;
`);

  match(
    types,
    /export interface Exports \{\n\/\*\* Does\. \*\/\ndoes\(input: Uint8Array\): string;\n\}/,
  );
  equal(types.includes("InitInput"), false);
});

Deno.test("refusePaths() finds a folder of this machine", () => {
  const holding = (text: string) => new TextEncoder().encode(`\0${text}\0`);

  for (const path of ["/root/.cargo/x.rs", "/usr/lib/x", "/home/a/b", "/Users/a", "/tmp/a"]) {
    throws(() => refusePaths(holding(path)), /path of this machine/);
  }
  refusePaths(holding("/rust/library/core/src/x.rs /cargo/der-0.8.3/src/x.rs"));
});

Deno.test("hashSources() sees content, names and moved bytes", async () => {
  const folder = `${await Deno.makeTempDir()}/`;
  try {
    const write = async (lib: string, other: string, arithmetic = "g") => {
      await Deno.mkdir(`${folder}src`, { recursive: true });
      await Deno.mkdir(`${folder}arithmetic/src`, { recursive: true });
      await Deno.writeTextFile(`${folder}arithmetic/Cargo.toml`, "a");
      await Deno.writeTextFile(`${folder}arithmetic/src/lib.rs`, arithmetic);
      await Deno.writeTextFile(`${folder}Cargo.toml`, "a");
      await Deno.writeTextFile(`${folder}Cargo.lock`, "b");
      await Deno.writeTextFile(`${folder}src/lib.rs`, lib);
      await Deno.writeTextFile(`${folder}src/other.rs`, other);
      return await hashSources(folder);
    };

    const first = await write("cd", "e");

    equal(await write("cd", "e"), first);
    notEqual(await write("c", "de"), first);
    notEqual(await write("cd", "f"), first);
    notEqual(await write("cd", "e", "h"), first);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("compareToolchains() names each program that differs", () => {
  const recorded = {
    rustc: ["rustc 1.96.0", "LLVM version: 22.1.8"],
    cargo: "cargo 1.96.0",
    linker: "LLD 14",
    wasmPack: "0.15.1",
    wasmBindgen: "0.2.126",
    wasmOpt: null,
  };
  const other = { ...recorded, rustc: ["rustc 1.97.0", "LLVM version: 22.1.8"], linker: "LLD 19" };

  deepEqual(compareToolchains(recorded, { ...recorded }), []);
  deepEqual(compareToolchains(recorded, other).map((line) => line.split(":")[0]), [
    "rustc",
    "linker",
  ]);
});

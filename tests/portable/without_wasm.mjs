// Runs the suite where neither WASM nor code from text is to be had, with the
// portable engine: `without_wasm.mjs CASES.json ENTRY...` prints, entry by
// entry, the results as JSON. Copied beside the bundled entries.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { runSuite } from "./suite.js";

if (typeof WebAssembly !== "undefined") throw new Error("WASM can be had here");
if (codeFromText()) throw new Error("code from text can be had here");
// From here on nobody may as much as look for it.
Object.defineProperty(globalThis, "WebAssembly", {
  get() {
    throw new Error("somebody looked for WASM");
  },
});

const [, , path, ...entries] = process.argv;
const cases = JSON.parse(await readFile(path, "utf8"));
const answers = [];
for (const entry of entries) {
  const { examine, verify } = await import(entry);
  const library = {
    examine: (request) => examine({ ...request, engine: "portable" }),
    verify: (request) => verify({ ...request, engine: "portable" }),
  };
  answers.push(await runSuite(library, cases));
}
process.stdout.write(JSON.stringify(answers));

/** Whether text becomes code. */
function codeFromText() {
  try {
    return new Function("return true")();
  } catch (error) {
    if (error instanceof EvalError) return false;
    throw error;
  }
}

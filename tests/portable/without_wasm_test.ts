/**
 * The portable engine where WASM and code from text are forbidden, as by a
 * strict Content Security Policy. What a policy forbids in a browser, V8's own
 * switches take away here: `--jitless` leaves no `WebAssembly` at all.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, verify } from "../../mod.ts";
import { readChunks } from "../../scripts/chunks.ts";
import { bundle } from "../../scripts/pack.ts";
import { fromFileUrl, output } from "../../scripts/process.ts";
import { CASEMATE_CORE_WASM } from "../../wasm/lib/casemate_core_wasm.ts";
import { makeCases } from "../runtimes/cases.ts";
import { isHere, withFolder } from "../runtimes/programs.ts";
import { type Library, runSuite, type RuntimeCase, type RuntimeResult } from "../runtimes/suite.ts";

const RUNNER = fromFileUrl(new URL("./without_wasm.mjs", import.meta.url));
const SWITCHES: readonly string[] = ["--jitless", "--disallow-code-generation-from-strings"];

/** The entries, as their bundles are called. */
const ENTRIES: readonly string[] = ["./mod.js", "./src/verifier/portable.js"];

/** Few, since all of it is interpreted: accepted and refused ones of each technology. */
const NAMES: readonly string[] = [
  "genoa-vcek",
  "genoa-vcek bit at 80",
  "bent-leaf-salt",
  "v4-platform",
  "v4-platform bit at 568",
  "v4-platform without lab root",
  "v5-tdx15",
  "p256",
  "p256 bit at 76",
];

/** The library of this process, asked for an engine. */
function asked(engine: "wasm" | "portable"): Library {
  return {
    examine: (request) => examine({ ...request, engine }),
    verify: (request) => verify({ ...request, engine }),
  };
}

/** What must be the same in all engines of a result: not the words of a reason. */
function endOf({ name, examined, verified }: RuntimeResult): unknown {
  const { verdict, code, claims } = Object(examined);
  const { error, code: thrown } = Object(verified);
  return { name, verdict, code, claims, error, thrown };
}

async function chosenCases(): Promise<readonly RuntimeCase[]> {
  const cases = (await makeCases()).filter(({ name }) => NAMES.includes(name));
  assert.deepEqual(cases.map(({ name }) => name).sort(), [...NAMES].sort());
  return cases;
}

for (
  const [runtime, command] of [
    ["Deno", [Deno.execPath(), "run", "-A", "--no-config", `--v8-flags=${SWITCHES.join()}`]],
    ["Node", ["node", ...SWITCHES]],
  ] as const
) {
  const [program, ...flags] = command;
  const ignore = !await isHere(program);
  const named = `without WASM and eval, ${runtime} verifies what it verifies with them`;
  Deno.test({
    name: ignore ? `${named} (ignored: not here)` : named,
    ignore,
    fn: () =>
      withFolder(async (folder) => {
        const cases = await chosenCases();
        await bundle(["mod.ts", "src/verifier/portable.ts"], folder);
        await bundle(["tests/runtimes/suite.ts"], folder);
        await Deno.copyFile(RUNNER, `${folder}/run.mjs`);
        await Deno.writeTextFile(`${folder}/package.json`, '{"type": "module"}');
        await Deno.writeTextFile(`${folder}/cases.json`, JSON.stringify(cases));
        const line = [...flags, "run.mjs", "cases.json", ...ENTRIES];
        const text = await output(program, line, { cwd: folder });
        const there: readonly (readonly RuntimeResult[])[] = JSON.parse(text);
        const here = JSON.stringify(await runSuite(asked("portable"), cases));
        assert.equal(there.length, ENTRIES.length);
        for (const results of there) assert.equal(JSON.stringify(results), here);
        const wasm: unknown[] = JSON.parse(JSON.stringify(await runSuite(asked("wasm"), cases)));
        const ends = (there[0] ?? []).map(endOf);
        assert.deepEqual(ends, wasm.map((result) => endOf(result as RuntimeResult)));
      }),
  });
}

Deno.test("the entry without WASM has nothing of it in any of its files", () =>
  withFolder(async (folder) => {
    await bundle(["src/verifier/portable.ts"], folder);
    const files = [...await readChunks(folder)];
    assert.ok(files.length > 1, "the engine is in a file of its own");
    for (const [name, text] of files) {
      assert.ok(!/\bWebAssembly\b/.test(text), `${name} names WebAssembly`);
      assert.ok(!text.includes(CASEMATE_CORE_WASM.slice(0, 64)), `${name} holds the module`);
      assert.ok(!/\beval\(|\bnew Function\(/.test(text), `${name} makes code from text`);
    }
  }));

import assert from "node:assert/strict";
import { output } from "../../scripts/process.ts";
import { inlineModule } from "../../wasm/inline.ts";
import { createEngine } from "./crypto.ts";

/** An empty module: `\0asm`, version 1. */
const OTHER = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

Deno.test("createEngine() refuses at once what is no compiled module, and says what it got", async () => {
  const module = await inlineModule();
  const wrong: readonly (readonly [unknown, string])[] = [
    [undefined, "Undefined"],
    [null, "Null"],
    [OTHER, "Uint8Array"],
    ["casemate_core_bg.wasm", "String"],
    [Promise.resolve(module), "Promise"],
    [{ default: module }, "Object"],
  ];
  for (const [given, name] of wrong) {
    assert.throws(
      // What TypeScript forbids, programs in JavaScript do.
      () => createEngine(given as WebAssembly.Module),
      (error: Error) => error instanceof TypeError && error.message.includes(`got ${name}:`),
      name,
    );
  }
});

Deno.test("createEngine() says of another module that it is another", async () => {
  const engine = createEngine(await WebAssembly.compile(OTHER));
  for (let attempt = 0; attempt < 2; attempt++) {
    await assert.rejects(engine.run("cache_clear", []), {
      message: /^Cannot start the WASM module: it is not casemate_core_bg\.wasm of this version/,
    });
  }
});

Deno.test("inlineEngine says what can be done where compiling is forbidden", async () => {
  const script = `
    const forbidden = new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
    WebAssembly.compile = () => Promise.reject(forbidden);
    const { inlineEngine } = await import(${
    JSON.stringify(import.meta.resolve("./crypto_inline.ts"))
  });
    const said = await inlineEngine.run("cache_clear", []).catch((error) => error);
    console.log(said.message, said.cause === forbidden);`;
  const said = await output(Deno.execPath(), ["eval", "--quiet", script]);
  assert.match(
    said,
    /^Cannot compile the WASM module here: .*'wasm-unsafe-eval'.*\.\/workerd.* true$/m,
  );
});

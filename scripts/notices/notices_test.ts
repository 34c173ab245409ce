import assert from "node:assert/strict";
import { chosenFiles, type Component, readTexts } from "./component.ts";
import { NOTICES_FILE } from "./crates.ts";
import { npmComponents } from "./npm.ts";
import { renderNotices } from "./render.ts";
import { buildWorker } from "../worker/build.ts";

Deno.test("chosenFiles() takes MIT where that is offered, and all that is demanded", () => {
  const both = ["LICENSE-APACHE", "LICENSE-MIT"];
  for (const license of ["MIT OR Apache-2.0", "Apache-2.0 OR MIT", "MIT/Apache-2.0"]) {
    assert.deepEqual(chosenFiles(both, license), ["LICENSE-MIT"], license);
  }
  assert.deepEqual(
    chosenFiles([...both, "LICENSE-UNICODE"], "(MIT OR Apache-2.0) AND Unicode-3.0"),
    ["LICENSE-MIT", "LICENSE-UNICODE"],
  );
  assert.deepEqual(chosenFiles(both, "MIT AND Apache-2.0"), both);
  assert.deepEqual(chosenFiles(["COPYING", "LICENSE-MIT", "NOTICE"], "Unlicense OR MIT"), [
    "LICENSE-MIT",
    "NOTICE",
  ]);
  assert.deepEqual(chosenFiles(["LICENSE"], "BSD-3-Clause"), ["LICENSE"]);
});

Deno.test("readTexts() refuses a package without a text", async () => {
  const folder = await Deno.makeTempDir({ prefix: "casemate-notices-" });
  await Deno.writeTextFile(`${folder}/README.md`, "MIT");
  await assert.rejects(readTexts(folder, "MIT"), /brings no text of its licence/);
  await Deno.writeTextFile(`${folder}/LICENSE.txt`, "As you like \r\n\r\n");
  assert.deepEqual(await readTexts(folder, "MIT"), ["As you like"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("renderNotices() gives each text once, with the works that it is of", () => {
  const work = (name: string, text: string): Component => ({
    name,
    version: "1.0.0",
    license: "MIT",
    texts: [text],
  });
  const page = renderNotices([["First", [work("a", "same"), work("b", "same")]], ["Second", []]]);
  assert.equal(page.match(/^same$/gm)?.length, 1);
  assert.match(page, /^ {2}a 1\.0\.0: MIT\n {2}b 1\.0\.0: MIT$/m);
  assert.match(page, /^a 1\.0\.0\nb 1\.0\.0\n-+\n\nsame$/m);
});

Deno.test("npmComponents() knows what is bundled, and nothing that only tests use", async () => {
  const names = (await npmComponents()).map(({ name }) => name);
  for (const name of ["@noble/curves", "@noble/hashes", "yaml", "commander"]) {
    assert.ok(names.includes(name), name);
  }
  for (const name of ["jose", "playwright-core", "fast-check"]) {
    assert.ok(!names.includes(name), name);
  }
});

Deno.test("crates of the module are those of its lock file", async () => {
  const read = (path: string): Promise<string> =>
    Deno.readTextFile(new URL(`../../wasm/${path}`, import.meta.url));
  const crates: readonly Component[] = JSON.parse(await read(`lib/${NOTICES_FILE}`));
  const locked = (await read("Cargo.lock")).replaceAll('"', "");
  const own = crates.filter(({ name }) => !name.includes("standard library"));
  assert.ok(own.length > 5, `${own.length} crates`);
  for (const { name, version } of own) {
    assert.ok(locked.includes(`name = ${name}\nversion = ${version}\n`), `${name} ${version}`);
  }
});

Deno.test("buildWorker() puts notices and licence beside the Worker, and says so in what is bundled", async () => {
  const folder = await Deno.makeTempDir({ prefix: "casemate-notices-" });
  try {
    await buildWorker(folder);
    for (const name of ["THIRD_PARTY_NOTICES.txt", "LICENSE"]) {
      const own = await Deno.readTextFile(new URL(`../../${name}`, import.meta.url));
      assert.equal(await Deno.readTextFile(`${folder}/${name}`), own);
    }
    const entry = await Deno.readTextFile(`${folder}/index.js`);
    assert.match(entry, /^\/\*! .*THIRD_PARTY_NOTICES\.txt \*\/\n/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

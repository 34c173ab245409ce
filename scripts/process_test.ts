import assert from "node:assert/strict";
import { fromFileUrl } from "./process.ts";

const ROOT = new URL("../", import.meta.url);

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(new URL(`${encodeURIComponent(name)}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(encodeURIComponent(name), folder);
  }
}

Deno.test("fromFileUrl() gives the path of a folder with a blank, a percent sign and an umlaut", () => {
  assert.equal(fromFileUrl(new URL("file:///a%20b/50%25/%C3%BC.ts")), "/a b/50%/ü.ts");
});

Deno.test("nothing takes a module's URL for a path, which it is not where a folder has a blank", async () => {
  const wrong: string[] = [];
  for (const folder of ["src/", "scripts/", "tests/"]) {
    for await (const url of sources(new URL(folder, ROOT))) {
      const text = await Deno.readTextFile(url);
      if (/import\.meta\.url\)\.(?:pathname|href\.)/.test(text)) wrong.push(url.href);
    }
  }
  assert.deepEqual(wrong, []);
});

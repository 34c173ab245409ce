import assert from "node:assert/strict";
import { agrees, masked } from "./compare.ts";
import { withKeptKeys } from "./keys.ts";
import { runPage } from "./run_page.ts";

const PAGES = new URL("../../docs/examples/", import.meta.url);

const names = Array.from(Deno.readDirSync(PAGES), ({ name }) => name).sort();

for (const name of names) {
  Deno.test(`docs/examples/${name} does and prints what it says`, async () => {
    const page = await Deno.readTextFile(new URL(name, PAGES));
    const ran = await withKeptKeys(() => runPage(page));
    for (const { step: { prints, line }, shown } of ran) {
      if (prints === undefined || agrees(shown, prints.text)) continue;
      assert.equal(masked(shown), masked(prints.text), `${name}:${line}`);
    }
    assert.ok(ran.some(({ step }) => step.prints !== undefined), "the page shows nothing");
  });
}

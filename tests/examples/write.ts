/**
 * Writes into the pages of `docs/examples` what their steps print now: as many
 * lines before and after `…` as there were. What changed is for people to judge.
 *
 * `./scripts/deno task examples:write`
 *
 * @module
 */

import { renewed } from "./compare.ts";
import { withKeptKeys } from "./keys.ts";
import { pageNames, PAGES } from "./pages.ts";
import { runPage } from "./run_page.ts";

for (const name of pageNames()) {
  const url = new URL(name, PAGES);
  const page = await Deno.readTextFile(url);
  const lines = page.split("\n");
  const ran = await withKeptKeys(() => runPage(page));
  for (const { step: { prints }, shown } of ran.toReversed()) {
    if (prints === undefined) continue;
    const length = prints.text.split("\n").length;
    lines.splice(prints.from, length, ...renewed(shown, prints.text).split("\n"));
  }
  await Deno.writeTextFile(url, lines.join("\n"));
}

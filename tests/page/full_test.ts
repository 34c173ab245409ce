/**
 * More of the page, by `deno task page:test`.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { buildPage } from "../../scripts/build_page.ts";
import { npmToolIfThere } from "../../scripts/npm_tools.ts";
import { examine, type Request } from "../../mod.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { readBundle, writeBundle } from "../../src/audit/mod.ts";
import { toHex } from "../../src/core/bytes.ts";
import { noCorpus } from "../corpus.ts";
import { requestOf } from "../report/states.ts";
import { readVectors } from "../vectors.ts";
import {
  believeAll,
  give,
  noBrowser,
  open,
  saved,
  settled,
  VERDICT,
  withBrowser,
} from "./browser.ts";
import { realQuote, trusted } from "./scenes.ts";

const ALL = Deno.env.get("CASEMATE_PAGE") === "full";
const ignore = noBrowser || !ALL;
const axe = ignore ? null : await npmToolIfThere("axe-core");

Deno.test({
  name: "The page comes to the result of every vector, byte for byte",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      for (const { id } of technologies) {
        for (const vector of await readVectors(id)) {
          const request = requestOf(id, vector);
          const bundle = writeBundle(request, await examine(request), { casemate: "0.1.0" });
          await give(page, [{ name: `${id}-${vector.name}`, bytes: bundle }]);
          // A bundle that does not come to its own result draws no verdict.
          await believeAll(page);
          await page.locator(VERDICT).waitFor();
          await page.click("#clear");
        }
      }
      assert.deepEqual(complaints, []);
    }),
});

Deno.test({
  name: "The page has no fault that axe knows, bright and dark, wide and narrow",
  ignore: ignore || axe === null,
  fn: () =>
    withBrowser(async (browser) => {
      const script = await Deno.readTextFile(`${axe?.package("axe-core")}/axe.min.js`);
      for (const scheme of ["light", "dark"] as const) {
        for (const size of [[1000, 900], [320, 740]] as const) {
          const { page } = await open(browser, { scheme, size });
          await judge(page, script, `${scheme} ${size[0]} empty`);
          await page.click("#paste");
          await judge(page, script, `${scheme} ${size[0]} paste`);
          await page.click("#sample");
          await page.locator(VERDICT).waitFor();
          await page.evaluate(
            "for (const d of document.querySelectorAll('details')) d.open = true",
          );
          await judge(page, script, `${scheme} ${size[0]} sample`);
          await page.click("#bend");
          await page.locator(VERDICT, { hasText: "Rejected" }).waitFor();
          await judge(page, script, `${scheme} ${size[0]} bent`);
        }
      }
    }),
});

async function judge(page: Page, script: string, where: string): Promise<void> {
  // Nobody scrolls sideways (WCAG 2.2, 1.4.10).
  const width = await page.evaluate("document.documentElement.scrollWidth");
  assert.equal(width, page.viewportSize()?.width, where);
  // The devtools' own evaluation is not bound by the page's policy.
  await page.evaluate(script);
  const found = await page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))",
  );
  assert.deepEqual(found, [], where);
}

Deno.test({
  name: "The page says what is missing, and takes it by paste and by file",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      const vector = (await readVectors("sev-snp")).find(({ name }) => name === "genoa-vcek");
      assert.ok(vector);
      const { report, leaf, chainAskArk, crls } = vector.files;
      assert.ok(report instanceof Uint8Array && leaf instanceof Uint8Array);
      assert.ok(chainAskArk instanceof Uint8Array && crls !== undefined);
      await page.click("#paste");
      await page.fill("#pasted", toHex(report));
      await page.click("#take");
      await settled(page);
      assert.match(await page.textContent("#outcome") ?? "", /VCEK or VLEK certificate/);
      await give(page, [
        { name: "b", bytes: leaf },
        { name: "c", bytes: chainAskArk },
        { name: "d", bytes: [crls].flat()[0] as Uint8Array },
      ]);
      await page.locator(VERDICT, { hasText: "Rejected" }).waitFor();
      await page.click("input[data-root]");
      await page.evaluate("document.getElementById('terms').open = true");
      await page.check("[name=time][value=at]");
      await page.fill("#at", vector.now.toISOString().slice(0, 19));
      await page.locator(VERDICT, { hasText: "Platform only" }).waitFor();
      // What was pasted is in no file that a command line could name.
      assert.doesNotMatch(await page.textContent("#outcome") ?? "", /evidence verify snp/);
      assert.deepEqual(complaints, []);
    }),
});

Deno.test({
  name: "What the page saves comes to the same result here; a wrong nonce shows in the page",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      await page.click("#sample");
      await page.locator(VERDICT).waitFor();
      const { request, result } = readBundle(await saved(page, "#audit"), "it");
      assert.equal(result["verdict"], "lab-trusted");
      assert.equal(request.variant, "sev-snp");
      assert.deepEqual(JSON.parse(new TextDecoder().decode(await saved(page, "#json"))), result);
      await page.evaluate("document.getElementById('terms').open = true");
      await page.fill("#nonce", "00".repeat(31) + "01");
      await page.locator(VERDICT, { hasText: "Rejected" }).waitFor();
      await page.fill("#nonce", "no hex");
      await page.getByText("The nonce is not written in hex").waitFor();
      assert.deepEqual(complaints, []);
    }),
});

Deno.test({
  name: "The page tells of a real quote what the library tells",
  ignore: ignore || noCorpus,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      await trusted(page);
      await page.locator(VERDICT, { hasText: "Trusted" }).waitFor();
      const bundle = readBundle(await saved(page, "#audit"), "it");
      const { files, expect, policy, now } = realQuote();
      const request: unknown = { variant: "tdx", evidence: files, expect, policy, now };
      const { verdict, findings } = await examine(request as Request);
      assert.equal(bundle.result["verdict"], verdict);
      assert.deepEqual(bundle.result["findings"], JSON.parse(JSON.stringify(findings)));
      assert.deepEqual(complaints, []);
    }),
});

Deno.test({
  name: "The page is the same whenever it is built",
  ignore: !ALL,
  fn: async () => {
    const [one, other] = [await buildPage("best"), await buildPage("best")];
    assert.equal(one.html, other.html);
    assert.doesNotMatch(one.html.replace(/<noscript>.*<\/noscript>/, ""), /https?:\/\//);
  },
});

import assert from "node:assert/strict";
import { examine } from "../../mod.ts";
import { writeBundle } from "../../src/audit/mod.ts";
import { vectorRequest } from "../report/states.ts";
import { give, noBrowser, open, settled, VERDICT, withBrowser } from "./browser.ts";

Deno.test({
  name: "The page verifies its sample and an audit bundle, asks nobody, and takes text as text",
  ignore: noBrowser,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      await page.focus("#sample");
      await page.keyboard.press("Enter");
      await page.locator(VERDICT, { hasText: "Lab-trusted" }).waitFor();
      assert.match(await page.textContent("#status") ?? "", /^Verdict: Lab-trusted\. /);
      assert.equal(await page.evaluate("document.activeElement.id"), "outcome");
      await page.click("#bend");
      await page.locator(VERDICT, { hasText: "Rejected" }).waitFor();
      assert.ok(await page.getByText("snp.signature_mismatch").count() > 0);

      const request = await vectorRequest("azure-sev-snp/join");
      const bundle = writeBundle(request, await examine(request), { casemate: "0.1.0" });
      await page.click("#clear");
      await give(page, [{ name: "kept.json", bytes: bundle }]);
      // Whoever writes a bundle could call any root a lab's.
      assert.match(await page.textContent("#outcome") ?? "", /no lab is accepted/);
      await page.click("input[data-root]");
      await page.locator(VERDICT, { hasText: "Lab-trusted" }).waitFor();
      assert.ok(await page.getByText("Only the word of who gave it").count() > 0);

      // What was changed in the bundle's result shows.
      const text = new TextDecoder().decode(bundle);
      const bent = text.replace('"verdict":"lab-trusted"', '"verdict":"trusted"');
      await page.click("#clear");
      await give(page, [{ name: "bent.json", bytes: new TextEncoder().encode(bent) }]);
      await page.click("input[data-root]");
      await settled(page);
      assert.match(await page.textContent("#outcome") ?? "", /verified again it is "lab-trusted"/);

      const hostile = `<img src=x onerror=alert(1)><script>alert(2)</script>"'>`;
      await page.click("#clear");
      await give(page, [{
        name: `${hostile}.bin`,
        bytes: new TextEncoder().encode(`${hostile} \u202e`),
      }]);
      assert.equal(await page.locator("#files img, #files script, #outcome img").count(), 0);
      assert.ok((await page.textContent("#given") ?? "").includes("<img src=x onerror=alert(1)>"));
      assert.deepEqual(complaints, []);
    }),
});

import assert from "node:assert/strict";
import { VARIANTS } from "../../src/evidence/variants/table.ts";
import { bashIn } from "./bash.ts";
import { agrees, masked } from "./compare.ts";
import { withKeptKeys } from "./keys.ts";
import { pageNames, PAGES } from "./pages.ts";
import { type Ran, runPage } from "./run_page.ts";

/** The page that runs in a real shell in each run of the tests; all do in the task `examples`. */
const SMOKE = "openstack.md";

const whole = Deno.env.get("CASEMATE_EXAMPLES") === "full";

function assertAgrees(name: string, ran: readonly Ran[]): void {
  for (const { step: { prints, line }, shown } of ran) {
    if (prints === undefined || agrees(shown, prints.text)) continue;
    assert.equal(masked(shown), masked(prints.text), `${name}:${line}`);
  }
  assert.ok(ran.some(({ step }) => step.prints !== undefined), "the page shows nothing");
}

for (const name of pageNames()) {
  Deno.test(`docs/examples/${name} does and prints what it says`, async () => {
    const page = await Deno.readTextFile(new URL(name, PAGES));
    assertAgrees(name, await withKeptKeys(() => runPage(page)));
  });
  Deno.test({
    name: `docs/examples/${name} does and prints it in a real shell`,
    ignore: !whole && name !== SMOKE,
    fn: async () => {
      const page = await Deno.readTextFile(new URL(name, PAGES));
      assertAgrees(name, await runPage(page, bashIn));
    },
  });
}

Deno.test("each variant has a page of examples", () => {
  const names = pageNames();
  assert.deepEqual(Object.keys(VARIANTS).filter((id) => !names.includes(`${id}.md`)), []);
});

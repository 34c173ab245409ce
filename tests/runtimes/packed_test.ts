/**
 * One suite in Deno, Node, workerd and Chromium, on the library as installed
 * from its tarball: what each says of each case is what the source says, byte for
 * byte. `deno task runtimes` asks everything, `deno task test` a share.
 */
import assert from "node:assert/strict";
import { npmToolIfThere } from "../../scripts/npm_tools.ts";
import { CHROMIUM } from "../packages/chromium.ts";
import { noCorpus } from "../corpus.ts";
import { FULL } from "./amount.ts";
import type { Answered } from "./answer.ts";
import { theQuestion } from "./asked.ts";
import { answerInChromium } from "./chromium.ts";
import { differences } from "./compare.ts";
import { PACKAGE, runtimesHome } from "./home.ts";
import { assertEnginesAgree, assertMeaningful } from "./meaning.ts";
import { answerInProcess } from "./process.ts";
import { assertPackage } from "./package_files.ts";
import { isHere, unlessMissing } from "./programs.ts";
import { answerInWorkerd } from "./workerd.ts";

/** What minted evidence comes to: that of SNP, TDX, a TPM, AWS, Azure. */
const MINTED: readonly string[] = Array<string>(5).fill("lab-trusted");

const wrangler = await npmToolIfThere("wrangler");
const npm = !await isHere("npm");
const noNode = { node: !await isHere("node"), npm };

/** Every answer is the source's; the odd one, and it alone, is found not to be. */
async function assertSame(runtime: string, { texts, minted }: Answered): Promise<void> {
  const { answers, labels, odd } = await theQuestion();
  const found = differences(runtime, texts, [odd.text, ...answers], [odd.label, ...labels]);
  assert.equal(
    found[0],
    `${odd.label}: in ${runtime}, examined.verdict is "rejected", expected "lab-trusted"`,
  );
  assert.deepEqual(found.slice(1), []);
  assert.deepEqual(minted, MINTED);
}

Deno.test({
  ...unlessMissing("the packed library names no runtime and needs no other package", { npm }),
  fn: async () => await assertPackage(`${await runtimesHome()}/${PACKAGE}`),
});

Deno.test("the suite meets every kind of end, and engines agree on it", async () => {
  const question = await theQuestion();
  assertMeaningful(question);
  assertEnginesAgree(question);
  const fewest = (FULL ? 1000 : 300) + (noCorpus ? 0 : 13);
  assert.ok(question.answers.length > fewest, `${question.answers.length} answers`);
});

Deno.test({
  ...unlessMissing("Node gives what the source gives, byte for byte", noNode),
  fn: async () => await assertSame("Node", await answerInProcess("node", await runtimesHome())),
});

Deno.test({
  ...unlessMissing("Deno gives what the source gives, byte for byte", { npm }),
  fn: async () =>
    await assertSame("Deno", await answerInProcess(Deno.execPath(), await runtimesHome())),
});

Deno.test({
  ...unlessMissing("workerd gives what the source gives, byte for byte", {
    npm: wrangler === null,
  }),
  fn: async () => {
    if (wrangler === null) throw new Error("There is no workerd");
    const entries = FULL ? ["workerd", "main"] as const : ["workerd"] as const;
    const answered = await answerInWorkerd(wrangler, await runtimesHome(), entries);
    for (const one of answered) await assertSame("workerd", one);
  },
});

Deno.test({
  ...unlessMissing("Chromium gives what the source gives, byte for byte, and asks nobody else", {
    chromium: !await isHere(CHROMIUM),
    npm,
  }),
  fn: async () => await assertSame("Chromium", await answerInChromium(await runtimesHome())),
});

/**
 * Whoever types what a page, a remedy or an example of the help says is understood.
 *
 * @module
 */

import assert from "node:assert/strict";
import { allCodes } from "../../src/cli/code_table.ts";
import { FIRST_WORDS } from "../../src/cli/output/own_name.ts";
import { PAGES, ROOT } from "./pages.ts";
import config from "../../deno.json" with { type: "json" };
import { runCli } from "../cli/fake_host.ts";
import {
  commandPaths,
  examplesIn,
  type Line,
  linesOf,
  parse,
  shellBlocks,
  spans,
  unknownIn,
} from "./command_lines.ts";

/** All lines that are not understood, so that one run tells of all. */
async function misunderstood(lines: readonly Line[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const line of lines) {
    await parse(line).catch((error: Error) => wrong.push(`${line.text}: ${error.message}`));
  }
  return wrong;
}

Deno.test("every command line in the pages is one", async () => {
  let count = 0;
  for (const [name, page] of PAGES) {
    const lines = shellBlocks(page).flatMap(linesOf);
    assert.deepEqual(await misunderstood(lines), [], name);
    count += lines.length;
  }
  assert.ok(count > 150, `${count}`);
});

Deno.test("every command that a page mentions is one, with the flags that it names", async () => {
  let count = 0;
  for (const [name, page] of PAGES) {
    const mentions = spans(page).filter((span) => span.startsWith("casemate "));
    for (const mention of mentions) {
      const words = mention.split(" ").slice(1).flatMap((word) => word.split("|").slice(0, 1));
      assert.equal(await unknownIn(words), null, `${name}: ${mention}`);
    }
    count += mentions.length;
  }
  assert.ok(count > 100, `${count}`);
});

Deno.test("every command that a remedy names is one", async () => {
  let count = 0;
  for (const [code, { remedy }] of allCodes()) {
    for (const [, quote, rest = ""] of remedy.matchAll(/(`?)casemate ([^`;,.()]+)/g)) {
      const words = rest.trim().split(" ");
      // Without quotation marks the sentence may be about the program itself.
      if (quote === "" && !FIRST_WORDS.includes(words[0] ?? "")) continue;
      assert.equal(await unknownIn(words), null, `${code}: ${remedy}`);
      count++;
    }
  }
  assert.ok(count > 40, `${count}`);
});

Deno.test("every command that the program's own sentences name is one", async () => {
  let count = 0;
  for await (const [path, text] of sources()) {
    const code = text.replaceAll(/^\s*(?:\*|\/[/*]).*$/gm, "");
    for (const [, rest = ""] of code.matchAll(/casemate ([a-z-]+(?: [a-z-]+(?![\w./-]))*)/g)) {
      const words = rest.split(/ (?:or|and) /)[0]?.split(" ") ?? [];
      if (!FIRST_WORDS.includes(words[0] ?? "")) continue;
      assert.equal(await unknownIn(words), null, `${path}: casemate ${rest}`);
      count++;
    }
  }
  assert.ok(count > 150, `${count}`);
});

/** Sources of what the program says, without labels of what the lab makes up. */
async function* sources(folder = "src/"): AsyncGenerator<readonly [string, string]> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}${name}`;
    if (isDirectory && path !== "src/lab") yield* sources(`${path}/`);
    else if (/(?<!_test|\/codes)\.ts$/.test(path)) {
      yield [path, await Deno.readTextFile(new URL(path, ROOT))];
    }
  }
}

Deno.test("every example in the help of a command is a command line", async () => {
  const helps = await Promise.all(
    (await commandPaths()).map((path) => runCli([...path, "--help"], { width: 110 })),
  );
  const lines = helps.flatMap(({ out }) => examplesIn(out));
  assert.deepEqual(await misunderstood(lines), []);
  assert.ok(lines.length > 70, `${lines.length}`);
});

Deno.test("what is misspelt is told", async () => {
  const page = "```sh\ncasemate lab up --nmae x  # a lab\ncat x | casemate evidnce show -\n```\n";
  const lines = shellBlocks(page).flatMap(linesOf);
  assert.deepEqual(lines.map(({ words }) => words), [
    ["lab", "up", "--nmae", "x"],
    ["evidnce", "show", "-"],
  ]);
  assert.deepEqual((await misunderstood(lines)).map((told) => /did you mean .*/.exec(told)?.[0]), [
    "did you mean --name?",
    "did you mean evidence?",
  ]);
  assert.equal(await unknownIn(["lab", "stat"]), "stat");
  assert.equal(await unknownIn(["lab", "up", "--bent"]), "--bent");
  assert.equal(await unknownIn(["evidence", "show", "FILE", "-o", "json"]), null);
});

Deno.test("every task that a page names is one, and can be typed where no other Deno is", () => {
  for (const [name, page] of PAGES) {
    // From another folder the script is named by its path, and the checkout by `--cwd`.
    const typed = /(?:\.\.?\/(?:\w+\/)?scripts\/)?deno task (?:--cwd \S+ )?([a-z][a-z:-]*)/g;
    for (const [line, task = ""] of page.matchAll(typed)) {
      assert.ok(Object.hasOwn(config.tasks, task), `${name}: ${line}`);
      // Who works on the project knows of the script; who reads about it types what stands there.
      assert.ok(!/^(?:docs\/|README)/.test(name) || line.startsWith("."), `${name}: ${line}`);
    }
  }
});

/**
 * Links of the pages lead somewhere.
 *
 * @module
 */

import assert from "node:assert/strict";
import { PAGES, ROOT } from "./pages.ts";

/** Text without blocks of code, in which nothing is a link. */
function prose(page: string): string {
  return page.replaceAll(/^```.*\n[^]*?^```$/gm, "");
}

/** The anchor of a heading. */
function anchorOf(heading: string): string {
  return heading.trim().toLowerCase().replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "").replaceAll(" ", "-");
}

function anchorsIn(page: string): readonly string[] {
  return [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

/** What is wrong with a link of a page; null where nothing is. */
async function problemOf(path: string, link: string): Promise<string | null> {
  const url = new URL(link, new URL(path, ROOT));
  if (url.protocol !== "file:") return null;
  const anchor = decodeURIComponent(url.hash.slice(1));
  url.hash = "";
  const info = await Deno.stat(url).catch(() => null);
  if (info === null) return `${path}: there is no ${link}`;
  if (anchor === "") return null;
  const known = anchorsIn(await Deno.readTextFile(url));
  return known.includes(anchor) ? null : `${path}: there is no heading for ${link}`;
}

Deno.test("every link of a page leads to a file, and to a heading of it", async () => {
  const problems: string[] = [];
  let count = 0;
  for (const [path, page] of PAGES) {
    for (const [, link = ""] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      const problem = await problemOf(path, link);
      if (problem !== null) problems.push(problem);
      count++;
    }
  }
  assert.deepEqual(problems, []);
  assert.ok(count > 250, `${count}`);
});

Deno.test("a link to nothing is noticed", async () => {
  assert.equal(await problemOf("docs/README.md", "nope.md"), "docs/README.md: there is no nope.md");
  assert.match(await problemOf("docs/node.md", "README.md#nope") ?? "", /no heading/);
  assert.equal(await problemOf("docs/node.md", "protocol.md"), null);
  assert.equal(anchorOf("Platforms: whose word it `rests` on"), "platforms-whose-word-it-rests-on");
});

Deno.test("every page of docs is found from docs/README.md, and from README.md", () => {
  const start = new Map(PAGES).get("docs/README.md") ?? "";
  const top = new Map(PAGES).get("README.md") ?? "";
  for (const [path] of PAGES) {
    const name = path.replace(/^docs\//, "");
    if (!path.startsWith("docs/") || name === "README.md") continue;
    assert.ok(start.includes(`](${name}`), `${path} is not in docs/README.md`);
    assert.ok(
      top.includes(path) || path.startsWith("docs/examples/"),
      `${path} is not in README.md`,
    );
  }
});

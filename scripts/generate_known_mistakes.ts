/**
 * Writes `docs/known_mistakes.md`: which mistakes of other verifiers are held
 * off, by which tests, found by their names.
 *
 * `--check` writes nothing and fails where the page is not what it would write.
 *
 * @module
 */

import { settle } from "./generated.ts";
import { type Mistake, TESTED, WAITING } from "./known_mistakes/table.ts";
import { findAllTests, type NamedTest } from "./known_mistakes/tests.ts";

const ROOT = new URL("../", import.meta.url);
const FOLDERS = ["src", "tests", "wasm/src", "wasm/tests"];

/** As `deno.json` has it. */
const LINE_WIDTH = 100;

const INTRODUCTION = `# Known mistakes

Verifiers of attestation evidence have made these mistakes. Each has a stable id, and each id that
concerns what exists here has tests whose names start with it. Beside each stand verifiers and tools
that were reported to fall for it, with the number of the report; many have mended it since. Where
two verifiers judge the same evidence differently, the files of deviations in \`tests/oracle\` say who
is right and why.

Written by \`scripts/generate_known_mistakes.ts\` from the tests' names.
`;

/**
 * The whole page.
 *
 * @param tests All tests that name a mistake.
 * @throws {Error} when a mistake has no test, or a test names no known mistake.
 */
export function renderPage(tests: readonly NamedTest[]): string {
  const known = TESTED.map(({ id }) => id);
  const stray = tests.find(({ id }) => !known.includes(id));
  if (stray !== undefined) {
    throw new Error(
      `${stray.path}: a test names ${stray.id}, which is not among the tested mistakes`,
    );
  }
  return [
    INTRODUCTION,
    renderSummary(tests),
    "## Tested\n",
    ...TESTED.map((mistake) => renderTested(mistake, tests)),
    "## Waiting for their part\n",
    ...WAITING.map(([part, mistakes]) => renderWaiting(part, mistakes)),
  ].join("\n");
}

/** All mistakes in one table. */
function renderSummary(tests: readonly NamedTest[]): string {
  const rows = TESTED.map(({ id, says, peers, waits }) => {
    const count = tests.filter((test) => test.id === id).length;
    const open = waits === undefined ? "" : ", in part";
    return `| [${id}](#${id.toLowerCase()}) | ${says} | ${count}${open} | ${namesOf(peers)} |`;
  });
  const waiting = WAITING.flatMap(([part, mistakes]) =>
    mistakes.map(({ id, says, peers }) =>
      `| ${id} | ${says} | waits for: ${part} | ${namesOf(peers)} |`
    )
  );
  return [
    "| Id | Mistake | Tests | Reported of |",
    "| --- | --- | --- | --- |",
    ...rows,
    ...waiting,
    "",
  ].join("\n");
}

function namesOf(peers: readonly string[]): string {
  return peers.length === 0 ? "nobody by name" : peers.join("; ");
}

function renderTested({ id, says, waits }: Mistake, tests: readonly NamedTest[]): string {
  const own = tests.filter((test) => test.id === id);
  if (own.length === 0) throw new Error(`${id} has no test`);
  const byPath = Map.groupBy(own, ({ path }) => path);
  const lines = [...byPath].flatMap(([path, found]) => [
    `- \`${path}\``,
    ...found.map((test) => wrapped(escape(test.says), "  - ")),
  ]);
  const open = waits === undefined ? [] : [wrapped(`Still open: ${waits}.`), ""];
  return [`### ${id}`, "", wrapped(`${says}.`), "", ...open, ...lines, ""].join("\n");
}

function renderWaiting(part: string, mistakes: readonly Mistake[]): string {
  const lines = mistakes.map(({ id, says }) => wrapped(`**${id}** ${says}`, "- "));
  return [`### ${part}`, "", ...lines, ""].join("\n");
}

/** Text in lines of the project's width; lines after the first stand below the text of the first. */
function wrapped(text: string, start = ""): string {
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(" ")) {
    const longer = line.trim() === start.trim() ? `${line}${word}` : `${line} ${word}`;
    if (longer.length <= LINE_WIDTH) line = longer;
    else {
      lines.push(line);
      line = `${" ".repeat(start.length)}${word}`;
    }
  }
  return [...lines, line].join("\n");
}

/** Characters that Markdown would take for its own. */
function escape(text: string): string {
  return text.replaceAll(/[<>*_`[\]]/g, "\\$&");
}

if (import.meta.main) {
  const text = renderPage(await findAllTests(ROOT, FOLDERS));
  const file = { path: "docs/known_mistakes.md", text: `${text.trimEnd()}\n` };
  Deno.exit(await settle(ROOT, [file], Deno.args.includes("--check")) ? 0 : 1);
}

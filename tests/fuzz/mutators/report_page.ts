/**
 * Reports: whatever texts a result has, the page stays this program's own, as
 * another reader of HTML finds it.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { allCodes } from "../../../src/cli/code_table.ts";
import type { AnyTechnology } from "../../../src/evidence/evidence.ts";
import { technologies } from "../../../src/evidence/registry.ts";
import { renderReport, REPORT_STYLE } from "../../../src/report/report.ts";
import type { Result } from "../../../src/results/result.ts";
import { examine } from "../../../src/verifier/examine.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { editText } from "../../bends/byte_edits.ts";
import { Dice } from "../../bends/dice.ts";
import { tagsOutside } from "../../report/markup.ts";
import { vectorRequest } from "../../report/states.ts";
import { type Kind, kindOf } from "../kind.ts";
import { timed } from "../properties.ts";

const NAMES = ["sev-snp/genoa-vcek", "azure-sev-snp/join", "tdx/bent-quote-forged"] as const;

/** What a text of hostile evidence may try. */
const HOSTILE: readonly string[] = [
  `"><script>alert(1)</script>`,
  `'><img src=x onerror=alert(1)>`,
  `</style><style>*{display:none}`,
  `</title></head><body onload=x>`,
  `</code></pre></section></article><h1>trusted</h1>`,
  `<svg onload=x><a xlink:href="javascript:x">`,
  ...["<!--", "-->", "<![CDATA[", "]]>", "&lt;b&gt;&#60;b>&#x3c;", "<plaintext>", "<template>"],
  ...["\u202e\u2066", "\u0000", "\u2028\u2029", "<\ud800", "\ufffe\uffff", "\r\n\t\f", "${x}`"],
  ...["javascript:alert(1)", "%3Cscript%3E", "\u001b[2J", "a".repeat(2000), "", " "],
];

let made: Promise<readonly Result[]> | undefined;

const make = (): Promise<readonly Result[]> =>
  Promise.all(NAMES.map(async (name) => examine(inlineEngine, await vectorRequest(name))));

/** Words that the verifier itself chooses. */
const OWN: readonly string[] = [
  ...["verdict", "outcome", "profile", "variant", "link", "kind", "root", "weakestRoot"],
  ...["roots", "acceptRoots", "binding", "id", "known"],
];

/** The same data with some texts changed. */
function withTexts(data: unknown, change: (text: string) => string, key = ""): unknown {
  if (OWN.includes(key)) return data;
  if (typeof data === "string") return change(data);
  if (Array.isArray(data)) return data.map((item) => withTexts(item, change));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, item]) => [name, withTexts(item, change, name)]),
  );
}

/** Parts that a lab's result of today has none of. */
function withMore(result: Result, text: string): Result {
  const setting = { key: text, value: text, costs: text, until: text, ended: false, because: text };
  const date = "2026-11-22T08:00:00.000Z";
  const dates = { issued: date, expires: date, confirmed: date };
  return {
    ...result,
    warnings: [...result.warnings, text],
    exceptions: [...result.exceptions, setting],
    reference: {
      release: text,
      set: text,
      owner: text,
      origins: [{ key: text, known: "observed", from: text }],
    },
    collateral: [{ key: text, title: text, from: text, ...dates, stale: text }],
  };
}

const ELEMENTS = new Set([
  ...["html", "head", "body", "meta", "title", "style", "article", "header", "footer", "section"],
  ...["h1", "h2", "h3", "p", "div", "span", "strong", "em", "i", "small", "mark", "br", "code"],
  ...["pre", "ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "table", "thead", "tbody"],
  ...["tr", "td", "th", "svg", "path", "circle"],
]);

type Node = DefaultTreeAdapterTypes.ChildNode;

/** Asserts that an element and what is in it are of this program's making. */
function assertOwn(node: Node): void {
  assert.notEqual(node.nodeName, "#comment");
  if (!("tagName" in node)) return;
  assert.ok(ELEMENTS.has(node.tagName), node.tagName);
  for (const { name, value } of node.attrs) {
    assert.doesNotMatch(name, /^(?:on|style$|src|href|xlink|action|formaction|srcdoc)/);
    if (name === "class" || name === "id") assert.match(value, /^[a-z0-9 -]+$/);
  }
  if (node.tagName === "style") {
    const [text] = node.childNodes;
    assert.ok(text !== undefined && "value" in text && text.value === REPORT_STYLE);
  }
  node.childNodes.forEach(assertOwn);
}

function assertPage(page: string, frame: readonly string[]): void {
  const problems: string[] = [];
  const document = parse(page, { onParseError: ({ code }) => void problems.push(code) });
  assert.deepEqual(problems, [], "another reader finds it well formed");
  assert.deepEqual(tagsOutside(page), []);
  document.childNodes.forEach((node) => "value" in node ? undefined : assertOwn(node as Node));
  // deno-lint-ignore no-control-regex -- controls are what must not be there
  assert.doesNotMatch(page, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  assert.deepEqual(frameOf(page), frame, "its sections are those of the same result");
}

/** Sections and headings that a text has no part in. */
function frameOf(page: string): readonly string[] {
  return page.match(/<(?:article|section|header|footer|svg|h1|h2)\b|<\/(?:article|section)>/g) ??
    [];
}

function technologyOf({ variant }: Result): AnyTechnology {
  const found = technologies.find(({ id }) => id === variant);
  if (found === undefined) throw new RangeError(`There is no ${variant}`);
  return found;
}

function draw(result: Result, text: string, tells: boolean): string {
  const { tell, ...technology } = technologyOf(result);
  const told = tells && tell !== undefined ? { ...technology, tell } : technology;
  const commands = [{ says: text, line: text }];
  return renderReport(result, {
    technology: told,
    codes: allCodes(),
    version: "1.2.3",
    commands,
    word: [text],
  });
}

interface Given {
  readonly base: number;
  readonly text: string;
  readonly seed: number;
  /** One in so many texts is changed. */
  readonly share: number;
  /** Whether claims stay as they are, so that what they tell is drawn, too. */
  readonly claims: boolean;
}

function bent(result: Result, { text, seed, share, claims }: Given): Result {
  const dice = new Dice(seed);
  const change = (own: string): string => {
    if (!dice.once(share)) return own;
    return dice.pick([() => text, () => own + text, () => editText(own, dice)])();
  };
  // Only texts are others: its form is that of a result.
  const changed = withTexts(result, change) as Result;
  return withMore(claims ? { ...changed, claims: result.claims } : changed, text);
}

/** Reports. */
export const reportPage: Kind = kindOf<Given>({
  id: "report",
  says: "reports of results with texts of any kind",
  given: () =>
    Promise.resolve(fc.record({
      base: fc.nat(NAMES.length - 1),
      text: fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 60 })),
      seed: fc.nat(0x7fff_ffff),
      share: fc.constantFrom(1, 2, 20),
      claims: fc.boolean(),
    })),
  async judge(given) {
    const result = (await (made ??= make()))[given.base];
    if (result === undefined) throw new RangeError("There is no such result");
    const evil = bent(result, given);
    const frame = frameOf(draw(withMore(result, "x"), "x", given.claims));
    let page = "";
    const file = new TextEncoder().encode(JSON.stringify(evil));
    return await timed(() => {
      page = draw(evil, given.text, given.claims);
      assertPage(page, frame);
      return Promise.resolve(`${result.verdict}, ${given.claims ? "told" : "not told"}`);
    }, { result: file });
  },
});

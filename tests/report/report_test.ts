import assert from "node:assert/strict";
import fc from "fast-check";
import { examine, type Result } from "../../mod.ts";
import { toBase64 } from "../../src/core/bytes.ts";
import { plainHash } from "../../src/core/labelled_hash.ts";
import type { AnyTechnology } from "../../src/evidence/evidence.ts";
import { technologies } from "../../src/evidence/registry.ts";
import { allCodes } from "../../src/cli/code_table.ts";
import { drawReport, renderReport, REPORT_STYLE } from "../../src/report/report.ts";
import { tagsOutside } from "./markup.ts";
import { readStates, requestOf } from "./states.ts";
import { readVectors } from "../vectors.ts";

const states = await readStates();

function optionsFor(result: Result, line = "casemate audit verify audit.json") {
  const technology: AnyTechnology | undefined = technologies.find(({ id }) =>
    id === result.variant
  );
  assert.ok(technology, result.variant);
  return { technology, codes: allCodes(), version: "1.2.3", commands: [{ says: "Again", line }] };
}

function pageOf(result: Result): string {
  return renderReport(result, optionsFor(result));
}

for (const { name, result } of states) {
  Deno.test(`a report of ${name} says what the result says, risks first and findings last`, () => {
    const page = pageOf(result);
    const at = (text: string): number => page.indexOf(text);

    assert.ok(at('class="verdict') > 0);
    for (const { key } of result.exceptions) {
      if (at(`<code>${key}`) > 0) assert.ok(at(`<code>${key}`) < at('class="verdict'));
    }
    assert.equal(page.includes('class="risks"'), result.warnings.length > 0);
    assert.equal(page.includes('class="lab"'), result.roots.includes("lab"));
    assert.ok(
      at('class="verdict') < at('class="chain"') && at('class="chain"') < at("All findings"),
    );
    for (const { id } of result.findings) assert.ok(at(`<code>${id}</code>`) > 0, id);
    assert.equal(page.includes("This proves"), result.verdict === "trusted");
    assert.ok(page.includes(result.digests.policy.slice(0, 8)));
  });

  Deno.test(`a report of ${name} loads nothing, runs nothing and is well formed`, () => {
    const page = pageOf(result);
    const style = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? "";

    assert.deepEqual(tagsOutside(page), []);
    assert.doesNotMatch(
      page,
      /<(?:script|link|iframe|object|embed|form)\b|\b(?:src|href|on[a-z]+|style)=/,
    );
    assert.doesNotMatch(style, /url\(|@import|expression|</);
    const digest = toBase64(plainHash("sha256", new TextEncoder().encode(style)));
    assert.ok(page.includes(`default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;`));
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
  });
}

/** What a text of hostile evidence may try. */
const HOSTILE = [
  `"><script>alert(1)</script>`,
  `'><img src=x onerror=alert(1)>`,
  `</style><style>*{display:none}`,
  `</title></head><body onload=x>`,
  `<!-- `,
  `&lt;b&gt;&#60;b>`,
  "\u202e\u0000\u2028<\ud800",
  "javascript:alert(1)",
];

/** The same data with every text changed, but the words that the verifier itself chooses. */
function withTexts(data: unknown, change: (text: string) => string, key = ""): unknown {
  const own = ["verdict", "outcome", "profile", "variant", "link", "kind", "root", "weakestRoot"];
  if (own.includes(key) || ["roots", "acceptRoots", "binding", "id"].includes(key)) return data;
  if (typeof data === "string") return change(data);
  if (Array.isArray(data)) return data.map((item) => withTexts(item, change));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, item]) => [
      key === "claims" ? change(name) : name,
      withTexts(item, change, name),
    ]),
  );
}

Deno.test("no text of a result can become markup", () => {
  const texts = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 20 }));
  fc.assert(
    fc.property(fc.constantFrom(...states), texts, fc.boolean(), ({ result }, text, whole) => {
      const change = (own: string): string => whole ? text : own + text;
      const evil: unknown = withTexts(result, change);
      // Only texts were changed; what the evidence tells is read from claims of one form.
      const { technology, ...rest } = optionsFor(result, text);
      const { tell: _, ...quiet } = technology;
      const page = renderReport(evil as Result, { technology: quiet, ...rest, word: [text] });
      assert.deepEqual(tagsOutside(page), []);
      // deno-lint-ignore no-control-regex -- controls are what must not be there
      assert.doesNotMatch(page, /[\u0000-\u0009\u000b-\u001f\u202e\u2028]/);
    }),
    { numRuns: 16 },
  );
});

/** Selectors of a rule, without those inside of brackets. */
function selectorsIn(list: string): readonly string[] {
  let depth = 0;
  const marked = [...list].map((sign) => {
    depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
    return sign === "," && depth === 0 ? "\n" : sign;
  });
  return marked.join("").split("\n").map((one) => one.trim()).filter((one) => one !== "");
}

Deno.test("a report can stand in another page: one element, whose style reaches nothing else", () => {
  const [state] = states;
  assert.ok(state);
  const part = drawReport(state.result, optionsFor(state.result)).toString();
  assert.match(part, /^<article class="casemate-report">[^]*<\/article>$/);
  const screens = REPORT_STYLE.replace(/@page\{.*\}\}/, "").replaceAll(/@media[^{]*\{/g, "");
  const rules = screens.split("}");
  assert.ok(rules.length > 100);
  for (const rule of rules) {
    const [selector = ""] = rule.split("{");
    for (const one of selectorsIn(selector)) {
      assert.match(
        one,
        /^(?:\.casemate-report|body:has\(>\.casemate-report\)|:root:has\(>body>\.casemate-report\))/,
        one,
      );
    }
  }
});

Deno.test("a report of every technology names each finding and each part of the chain", async () => {
  for (const { id, facts } of technologies) {
    const vector = (await readVectors(id)).find(({ code }) => code === null);
    assert.ok(vector, id);
    const page = pageOf(await examine(requestOf(id, vector)));
    const parts = facts === undefined ? [] : ["Silicon", "Firmware", "Node", "Cluster"];
    for (const part of parts) assert.match(page, new RegExp(`<h3>${part}[ ,]`), `${id} ${part}`);
    assert.deepEqual(tagsOutside(page), [], id);
  }
});

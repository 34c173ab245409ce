import assert from "node:assert/strict";
import { escaped, markup } from "./markup.ts";

Deno.test("markup`` escapes texts and keeps markup", () => {
  const inner = markup`<b>${"<&>\"'"}</b>`;
  assert.equal(String(inner), "<b>&lt;&amp;&gt;&quot;&#39;</b>");
  assert.equal(
    String(markup`<p>${[inner, 7, null, ["x<"]]}</p>`),
    `<p>${inner}7x&lt;</p>`,
  );
});

Deno.test("escaped() makes controls and turned text visible", () => {
  assert.equal(escaped("a\u202eb\u0000\ud800"), "a\\u202eb\\u0000\ufffd");
});

Deno.test("markup`` takes nothing that only looks like markup or text", () => {
  const fakes: readonly unknown[] = [{ toString: () => "<script>" }, { map: () => [] }, undefined];
  for (const fake of fakes) {
    // As a caller that is not typed could have it.
    const list = [fake] as readonly string[];
    assert.throws(() => markup`${list}`, TypeError);
  }
});

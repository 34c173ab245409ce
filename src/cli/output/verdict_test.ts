import assert from "node:assert/strict";
import type { Finding } from "../../evidence/finding.ts";
import type { Result } from "../../results/result.ts";
import { renderResult, type VerdictOptions } from "./verdict.ts";

const options: VerdictOptions = {
  technology: {
    proves: {
      yes: [{ says: "it runs", needs: ["x.step"], otherwise: "that it runs" }],
      no: ["it stays"],
    },
  },
  codes: new Map([[
    "x.bad",
    { class: "rejected", check: "x.a", says: "It is bad", remedy: "Mend it" },
  ]]),
  terminal: { width: 80, colour: false },
};

function result(change: Partial<Result>): Result {
  return {
    v: 1,
    variant: "x",
    profile: "full",
    verdict: "trusted",
    outcome: null,
    weakestRoot: "amd",
    roots: ["amd"],
    acceptRoots: ["amd"],
    code: null,
    says: "Confidential, rooted in AMD",
    warnings: [],
    exceptions: [],
    digests: { evidence: "", policy: "", reference: null },
    nonce: null,
    reference: null,
    collateral: [],
    binding: "caller-supplied",
    time: "2026-11-21T12:00:00.000Z",
    findings: [],
    statement: null,
    claims: {},
    ...change,
  };
}

function finding(id: string, change: Partial<Finding>): Finding {
  return {
    id,
    title: `Check ${id}`,
    link: "evidence",
    kind: "match",
    required: true,
    expected: null,
    actual: null,
    root: "amd",
    source: "rule",
    code: null,
    ...change,
  };
}

Deno.test("renderResult() names every root that is needed", () => {
  const roots = ["amd", "provider"] as const;
  const text = renderResult(result({ roots, weakestRoot: "provider" }), options);
  assert.match(text, /\n {2}weakest root {4}provider \(the cloud provider's word\)\n/);
  assert.match(text, /\n {2}all roots {7}amd, provider\n/);
});

Deno.test("renderResult() says what a trusted verdict proves, and what not", () => {
  const text = renderResult(result({ findings: [finding("x.step", {})] }), options);

  assert.match(text, /^TRUSTED\nConfidential, rooted in AMD\.\n {2}weakest root {4}amd\n/);
  assert.match(text, /This proves\n {2}\+ it runs\n\nThis does not prove\n {2}- it stays\n$/);
});

Deno.test("renderResult() claims nothing that rests on a check which was not done", () => {
  for (const findings of [[], [finding("x.step", { kind: "unchecked", required: false })]]) {
    const text = renderResult(result({ findings }), options);

    assert.doesNotMatch(text, /\+ it runs/);
    assert.match(text, /This does not prove\n {2}- that it runs\n {2}- it stays\n$/);
  }
});

Deno.test("renderResult() puts an accepted risk before the verdict", () => {
  assert.match(
    renderResult(result({ warnings: ["Keys can be extracted"] }), options),
    /^! Keys can be extracted\nTRUSTED\n/,
  );
});

Deno.test("renderResult() never says that another verdict proves anything", () => {
  for (const verdict of ["rejected", "unavailable", "platform-only"] as const) {
    assert.doesNotMatch(renderResult(result({ verdict }), options), /proves/);
  }
  assert.match(
    renderResult(
      result({ verdict: "lab-trusted", weakestRoot: "lab", findings: [finding("x.step", {})] }),
      options,
    ),
    /On real hardware this would prove/,
  );
  assert.doesNotMatch(
    renderResult(result({ verdict: null, outcome: "genuine" }), options),
    /prove|TRUSTED/,
  );
});

Deno.test("renderResult() tells the deciding problem first, each with what to do", () => {
  const findings = [
    finding("x.b", { kind: "unchecked", code: "x.other" }),
    finding("x.a", { kind: "mismatch", code: "x.bad", expected: "one", actual: "two" }),
    finding("x.c", { kind: "unchecked", required: false, actual: "three" }),
  ];
  const text = renderResult(
    result({ verdict: "rejected", code: "x.bad", says: "Refused: it is bad", findings }),
    options,
  );

  assert.match(
    text,
    /✘ Check x\.a\n {4}expected {2}one\n {4}actual {4}two\n {4}do {8}Mend it\n {4}code {6}x\.bad\n\n○ Check x\.b: not checked\n {4}code {6}x\.other\n/,
  );
  assert.match(text, /Not checked\n {2}○ Check x\.c {2}three\n/);
});

import assert from "node:assert/strict";
import type { Finding, Link } from "../../evidence/finding.ts";
import { styleOf } from "./style.ts";
import { trustTree } from "./trust_tree.ts";

const page = { width: 80, style: styleOf(false) };

function finding(id: string, link: Link, change: Partial<Finding> = {}): Finding {
  const plain = { title: id, kind: "match", required: true, expected: null, actual: null } as const;
  return { id, link, ...plain, root: "amd", source: "rule", code: null, ...change };
}

Deno.test("trustTree() nests root, chain, key, evidence, platform and guest", () => {
  const findings = [
    finding("x.report", "evidence"),
    finding("x.root", "root"),
    finding("x.chain", "chain"),
    finding("x.leaf", "key"),
    finding("x.tcb", "platform", { actual: "7" }),
    finding("x.measurement", "guest"),
    finding("trust.root", "root"),
  ];

  assert.deepEqual(trustTree(findings, null, page), [
    "  ✔ Root",
    "  │  ✔ x.root      rule",
    "  │  ✔ trust.root  rule",
    "  └─ ✔ Chain",
    "     │  ✔ x.chain  rule",
    "     └─ ✔ Key",
    "        │  ✔ x.leaf  rule",
    "        └─ ✔ Evidence",
    "           │  ✔ x.report  rule",
    "           └─ ✔ Platform",
    "              │  ✔ x.tcb  7",
    "              └─ ✔ Guest",
    "                    ✔ x.measurement  rule",
  ]);
});

Deno.test("trustTree() gives a link the worst sign of its checks, and a guest that was not reached an open one", () => {
  const findings = [
    finding("x.root", "root"),
    finding("x.chain", "chain", { kind: "mismatch", code: "x.bad" }),
    finding("x.leaf", "key", { kind: "unchecked" }),
  ];

  assert.deepEqual(
    trustTree(findings, null, page).filter((line) => !line.includes("x.")).map((line) =>
      line.trim()
    ),
    [
      "✔ Root",
      "└─ ✘ Chain",
      "└─ ○ Key",
      "└─ ○ Guest  not examined",
    ],
  );
});

Deno.test("trustTree() leaves out what nobody asked for, never a mismatch", () => {
  const text = trustTree(
    [
      finding("x.root", "root"),
      finding("x.quiet", "guest", { kind: "unchecked", required: false }),
      finding("x.loud", "guest", { kind: "mismatch", required: false }),
    ],
    null,
    page,
  ).join("\n");

  assert.ok(!text.includes("x.quiet"));
  assert.ok(text.includes("✘ x.loud"));
});

Deno.test("trustTree() begins with the files where they could not be read", () => {
  const lines = trustTree(
    [finding("evidence.encoding", "files", { kind: "mismatch", code: "x.bad" })],
    null,
    page,
  );

  assert.deepEqual(lines.slice(0, 2), ["  ✘ Files", "  │  ✘ evidence.encoding  see above"]);
});

import assert from "node:assert/strict";
import type { Finding } from "../evidence/finding.ts";
import type { Result } from "../results/result.ts";
import { bestOf, type Judged } from "./sets.ts";

function judged(
  set: string,
  verdict: NonNullable<Result["verdict"]>,
  kinds: readonly Finding["kind"][],
  required = true,
): Judged {
  const findings = kinds.map((kind, i): Finding => ({
    id: `a.${i}`,
    title: "A check",
    link: "guest",
    kind,
    required,
    expected: null,
    actual: null,
    root: "amd",
    source: "policy",
    code: null,
  }));
  const decision = { verdict, decisive: null, root: "amd", roots: ["amd"] } as const;
  return { candidate: { set, section: {}, runtime: null, origins: [] }, findings, decision };
}

const best = (first: Judged, ...more: readonly Judged[]): string | null =>
  bestOf([first, ...more]).candidate.set;

Deno.test("bestOf() takes the best verdict, then what fails least, then what is open least, then the first", () => {
  const failing = judged("failing", "rejected", ["mismatch", "match"]);
  const open = judged("open", "platform-only", ["unchecked", "unchecked"]);
  const lessOpen = judged("less open", "platform-only", ["unchecked", "match"]);
  const equal = judged("equal", "platform-only", ["match", "unchecked"]);
  const whole = judged("whole", "trusted", ["match"]);

  assert.equal(best(failing, open, whole), "whole");
  assert.equal(best(open, lessOpen), "less open");
  assert.equal(best(lessOpen, equal, open), "less open");
  assert.equal(best(equal, lessOpen), "equal");
  const worse = judged("worse", "rejected", ["mismatch", "mismatch"]);
  const alsoOpen = judged("also open", "rejected", ["mismatch", "unchecked"]);
  assert.equal(best(worse, alsoOpen, failing), "failing");
  assert.equal(best(worse, alsoOpen), "also open");
});

Deno.test("bestOf() counts required checks alone", () => {
  const aside = judged("aside", "rejected", ["mismatch", "unchecked"], false);
  assert.equal(best(judged("needed", "rejected", ["mismatch"]), aside), "aside");
});

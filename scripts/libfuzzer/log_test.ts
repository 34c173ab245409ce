import assert from "node:assert/strict";
import { join, NOTHING, readFigures, readFinding } from "./log.ts";

const GOOD = `INFO: Running with entropic power schedule (0xFF, 100).
#2	INITED cov: 2190 ft: 2191 corp: 1/24Kb exec/s: 0 rss: 47Mb
COST inputs 8192 accepted 210 held 3 total 2 time 5
#9000	REDUCE cov: 2305 ft: 4801 corp: 97/2131Kb lim: 262144 exec/s: 900 rss: 99Mb L: 1/2 MS: 1 Custom-
COST inputs 16384 accepted 480 held 4 total 2 time 9
#17000	DONE   cov: 2311 ft: 4822 corp: 99/2140Kb lim: 262144 exec/s: 850 rss: 99Mb
Done 17000 runs in 20 second(s)
stat::number_of_executed_units: 17000
`;

const BAD =
  `#9000	NEW    cov: 2305 ft: 4801 corp: 97/2131Kb lim: 1 exec/s: 900 rss: 99Mb L: 1/2 MS: 1 Custom-

thread '<unnamed>' (1) panicked at src/answer.rs:63:9:
snp.crl_scope: actual has a control character
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace
==17== ERROR: libFuzzer: deadly signal
`;

Deno.test("readFigures() takes the last of each figure", () => {
  const figures = readFigures(GOOD);
  assert.deepEqual(figures, { executions: 17000, edges: 2311, accepted: 480, shares: [4, 2, 9] });
});

Deno.test("readFigures() counts a run that broke off by its last line", () => {
  assert.equal(readFigures(BAD).executions, 9000);
  assert.deepEqual(readFigures(""), NOTHING);
});

Deno.test("readFinding() tells a panic by its words, and what is none by libFuzzer's", () => {
  assert.equal(readFinding(GOOD), undefined);
  const panic = "snp.crl_scope: actual has a control character (src/answer.rs:63:9)";
  assert.equal(readFinding(BAD), panic);
  const timeout = "==1== ERROR: libFuzzer: timeout after 10 seconds\n";
  assert.equal(readFinding(timeout), "timeout after 10 seconds");
});

Deno.test("readFinding() takes no run that was ended from outside for a finding", () => {
  assert.equal(readFinding("==1== libFuzzer: run interrupted; exiting\n"), undefined);
});

Deno.test("join() adds executions and keeps the most of what is a share", () => {
  const two = join({ executions: 1, edges: 5, accepted: 1, shares: [1, 9, 2] }, readFigures(GOOD));
  assert.deepEqual(two, { executions: 17001, edges: 2311, accepted: 481, shares: [4, 9, 9] });
});

import { deepEqual, equal } from "node:assert/strict";
import {
  type Count,
  readCargo,
  readDeno,
  readJunit,
  readLastLine,
  renderCount,
  sum,
} from "./gate/count.ts";
import { judgeStep, renderResult } from "./gate/run.ts";
import { settleTests } from "./test_summary.ts";

const count = (passed: number, failed: number, skipped: number): Count => ({
  passed,
  failed,
  skipped,
});

const JUNIT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="5" failures="2" errors="0" time="0.1">
    <testsuite name="./a_test.ts" tests="5" disabled="1" errors="0" failures="2">
        <testcase name="a" classname="./a_test.ts" time="0.001" line="1" col="6">
        </testcase>
        <testcase name="a &gt; step" classname="./a_test.ts" time="0.001" line="1" col="6"/>
        <testcase name="1 &gt; 0" classname="./a_test.ts" time="0.001" line="2" col="6"/>
        <testcase name="b" classname="./a_test.ts" time="0.001" line="3" col="6">
            <failure message="Uncaught AssertionError">no</failure>
        </testcase>
        <testcase name="b &gt; step" classname="./a_test.ts" time="0.001" line="3" col="6">
            <failure message="Uncaught AssertionError">no</failure>
        </testcase>
        <testcase name="c" classname="./a_test.ts" time="0.001" line="4" col="6">
            <skipped/>
        </testcase>
    </testsuite>
</testsuites>`;

Deno.test("readJunit() counts tests and not their steps", () => {
  deepEqual(readJunit(JUNIT), count(2, 1, 1));
});

Deno.test("readDeno() reads every form of the closing line", () => {
  const forms: readonly (readonly [line: string, count: Count])[] = [
    ["ok | 4 passed (3 steps) | 0 failed | 1 ignored (20ms)", count(4, 0, 1)],
    ["ok | 4 passed | 0 failed (20ms)", count(4, 0, 0)],
    ["ok | 4 passed | 0 failed | 2 filtered out (20ms)", count(4, 0, 0)],
    ["ok | 0 passed | 0 failed | 3 ignored (1 step) | 2 filtered out (1s)", count(0, 0, 3)],
    ["FAILED | 7 passed (64 steps) | 1 failed (2 steps) | 1 ignored (45ms)", count(7, 1, 1)],
    ["\x1b[31mFAILED\x1b[0m | 0 passed | 1 failed \x1b[38;5;245m(86ms)\x1b[0m", count(0, 1, 0)],
  ];
  for (const [line, expected] of forms) deepEqual(readDeno(`a\n${line}\n\nerror: b\n`), expected);
});

Deno.test("readDeno() does not take a line for another", () => {
  equal(readDeno("running 3 tests\nit is ok | 4 passed | 0 failed\n"), undefined);
});

Deno.test("readCargo() adds all test programs", () => {
  const line = (passed: number, ignored: number) =>
    `test result: ok. ${passed} passed; 0 failed; ${ignored} ignored; 0 measured; 0 filtered out; finished in 0.0s\n`;

  deepEqual(readCargo(`${line(3, 1)}\nDoc-tests\n${line(2, 0)}`), count(5, 0, 1));
  equal(readCargo("error: could not compile"), undefined);
});

Deno.test("readLastLine() reads the last line only", () => {
  deepEqual(
    readLastLine("1 passed, 0 failed, 0 skipped\na\n4 passed, 1 failed, 2 skipped\n\n"),
    count(4, 1, 2),
  );
  equal(readLastLine("1 passed, 0 failed, 0 skipped\nerror"), undefined);
  equal(readLastLine(""), undefined);
});

Deno.test("settleTests() believes a run only where all agree", () => {
  const ok = "ok | 2 passed | 0 failed | 0 ignored (1ms)";
  const one = `<testcase name="a" classname="./a_test.ts"/>`;
  const two = `${one}<testcase name="b" classname="./a_test.ts"/>`;

  deepEqual(settleTests(0, ok, two), { count: count(2, 0, 0) });
  deepEqual(settleTests(0, ok, one).count, count(1, 1, 0));
  deepEqual(settleTests(0, ok, undefined).count, count(0, 1, 0));
  deepEqual(settleTests(0, "", two).count, count(0, 1, 0));
  deepEqual(settleTests(1, ok, two).count, count(2, 1, 0));
  deepEqual(settleTests(0, "ok | 0 passed | 0 failed (0ms)", "").count, count(0, 1, 0));
});

Deno.test("judgeStep() counts a failing check as one failure and a good one as none", () => {
  deepEqual(judgeStep({ task: "lint" }, 0, ""), { ok: true, count: count(0, 0, 0) });
  deepEqual(judgeStep({ task: "lint" }, 1, ""), { ok: false, count: count(0, 1, 0) });
});

Deno.test("judgeStep() fails a runner that says nothing, ran nothing, or contradicts its exit code", () => {
  const step = { task: "test", count: readLastLine };

  deepEqual(judgeStep(step, 0, "3 passed, 0 failed, 1 skipped"), {
    ok: true,
    count: count(3, 0, 1),
  });
  deepEqual(judgeStep(step, 0, "3 passed, 2 failed, 1 skipped"), {
    ok: false,
    count: count(3, 2, 1),
  });
  deepEqual(judgeStep(step, 1, "3 passed, 0 failed, 1 skipped"), {
    ok: false,
    count: count(3, 1, 1),
  });
  deepEqual(judgeStep(step, 0, "0 passed, 0 failed, 4 skipped"), {
    ok: false,
    count: count(0, 1, 4),
  });
  deepEqual(judgeStep(step, 0, "all is well"), { ok: false, count: count(0, 1, 0) });
});

Deno.test("sum() and renderCount() give the last line of a run", () => {
  equal(renderCount(sum([count(1, 2, 3), count(4, 5, 6)])), "5 passed, 7 failed, 9 skipped");
  equal(renderCount(sum([])), "0 passed, 0 failed, 0 skipped");
});

Deno.test("renderResult() names step, time and tests", () => {
  const result = { task: "test", ok: true, count: count(1, 0, 0), seconds: 1.25 };

  equal(renderResult(result), "== ok   test               1.3 s  1 passed, 0 failed, 0 skipped");
});

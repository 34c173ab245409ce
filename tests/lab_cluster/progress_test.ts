import assert from "node:assert/strict";
import { createProgress } from "../../src/cli/lab_cluster/progress.ts";
import { InputError } from "../../src/core/errors.ts";

/** A terminal that keeps what is written, and a clock that moves by hand. */
function terminal(live: boolean) {
  const written: string[] = [];
  const time = { now: Date.parse("2026-11-21T12:00:00Z") };
  const host = {
    terminal: {
      out: (text: string) => void written.push(text),
      err: () => {},
      colour: false,
      width: 60,
    },
    clock: { now: () => new Date(time.now) },
    timer: { wait: () => new Promise<void>(() => {}) },
    live,
  };
  return { host, written, time };
}

Deno.test("without a terminal each step is one line once it ended, with its time", async () => {
  const { host, written, time } = terminal(false);
  const progress = createProgress(host, "text");

  await progress.step("etcd", (say) => {
    say("listens");
    time.now += 1234;
    return Promise.resolve();
  });
  await assert.rejects(progress.step("TPMs", () => Promise.reject(new Error("no"))));

  assert.deepEqual(written, [
    `${"  ✔ etcd  listens".padEnd(55)}1.2 s\n`,
    `${"  ✘ TPMs".padEnd(55)}0.0 s\n`,
  ]);
});

Deno.test("lines fit the terminal, whatever a step says", async () => {
  const { host, written } = terminal(false);
  const progress = createProgress(host, "text");

  await progress.step("a title that is long", (say) => Promise.resolve(say("x y ".repeat(40))));
  await progress.step("t".repeat(90), () => Promise.resolve());

  for (const line of written) assert.ok(line.length <= 60 + 1, JSON.stringify(line));
});

Deno.test("what a step says cannot write to the terminal by itself", async () => {
  const { host, written } = terminal(false);

  await createProgress(host, "text").step("t", (say) => Promise.resolve(say("\x1b[2Jcleared")));

  assert.ok(!written.join("").includes("\x1b"));
});

Deno.test("in a terminal the lines of what is under way are written anew below what ended", async () => {
  const { host, written } = terminal(true);
  const progress = createProgress(host, "text");
  const ends: (() => void)[] = [];
  const steps = ["one", "two"].map((title) =>
    progress.step(title, () => new Promise<void>((end) => ends.push(end)))
  );

  ends[1]?.();
  await steps[1];
  ends[0]?.();
  await steps[0];
  progress.end();

  // Two lines up, and both written again: the one that ended stays above.
  const [, , second = "", third = ""] = written;
  assert.ok(second.startsWith("\x1b[2F\x1b[J"));
  assert.match(second.slice("\x1b[2F\x1b[J".length), /^ {2}✔ two .*\n {2}. one .*\n$/);
  assert.ok(third.startsWith("\x1b[1F\x1b[J"));
  assert.match(third.slice("\x1b[1F\x1b[J".length), /^ {2}✔ one .*\n$/);
});

Deno.test("for programs each event is an object a line, with the code of what failed", async () => {
  const { host, written } = terminal(true);
  const progress = createProgress(host, "json");
  const failure = new InputError("no", { code: "lab.name" });

  await progress.step("one", () => Promise.resolve());
  await assert.rejects(progress.step("two", () => Promise.reject(failure)));
  progress.event("up", { verdict: "lab-trusted" });

  const events = written.map((line) => JSON.parse(line));
  assert.ok(written.every((line) => line.indexOf("\n") === line.length - 1));
  assert.deepEqual(events.map(({ event, step, code }) => [event, step, code]), [
    ["begun", "one", undefined],
    ["done", "one", undefined],
    ["begun", "two", undefined],
    ["failed", "two", "lab.name"],
    ["up", undefined, undefined],
  ]);
});

Deno.test("in a terminal no more lines are written anew than it shows", async () => {
  const { host, written } = terminal(true);
  const progress = createProgress(host, "text");
  let end = (): void => {};
  const until = new Promise<void>((resolve) => end = resolve);
  const steps = Array.from({ length: 40 }, (_, at) => progress.step(`vm-${at}`, () => until));

  const lines = (written.at(-1) ?? "").split("\n");
  assert.ok(lines.length < 20, `${lines.length} lines`);
  assert.match(lines.at(-2) ?? "", /24 more/);
  end();
  await Promise.all(steps);
  assert.equal(written.join("").match(/✔/g)?.length, 40);
});

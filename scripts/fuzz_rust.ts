/**
 * Fuzzes the engine: `deno task fuzz:rust`, see `wasm/fuzz/README.md`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { build, measureGrowth, tryFixed } from "./libfuzzer/build.ts";
import { fuzz, reproduce, type Result, TARGETS } from "./libfuzzer/target.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fixed: { type: "boolean" },
    growth: { type: "boolean" },
    minutes: { type: "string", default: "5" },
    reproduce: { type: "string" },
  },
});
const unknown = positionals.find((name) => !TARGETS.includes(name));
if (unknown !== undefined) throw new TypeError(`${unknown} is none of ${TARGETS.join(", ")}`);

if (values.fixed === true) {
  await tryFixed();
} else if (values.growth === true) {
  await measureGrowth();
} else if (values.reproduce !== undefined) {
  await show(values.reproduce, positionals);
} else {
  await fuzzAll(positionals.length > 0 ? positionals : TARGETS, Number(values.minutes));
}

async function show(file: string, [target]: readonly string[]): Promise<void> {
  if (target === undefined) throw new TypeError("--reproduce needs a file and a target");
  await build();
  const finding = await reproduce(target, file);
  console.log(finding ?? "nothing is wrong");
  Deno.exitCode = finding === undefined ? 0 : 1;
}

async function fuzzAll(targets: readonly string[], minutes: number): Promise<void> {
  if (!(minutes > 0)) throw new RangeError("--minutes is the time of each target, above 0");
  await build();
  const results: Result[] = [];
  for (const target of targets) {
    const result = await fuzz(target, minutes * 60);
    results.push(result);
    console.log(line(result));
    for (const [finding, file] of result.findings) console.log(`  ${finding}\n    ${file}`);
  }
  const sum = (of: (result: Result) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const found = sum(({ findings }) => findings.size);
  console.log(`${sum(({ executions }) => executions)} executions, ${found} findings`);
  Deno.exitCode = found === 0 ? 0 : 1;
}

/** One line of figures. */
function line(result: Result): string {
  const { target, executions, seconds, edges, accepted, findings } = result;
  const [held, total, time] = result.shares;
  return `${target.padEnd(22)} ${executions} executions in ${
    seconds.toFixed(0)
  } s, ${edges} edges, ` +
    `${accepted} accepted, ${findings.size} findings; of the bounds ${held} % held, ` +
    `${total} % asked for, ${time} % time`;
}

/**
 * The gate: every change passes it before it lands. Stops at the first step
 * that fails.
 *
 * @module
 */
import { renderCount, sum } from "./gate/count.ts";
import { renderResult, runSteps } from "./gate/run.ts";
import { GATE } from "./gate/steps.ts";

const results = await runSteps(GATE, false);
console.log(`\n${results.map(renderResult).join("\n")}`);
const failed = results.find(({ ok }) => !ok);
if (failed !== undefined) {
  console.log(`FAILED at ${failed.task}; \`./scripts/deno task ${failed.task}\` runs it alone`);
}
console.log(renderCount(sum(results.map(({ count }) => count))));
Deno.exit(failed === undefined ? 0 : 1);

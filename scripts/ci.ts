/**
 * The gate and all that a change need not wait for. Goes on after a failure,
 * so that one run shows all of them; `.ci/run` prepares the machine first.
 *
 * @module
 */
import { renderCount, sum } from "./gate/count.ts";
import { renderResult, runSteps } from "./gate/run.ts";
import { GATE, MORE } from "./gate/steps.ts";

const results = await runSteps([...GATE, ...MORE], true);
const seconds = results.reduce((total, result) => total + result.seconds, 0);
console.log(`\n${results.map(renderResult).join("\n")}\n== all took ${seconds.toFixed(0)} s`);
console.log(renderCount(sum(results.map(({ count }) => count))));
Deno.exit(results.every(({ ok }) => ok) ? 0 : 1);

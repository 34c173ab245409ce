/**
 * Runs `deno test` and ends with `N passed, N failed, N skipped`.
 *
 * The count is the one of the JUnit file and must agree with Deno's own
 * closing line. Fails if a test failed, if none passed, or if they disagree.
 * Types are not checked: the task `check` does, once for all.
 *
 * `deno run -A scripts/test_summary.ts [arguments of deno test]`
 *
 * @module
 */
import { type Count, NOTHING, readDeno, readJunit, renderCount, sameCount } from "./gate/count.ts";
import { runLogged } from "./gate/log.ts";

/**
 * What came of a run.
 *
 * @param code Exit code of `deno test`.
 * @param log What it printed.
 * @param junit Its JUnit file; undefined if there is none.
 * @returns The count, and a complaint where it is not to be believed.
 */
export function settleTests(
  code: number,
  log: string,
  junit: string | undefined,
): { readonly count: Count; readonly complaint?: string } {
  const said = readDeno(log);
  if (said === undefined || junit === undefined) {
    return { count: { ...NOTHING, failed: 1 }, complaint: "deno test did not come to its end" };
  }
  const count = readJunit(junit);
  if (!sameCount(said, count)) {
    const complaint = `the JUnit file counts ${renderCount(count)}, deno ${renderCount(said)}`;
    return { count: { ...count, failed: Math.max(count.failed, 1) }, complaint };
  }
  // For instance a leak or an error outside of any test.
  if (code !== 0 && count.failed === 0) {
    return { count: { ...count, failed: 1 }, complaint: `deno test ended with ${code}` };
  }
  if (count.passed === 0 && count.failed === 0) {
    return { count: { ...count, failed: 1 }, complaint: "no test ran" };
  }
  return { count };
}

/**
 * Runs `deno test`, shows what it prints, and says the count in a last line.
 *
 * @param args Its arguments.
 * @returns Exit code: 0 if tests ran and all held, else 1.
 */
export async function runTests(args: readonly string[]): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_junit_" });
  try {
    const path = `${folder}/junit.xml`;
    const { code, log } = await runLogged("deno", [
      "test",
      "--no-check",
      `--junit-path=${path}`,
      ...args,
    ]);
    const junit = await Deno.readTextFile(path).catch((error: unknown) => {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    });
    const { count, complaint } = settleTests(code, log, junit);
    if (complaint !== undefined) console.error(complaint);
    console.log(renderCount(count));
    return count.failed === 0 ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await runTests(Deno.args));

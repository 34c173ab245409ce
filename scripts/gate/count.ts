/**
 * How many tests a runner says it ran, read from what it printed.
 *
 * @module
 */

/** Tests by outcome. */
export interface Count {
  /** Ran and held. */
  readonly passed: number;
  /** Ran and did not hold. */
  readonly failed: number;
  /** Did not run, by the runner's own word. */
  readonly skipped: number;
}

/** No test at all. */
export const NOTHING: Count = { passed: 0, failed: 0, skipped: 0 };

// deno-lint-ignore no-control-regex
const COLOUR = /\x1b\[[\d;]*m/g;
const LINE = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;
const DENO =
  /^(?:ok|FAILED) \| (\d+) passed[^|]*\| (\d+) failed(?:[^|(]*\([^|]*steps?\))?([^\n]*)$/gm;
const CARGO =
  /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; (\d+) measured; \d+ filtered out/gm;
const TESTCASE =
  /<testcase name="([^"]*)" classname="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** `N passed, N failed, N skipped`. */
export function renderCount({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Counts together. */
export function sum(counts: readonly Count[]): Count {
  return counts.reduce((total, count) => ({
    passed: total.passed + count.passed,
    failed: total.failed + count.failed,
    skipped: total.skipped + count.skipped,
  }), NOTHING);
}

/**
 * Reads the last line of our own runners: `N passed, N failed, N skipped`.
 *
 * @param log What the runner printed.
 * @returns The count; undefined if the log ends otherwise.
 */
export function readLastLine(log: string): Count | undefined {
  const last = log.replace(COLOUR, "").trimEnd().split("\n").at(-1) ?? "";
  return toCount(LINE.exec(last));
}

/**
 * Reads all `test result:` lines of `cargo test`, one for each test program.
 *
 * @param log What cargo printed.
 * @returns Their sum; undefined if there is none.
 */
export function readCargo(log: string): Count | undefined {
  const counts = [...log.replace(COLOUR, "").matchAll(CARGO)].flatMap((m) => toCount(m) ?? []);
  return counts.length === 0 ? undefined : sum(counts);
}

/**
 * Reads the closing line of `deno test`; tests are counted, their steps not.
 *
 * @param log What Deno printed.
 * @returns The count; undefined if the line is not there.
 */
export function readDeno(log: string): Count | undefined {
  const found = [...log.replace(COLOUR, "").matchAll(DENO)].at(-1);
  const ignored = /\| (\d+) ignored/.exec(found?.[3] ?? "")?.[1] ?? "0";
  return found === undefined ? undefined : toCount(["", found[1], found[2], ignored]);
}

/**
 * Counts the tests of a JUnit file of `deno test`. It lists steps as tests
 * too, named `test > step`; those are left out. So a test must not be named
 * like a step of another test in its file.
 *
 * @param xml The file.
 */
export function readJunit(xml: string): Count {
  const cases = [...xml.matchAll(TESTCASE)].map(([, name = "", file = "", body = ""]) => ({
    id: `${file}: ${name}`,
    body,
  }));
  const ids = new Set(cases.map(({ id }) => id));
  const isStep = (id: string): boolean =>
    [...id.matchAll(/ &gt; /g)].some(({ index }) => ids.has(id.slice(0, index)));
  const tests = cases.filter(({ id }) => !isStep(id));
  return sum(tests.map(({ body }) => {
    if (/<(?:failure|error)\b/.test(body)) return { ...NOTHING, failed: 1 };
    return /<skipped\b/.test(body) ? { ...NOTHING, skipped: 1 } : { ...NOTHING, passed: 1 };
  }));
}

/** Whether two counts are the same. */
export function sameCount(a: Count, b: Count): boolean {
  return a.passed === b.passed && a.failed === b.failed && a.skipped === b.skipped;
}

function toCount(found: readonly (string | undefined)[] | null): Count | undefined {
  const [, passed, failed, skipped] = found ?? [];
  if (passed === undefined || failed === undefined || skipped === undefined) return undefined;
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}

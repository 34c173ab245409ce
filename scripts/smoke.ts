/**
 * Tries the command line as a whole: the compiled program that is named, or
 * without argument the program from source with the permissions of the
 * compiled one. Ends with `N passed, N failed, N skipped`.
 *
 * `deno run -A scripts/smoke.ts [PROGRAM]`
 *
 * @module
 */
import { type Count, NOTHING, renderCount, sum } from "./gate/count.ts";
import { PERMISSIONS } from "./permissions.ts";
import { fromFileUrl, type Outcome, outcome } from "./process.ts";
import { SMOKE_CASES, type SmokeMachine, type SmokeServer } from "./smoke/cases.ts";

const MAIN = fromFileUrl(new URL("../main.ts", import.meta.url));

/** A machine with an empty folder and a program to try. */
function machineOf(program: string | undefined, folder: string): SmokeMachine {
  const casemate = (...args: string[]): Promise<Outcome> =>
    program === undefined
      ? outcome("deno", ["run", "--quiet", ...PERMISSIONS, MAIN, ...args], {
        cwd: folder,
        env: { NO_COLOR: "1" },
      })
      // Nothing of this machine's environment, to show that the program needs none.
      : outcome(program, args, { cwd: folder, env: {}, clearEnv: true });
  return { folder, casemate, start: (...args) => start(program, folder, args) };
}

/** Starts a server, and waits until it says where it listens. */
async function start(
  program: string | undefined,
  cwd: string,
  args: readonly string[],
): Promise<SmokeServer> {
  const source = ["run", "--quiet", ...PERMISSIONS, MAIN, ...args];
  const options = { cwd, stdin: "null", stdout: "piped", stderr: "inherit" } as const;
  const child = program === undefined
    ? new Deno.Command(Deno.execPath(), { ...options, args: source }).spawn()
    : new Deno.Command(program, { ...options, args: [...args], env: {}, clearEnv: true }).spawn();
  const words = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const url = await urlIn(words);
  if (url === null) {
    throw new Error(`The server ended with ${(await child.status).code} before it listened`);
  }
  const over = readToEnd(words);
  return { url, end: () => ended(child, over) };
}

/** The address that a server says, whole: what comes in parts is waited for; null where it ends before. */
async function urlIn(words: ReadableStreamDefaultReader<string>): Promise<string | null> {
  for (let said = "";;) {
    const { value, done } = await words.read();
    if (done) return null;
    said += value;
    const url = /(http:\/\/127\.0\.0\.1:\d+)\D/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
}

/** A pipe that nobody reads would fill, and one that is closed would fail. */
async function readToEnd(words: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await words.read()).done);
}

/** Asks a server to end, and waits. */
async function ended(child: Deno.ChildProcess, over: Promise<void>): Promise<number> {
  try {
    child.kill("SIGTERM");
  } catch (error) {
    // It has ended by itself; its code says how.
    if (!(error instanceof TypeError)) throw error;
  }
  await over;
  return (await child.status).code;
}

async function main(program: string | undefined): Promise<number> {
  const path = program === undefined ? undefined : await Deno.realPath(program);
  const folder = await Deno.makeTempDir({ prefix: "casemate_smoke_" });
  const counts: Count[] = [];
  try {
    const machine = machineOf(path, folder);
    for (const [name, attempt] of SMOKE_CASES) {
      const start = performance.now();
      const fault = await attempt(machine).then(() => undefined, (error: unknown) => error);
      const time = `${(performance.now() - start).toFixed(0)} ms`;
      console.log(`${fault === undefined ? "ok    " : "FAILED"} ${name} (${time})`);
      if (fault !== undefined) console.log(fault instanceof Error ? fault.message : fault);
      counts.push({ ...NOTHING, ...(fault === undefined ? { passed: 1 } : { failed: 1 }) });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const total = sum(counts);
  console.log(renderCount(total));
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args[0]));

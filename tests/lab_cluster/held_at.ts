/**
 * Run before the program (`--preload`): right after it told of a step by
 * `-o json`, it gets a signal of its own, so that nobody has to be quick enough
 * to send one.
 *
 * @module
 */

/** In whose environment the step stands, as `Held` in JSON. */
export const HELD_AT = "CASEMATE_TEST_HELD_AT";

/** A step of which is told, and the signal. */
export interface Held {
  /** Name of the event. */
  readonly event: string;
  /** Beginning of the step's title. */
  readonly step: string;
  /** The signal. */
  readonly signal: "SIGKILL" | "SIGSTOP" | "SIGINT";
}

const asked = Deno.env.get(HELD_AT);
if (asked !== undefined) holdAt(JSON.parse(asked));

function holdAt({ event, step, signal }: Held): void {
  const stdout = Deno.stdout;
  const write = stdout.writeSync.bind(stdout);
  stdout.writeSync = (bytes) => {
    const written = write(bytes);
    const told = JSON.parse(new TextDecoder().decode(bytes));
    if (told.event === event && String(told.step).startsWith(step)) Deno.kill(Deno.pid, signal);
    return written;
  };
}

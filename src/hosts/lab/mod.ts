/**
 * A machine that labs run on, as Deno gives it.
 *
 * @module
 */

import type { LabHost } from "../../core/lab_ports.ts";
import { labFolders } from "./folders.ts";
import { labProcesses } from "./processes.ts";
import { labSockets } from "./sockets.ts";

/** Signals that ask a process to end: Ctrl-C and `kill`. */
const ENDINGS = ["SIGINT", "SIGTERM"] as const;

/** The machine of this process. */
export const denoLab: LabHost = {
  processes: labProcesses,
  folders: labFolders,
  sockets: labSockets,
  tell,
  beforeEnding,
  live: Deno.stdout.isTerminal() && Deno.env.get("TERM") !== "dumb",
};

function tell(text: string): boolean {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}

/** Ends by the same signal, as if nobody had heard it: who waits sees what ended it. */
function beforeEnding(say: () => void): Disposable {
  const heard = ENDINGS.map((signal) => {
    const end = (): void => {
      stop();
      say();
      Deno.kill(Deno.pid, signal);
    };
    return [signal, end] as const;
  });
  const stop = (): void => {
    for (const [signal, end] of heard) Deno.removeSignalListener(signal, end);
  };
  for (const [signal, end] of heard) Deno.addSignalListener(signal, end);
  return { [Symbol.dispose]: stop };
}

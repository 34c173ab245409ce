/**
 * A machine that labs run on, as Deno gives it.
 *
 * @module
 */

import type { LabHost } from "../../core/lab_ports.ts";
import { labFolders } from "./folders.ts";
import { labProcesses } from "./processes.ts";
import { labSockets } from "./sockets.ts";

/** The machine of this process. */
export const denoLab: LabHost = {
  processes: labProcesses,
  folders: labFolders,
  sockets: labSockets,
  tell,
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

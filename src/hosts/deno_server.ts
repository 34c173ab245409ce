/**
 * Being a server, on Deno.
 *
 * @module
 */

import type { Servers, Service } from "../core/ports.ts";
import type { Running } from "./server/listen.ts";

/** Signals that ask a process to end. */
const ENDINGS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];

/** Servers of this process. */
export const denoServers: Servers = {
  async serve(service) {
    const running = await listening(service);
    const ended = new Promise<void>((resolve) => onEnding(() => resolve()));
    const forget = service.reload === undefined ? () => {} : onReload(running, service.reload);
    service.listening(running.url);
    await ended;
    forget();
    await running.drain();
  },
  async checkIdentity(identity) {
    const { checkIdentity } = await import("./server/identity.ts");
    checkIdentity(identity);
  },
};

/** The server itself is loaded where one is asked for. */
async function listening(service: Service): Promise<Running> {
  const { listen } = await import("./server/listen.ts");
  const { MAX_CONNECTIONS } = await import("./server/limits.ts");
  const { refused, refuseTooMany } = await import("./server/refused.ts");
  refuseTooMany(service, service.maxConnections ?? MAX_CONNECTIONS);
  try {
    return await listen(service);
  } catch (cause) {
    throw refused(service, cause);
  }
}

/** Asks once, on the first signal; a second one ends the process as if nobody listened. */
function onEnding(ask: () => void): void {
  const heard = (): void => {
    for (const signal of ENDINGS) Deno.removeSignalListener(signal, heard);
    ask();
  };
  for (const signal of ENDINGS) Deno.addSignalListener(signal, heard);
}

/** SIGHUP: files are read again, one time after the other. */
function onReload(running: Running, reload: NonNullable<Service["reload"]>): () => void {
  let last = Promise.resolve();
  const heard = (): void => {
    last = last.then(async () => {
      const identity = await reload();
      if (identity !== null) running.show(identity);
    });
  };
  Deno.addSignalListener("SIGHUP", heard);
  return () => Deno.removeSignalListener("SIGHUP", heard);
}

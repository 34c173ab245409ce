/**
 * Being a server, on Deno.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";
import type { Servers } from "../core/ports.ts";

/** Signals that ask a process to end. */
const ENDINGS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];

/** Longest time that requests under way are still given once the process was asked to end, ms; supervisors kill after 10 s and more. */
const GRACE = 8000;

/** Servers of this process; HTTP without TLS. */
export const denoServers: Servers = {
  async serve({ hostname, port, handle, listening }) {
    const server = listen(hostname, port, handle, listening);
    const end = onEnding(() => {
      const late = setTimeout(() => server.aborted.abort(), GRACE);
      void server.http.shutdown().finally(() => clearTimeout(late));
    });
    try {
      await server.http.finished;
    } finally {
      end();
    }
  },
};

interface Running {
  readonly http: Deno.HttpServer;
  /** Ends it at once. */
  readonly aborted: AbortController;
}

function listen(
  hostname: string,
  port: number,
  handle: (request: Request) => Promise<Response>,
  listening: (url: string) => void,
): Running {
  const aborted = new AbortController();
  try {
    const http = Deno.serve({
      hostname,
      port,
      signal: aborted.signal,
      onListen: (address) => listening(urlOf(address.hostname, address.port)),
    }, (request) => handle(request));
    return { http, aborted };
  } catch (cause) {
    throw refused(`${hostname}:${port}`, cause);
  }
}

function urlOf(hostname: string, port: number): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

function refused(address: string, cause: unknown): InputError {
  const reason = cause instanceof Deno.errors.AddrInUse
    ? "another program listens there"
    : cause instanceof Deno.errors.AddrNotAvailable
    ? "this machine has no such address"
    : cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable
    ? "permission denied"
    : cause instanceof Error
    ? cause.message
    : String(cause);
  return new InputError(`Cannot listen on ${address}: ${reason}`, {
    code: "input.value",
    fields: { address, reason },
    cause,
  });
}

/** Asks once, on the first signal; a second one ends the process as if nobody listened. */
function onEnding(ask: () => void): () => void {
  const forget = (): void => {
    for (const signal of ENDINGS) Deno.removeSignalListener(signal, heard);
  };
  const heard = (): void => {
    forget();
    ask();
  };
  for (const signal of ENDINGS) Deno.addSignalListener(signal, heard);
  return forget;
}

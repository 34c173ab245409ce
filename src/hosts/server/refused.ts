/**
 * Why a server cannot begin.
 *
 * @module
 */

import { InputError } from "../../core/errors.ts";
import { hasRoomFor } from "./open_files.ts";

/** Where a server was to listen. */
export interface Address {
  /** Name or address. */
  readonly hostname: string;
  /** Port. */
  readonly port: number;
}

/**
 * Refuses to begin where files would run out: such a server takes no connection ever again.
 *
 * @param address Where it was to listen.
 * @param connections Connections that it shall hold.
 * @throws {InputError} `input.value`
 */
export function refuseTooMany(address: Address, connections: number): void {
  if (hasRoomFor(connections)) return;
  const reason =
    `${connections} connections are more than the files that this process may open (ulimit -n)`;
  throw refused(address, new Error(reason));
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there",
  EADDRNOTAVAIL: "this machine has no such address",
  // As Deno calls the same (2.9).
  EINVAL: "this machine has no such address",
  EACCES: "permission denied",
  ENOTFOUND: "this machine has no such address",
};

/**
 * Says why an address cannot be listened on.
 *
 * @param place The address.
 * @param cause What the system said.
 */
export function refused({ hostname, port }: Address, cause: unknown): InputError {
  const address = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  const reason = reasonOf(cause);
  return new InputError(`Cannot listen on ${address}: ${reason}`, {
    code: "input.value",
    fields: { address, reason },
    cause,
  });
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable) return "permission denied";
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  return REASONS[code] ?? cause.message;
}

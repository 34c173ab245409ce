/**
 * Sockets of a lab: ports of the loopback, unix sockets.
 *
 * @module
 */

import type { LabSockets } from "../../core/lab_ports.ts";

/**
 * Where ports are looked for: below those that Linux gives to whoever asks for
 * any (ip_local_port_range, from 32768), so that none is lost between looking and use.
 */
const PORTS = { first: 20_000, count: 12_000 } as const;

const LOOPBACK = "127.0.0.1";

/** Sockets of labs. */
export const labSockets: LabSockets = {
  freePorts,
  isHeld,
  serveUnix,
};

function freePorts(count: number, avoid: ReadonlySet<number>): readonly number[] {
  const found: number[] = [];
  const [start = 0] = crypto.getRandomValues(new Uint32Array(1));
  for (let i = 0; i < PORTS.count && found.length < count; i++) {
    const port = PORTS.first + (start + i) % PORTS.count;
    if (!avoid.has(port) && canListen(port)) found.push(port);
  }
  if (found.length < count) throw new RangeError(`Cannot find ${count} free ports`);
  return found;
}

function canListen(port: number): boolean {
  try {
    Deno.listen({ hostname: LOOPBACK, port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}

async function isHeld(address: number | string): Promise<boolean> {
  try {
    const connection = typeof address === "number"
      ? await Deno.connect({ hostname: LOOPBACK, port: address })
      : await Deno.connect({ transport: "unix", path: address });
    connection.close();
    return true;
  } catch (error) {
    const nobody = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.ConnectionRefused;
    if (nobody) return false;
    throw error;
  }
}

/** Sockets get their rights from the umask; the folder that they are in is its owner's alone besides. */
async function serveUnix(
  path: string,
  handle: (request: Request) => Promise<Response>,
): Promise<() => Promise<void>> {
  await Deno.remove(path).catch((error: unknown) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  const before = Deno.umask(0o077);
  try {
    const server = Deno.serve({ path, onListen: () => {} }, handle);
    return () => server.shutdown();
  } finally {
    Deno.umask(before);
  }
}

/**
 * Sockets of a lab: ports of the loopback, unix sockets.
 *
 * @module
 */

import type { LabSockets, PortClaim } from "../../core/lab_ports.ts";

/**
 * Where ports are looked for: below those that Linux gives to whoever asks for
 * any (ip_local_port_range, from 32768), so that none is lost between looking and use.
 */
const PORTS = { first: 20_000, count: 12_000 } as const;

const LOOPBACK = "127.0.0.1";

/** Where a port is claimed, so that its programs can still listen on it: another address of the loopback (RFC 1122 §3.2.1.3). */
const CLAIMED = "127.0.0.2";

/** Sockets of labs. */
export const labSockets: LabSockets = {
  freePorts,
  claimPorts,
  isHeld,
  serveUnix,
};

function freePorts(count: number, avoid: ReadonlySet<number>): readonly number[] {
  return findPorts(count, (port) => !avoid.has(port) && canListen(port));
}

/** Of two who look at the same time one alone can listen there; the kernel ends a claim with its process. */
function claimPorts(count: number, avoid: ReadonlySet<number>): PortClaim {
  using claims = new DisposableStack();
  const ports = findPorts(count, (port) => {
    if (avoid.has(port)) return false;
    const claim = listenAt(CLAIMED, port);
    if (claim === null) return false;
    const isFree = canListen(port);
    if (isFree) claims.defer(() => claim.close());
    else claim.close();
    return isFree;
  });
  const held = claims.move();
  return { ports, [Symbol.dispose]: () => held.dispose() };
}

function findPorts(count: number, isFit: (port: number) => boolean): readonly number[] {
  const found: number[] = [];
  const [start = 0] = crypto.getRandomValues(new Uint32Array(1));
  for (let i = 0; i < PORTS.count && found.length < count; i++) {
    const port = PORTS.first + (start + i) % PORTS.count;
    if (isFit(port)) found.push(port);
  }
  if (found.length < count) throw new RangeError(`Cannot find ${count} free ports`);
  return found;
}

function canListen(port: number): boolean {
  const listener = listenAt(LOOPBACK, port);
  listener?.close();
  return listener !== null;
}

/** Null where somebody does already. */
function listenAt(hostname: string, port: number): Deno.Listener | null {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return null;
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

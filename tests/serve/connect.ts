/**
 * Connects to a server that may end connections at any moment.
 *
 * @module
 */

/**
 * Connects.
 *
 * @param url Where.
 * @returns Null where the server ended the connection before this side has seen that there is one.
 * @throws {Deno.errors.ConnectionRefused} where nobody listens.
 */
export async function connectTo(url: string): Promise<Deno.TcpConn | null> {
  const { hostname, port } = new URL(url);
  try {
    return await Deno.connect({ hostname, port: Number(port) });
  } catch (error) {
    const { ConnectionReset, NotConnected } = Deno.errors;
    if (error instanceof ConnectionReset || error instanceof NotConnected) return null;
    throw error;
  }
}

/**
 * The time that a call has, from the first packet to the last byte.
 *
 * @module
 */

import type { TLSSocket } from "node:tls";
import type { ChannelCall } from "../../core/node_ports.ts";
import { late } from "./failures.ts";

/**
 * Does a call's work until its time is over; then the connection ends, whatever it waits for.
 *
 * @param call The call.
 * @param work Its work; it gives the connection to what it is called with.
 * @throws {UnavailableError} `channel.timeout`
 */
export async function within<T>(
  call: ChannelCall,
  work: (alive: (socket: TLSSocket) => void) => Promise<T>,
): Promise<T> {
  const sockets: TLSSocket[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(call)), call.timeout);
  });
  try {
    return await Promise.race([work((socket) => sockets.push(socket)), over]);
  } finally {
    clearTimeout(timer);
    for (const socket of sockets) {
      // What a connection still has to say after its end is nobody's.
      socket.on("error", () => {});
      socket.destroy();
    }
  }
}

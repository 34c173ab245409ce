/**
 * Connections to unix sockets as streams of Node, over Deno's own sockets.
 *
 * Those of `node:net` close the descriptor of a unix socket twice in Deno 2.9.3
 * (`strace -e close`: the second time EBADF). Where another thread opened a file
 * between the two, that file is closed, and whoever writes to it next fails, or
 * writes into what was opened in its place.
 *
 * @module
 */

import { Duplex } from "node:stream";

/** Bytes of a read. */
const CHUNK_BYTES = 16 * 1024;

/**
 * Connects.
 *
 * @param path Path of the socket.
 * @throws {Error} of the system where nobody listens.
 */
export async function connectUnix(path: string): Promise<Duplex> {
  return new UnixConnection(await Deno.connect({ transport: "unix", path }));
}

class UnixConnection extends Duplex {
  readonly #connection: Deno.UnixConn;

  constructor(connection: Deno.UnixConn) {
    super();
    this.#connection = connection;
  }

  override _read(): void {
    const bytes = new Uint8Array(CHUNK_BYTES);
    this.#connection.read(bytes).then(
      (count) => void this.push(count === null ? null : bytes.subarray(0, count)),
      (cause) => void this.destroy(cause),
    );
  }

  override _write(bytes: Uint8Array, _encoding: string, done: (cause?: Error) => void): void {
    this.#writeAll(bytes).then(() => done(), done);
  }

  override _final(done: (cause?: Error) => void): void {
    this.#connection.closeWrite().then(() => done(), done);
  }

  override _destroy(cause: Error | null, done: (cause: Error | null) => void): void {
    this.#connection.close();
    done(cause);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
  }
}

/**
 * A client of HTTP/1.1 that keeps its connection, and says how a request failed.
 *
 * @module
 */

import { connectTo } from "./connect.ts";

/** An answer. */
export interface Answer {
  /** Status. */
  readonly status: number;
  /** Headers by lowercase name. */
  readonly headers: ReadonlyMap<string, string>;
  /** Body. */
  readonly body: string;
}

/** A request. */
export interface Question {
  /** Method. */
  readonly method: string;
  /** Path. */
  readonly path: string;
  /** Body in JSON; none where it is absent. */
  readonly body?: string;
}

/** The server ended a connection before an answer began. */
export class NoAnswer extends Error {
  /** Whether the connection was new. */
  readonly fresh: boolean;

  /** @param fresh Whether the connection was new. */
  constructor(fresh: boolean, cause?: unknown) {
    super("The server ended the connection", { cause });
    this.name = "NoAnswer";
    this.fresh = fresh;
  }
}

/** One connection after the other, to one server. */
export class Client {
  readonly #url: string;
  readonly #hostname: string;
  #connection: Deno.TcpConn | null = null;

  /** @param url Where. */
  constructor(url: string) {
    this.#url = url;
    this.#hostname = new URL(url).hostname;
  }

  /**
   * Asks, and reads the whole answer.
   *
   * @param question The request.
   * @throws {NoAnswer} where no byte of an answer came.
   */
  async ask({ method, path, body = "" }: Question): Promise<Answer> {
    const fresh = this.#connection === null;
    const connection = this.#connection ?? await this.#connect();
    const bytes = new TextEncoder().encode(body);
    const head =
      `${method} ${path} HTTP/1.1\r\nhost: ${this.#hostname}\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`;
    const message = new Uint8Array(head.length + bytes.length);
    message.set(new TextEncoder().encode(head));
    message.set(bytes, head.length);
    try {
      for (let at = 0; at < message.length;) at += await connection.write(message.subarray(at));
    } catch (cause) {
      this.end();
      throw new NoAnswer(fresh, cause);
    }
    return await this.#answer(connection, fresh);
  }

  /** Ends the connection. */
  end(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  async #connect(): Promise<Deno.TcpConn> {
    const connection = await connectTo(this.#url);
    if (connection === null) throw new NoAnswer(true);
    connection.setNoDelay(true);
    this.#connection = connection;
    return connection;
  }

  async #answer(connection: Deno.TcpConn, fresh: boolean): Promise<Answer> {
    const part = new Uint8Array(65_536);
    let text = "";
    for (;;) {
      const read = await connection.read(part).catch(() => null);
      if (read === null) {
        this.end();
        throw text === "" ? new NoAnswer(fresh) : new Error(`An answer was cut off: ${text}`);
      }
      text += latin(part.subarray(0, read));
      const answer = answerIn(text);
      if (answer === null) continue;
      if (answer.headers.get("connection")?.toLowerCase() === "close") this.end();
      return answer;
    }
  }
}

function latin(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** Null where it is not whole. */
function answerIn(text: string): Answer | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Map(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  const body = text.slice(end + 4);
  const length = Number(headers.get("content-length") ?? "0");
  return body.length < length ? null : { status: Number(first.split(" ")[1]), headers, body };
}

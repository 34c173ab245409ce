/**
 * A client that sends bytes and no more: what no library would send.
 *
 * @module
 */

import { connectTo } from "./connect.ts";

/** What came back. */
export interface RawAnswer {
  /** All that came, as Latin-1. */
  readonly text: string;
  /** Status of the first answer; 0 where there was none. */
  readonly status: number;
  /** Whether the server ended the connection, in the time that was given. */
  readonly ended: boolean;
}

/** How bytes are sent. */
export interface RawOptions {
  /** How long to listen, ms; default a minute, which only a server that does not end the connection uses up. */
  readonly patience?: number;
  /** What is sent again and again. */
  readonly drip?: string;
  /** How often, ms. */
  readonly every?: number;
}

/**
 * Sends bytes and listens until the server ends the connection.
 *
 * @param url Where.
 * @param first What is sent.
 * @param options How.
 */
export async function sendRaw(
  url: string,
  first: string | Uint8Array,
  { patience = 60_000, drip = "", every = 50 }: RawOptions = {},
): Promise<RawAnswer> {
  const connection = await connectTo(url);
  if (connection === null) return { text: "", status: 0, ended: true };
  let over = false;
  const end = (): void => {
    if (!over) connection.close();
    over = true;
  };
  const late = setTimeout(end, patience);
  const dripping = drip === ""
    ? undefined
    : setInterval(() => void write(connection, drip).catch(() => {}), every);
  const listening = listen(connection);
  // Who is sent away in the middle of it cannot send the rest.
  await write(connection, first).catch(() => {});
  const text = await listening;
  const ended = !over;
  clearTimeout(late);
  clearInterval(dripping);
  end();
  return { text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), ended };
}

/** All that comes until somebody ends the connection. */
async function listen(connection: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const read = await connection.read(bytes).catch(() => null);
    if (read === null) return text;
    text += String.fromCharCode(...bytes.subarray(0, read));
  }
}

async function write(connection: Deno.Conn, what: string | Uint8Array): Promise<void> {
  const bytes = typeof what === "string" ? latinBytes(what) : what;
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/**
 * Text as Latin-1.
 *
 * @param text The text.
 */
export function latinBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

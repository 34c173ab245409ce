/**
 * The SHA-256 of the page's own file.
 *
 * @module
 */

import "./globals.ts";
import { toHex } from "../core/bytes.ts";
import { plainHash } from "../core/labelled_hash.ts";

/**
 * Asks the page's own address for its file, which sends nothing but that request.
 *
 * @returns SHA-256, hex, of what the server gives now.
 * @throws {TypeError} where it gives nothing.
 */
export async function ownHash(): Promise<string> {
  const answer = await fetch(location.pathname, { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new TypeError(`The server answers ${answer.status}`);
  return toHex(plainHash("sha256", new Uint8Array(await answer.arrayBuffer())));
}

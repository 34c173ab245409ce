/**
 * Hosts as certificates name them: names of DNS, and addresses as bytes.
 *
 * @module
 */

import type { ServerNames } from "../core/x509_writer/extension.ts";

/**
 * Sorts hosts into names and addresses.
 *
 * @param hosts Names, IPv4 addresses, IPv6 addresses with brackets or without.
 */
export function namesOf(hosts: readonly string[]): ServerNames {
  const dns: string[] = [];
  const addresses: Uint8Array[] = [];
  for (const host of new Set(hosts)) {
    const address = addressOf(host);
    if (address === null) dns.push(host);
    else addresses.push(address);
  }
  return { dns, addresses };
}

/** 4 or 16 bytes of an address; null of a name. */
function addressOf(host: string): Uint8Array | null {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(bare)) return Uint8Array.from(bare.split(".").map(Number));
  if (!bare.includes(":")) return null;
  // The one text of an address (WHATWG URL): at most one `::`, no dots.
  const text = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const [before = "", after] = text.split("::");
  const left = groups(before);
  const right = after === undefined ? [] : groups(after);
  const zeros = new Array<number>(8 - left.length - right.length).fill(0);
  return Uint8Array.from([...left, ...zeros, ...right].flatMap((two) => [two >> 8, two & 0xff]));
}

function groups(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
}

/**
 * Where the key of a rate limit comes from: who asks.
 *
 * @module
 */

/** Groups of an IPv6 address that belong to one customer (RFC 6177 §2: /56 and /64 are usual). */
const NETWORK_GROUPS = 4;

/**
 * Who asks, as the platform tells it: the address, of IPv6 the network, since
 * whoever has one address there has 2^64 of them.
 *
 * @param headers Headers of the request; the platform overwrites the one that is read.
 */
export function sourceOf(headers: Headers): string {
  const address = headers.get("cf-connecting-ip") ?? "unknown";
  return address.includes(":") ? `${networkOf(address)}::/64` : address;
}

function networkOf(address: string): string {
  const [before = "", after] = address.split("::");
  const front = before === "" ? [] : before.split(":");
  const back = after === undefined || after === "" ? [] : after.split(":");
  const gap = Array(Math.max(0, 8 - front.length - back.length)).fill("0");
  const groups = [...front, ...gap, ...back].slice(0, NETWORK_GROUPS);
  return groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, "")).join(":");
}

/**
 * Where collateral came from, in words.
 *
 * @module
 */

/**
 * Says where something came from.
 *
 * @param from Where this time: `cache`, `vendor`, `bundle`, `evidence`, or the address of a mirror.
 * @param source Who gave it when it was put into the cache; the same as `from` where it was not there.
 */
export function originText(from: string, source: string = from): string {
  return from === "cache" ? `the cache, which has it from ${nameOf(source)}` : nameOf(from);
}

const NAMES: Readonly<Record<string, string>> = {
  cache: "the cache",
  vendor: "the vendor",
  bundle: "a bundle",
  evidence: "the evidence itself",
};

function nameOf(origin: string): string {
  return NAMES[origin] ?? `the mirror ${origin}`;
}

/**
 * Where collateral came from, in words.
 *
 * @module
 */

/**
 * Says where something came from.
 *
 * @param from Where this time: `cache`, `vendor`, `bundle`, `evidence`, or the address of a mirror.
 * @param source Who gave it when it was put into the cache, where that is known.
 */
export function originText(from: string, source?: string): string {
  return from !== "cache" || source === undefined
    ? nameOf(from)
    : `the cache, which has it from ${nameOf(source)}`;
}

const NAMES: Readonly<Record<string, string>> = {
  cache: "the cache",
  vendor: "the vendor",
  bundle: "a bundle",
  evidence: "what came with the evidence",
};

function nameOf(origin: string): string {
  return NAMES[origin] ?? `the mirror ${origin}`;
}

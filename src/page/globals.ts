/**
 * What the page finds in a browser beside the usual.
 *
 * @module
 */

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** Says what may become a script, and what HTML; browsers with Trusted Types refuse what no policy of the page made. */
export interface Rules {
  /** Makes text a script. */
  createScript?(text: string): string;
  /** Makes text HTML. */
  createHTML?(html: string): string;
}

declare global {
  /** Trusted Types (W3C), where the browser has them. */
  var trustedTypes: { createPolicy<R extends Rules>(name: string, rules: R): R } | undefined;
  /** Unpacks a part of the page: 0 the script, 1 the WASM module, 2 the sample, 3 licences of others; `boot.ts` puts it there. */
  var casematePart: ((part: number) => Promise<Uint8Array<ArrayBuffer>>) | undefined;
}

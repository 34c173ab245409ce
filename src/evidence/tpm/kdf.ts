/**
 * Derivation of keys as TPMs do it (Part 1 §11.4.10).
 *
 * @module
 */

import { concat } from "../../core/bytes.ts";
import { u32 } from "./device/bytes_out.ts";
import { DIGEST_BYTES } from "./device/numbers.ts";
import { hash, hmac } from "./hash.ts";
import type { StrongHash } from "./report.ts";

/** What a key is derived for. */
export interface KdfOptions {
  /** Hash. */
  readonly algorithm: StrongHash;
  /** Use of the key, without the zero at its end. */
  readonly label: string;
  /** First context; of KDFe, x of the ephemeral point. */
  readonly first?: Uint8Array;
  /** Second context; of KDFe, x of the recipient's point. */
  readonly second?: Uint8Array;
  /** Length of the key, bytes. */
  readonly bytes: number;
}

/**
 * KDFa: SP 800-108 in counter mode over HMAC.
 *
 * @param key The key that is derived from.
 * @param options What for.
 */
export function kdfA(key: Uint8Array, options: KdfOptions): Promise<Uint8Array> {
  const { algorithm, first, second, bytes } = options;
  return derive(options, (counter, label) => {
    const text = concat(counter, label, first ?? NONE, second ?? NONE, u32(8 * bytes));
    return hmac(algorithm, key, text);
  });
}

/**
 * KDFe: SP 800-56A over a shared secret.
 *
 * @param shared x of the shared point, as long as the curve's field.
 * @param options What for.
 */
export function kdfE(shared: Uint8Array, options: KdfOptions): Promise<Uint8Array> {
  const { algorithm, first, second } = options;
  return derive(options, (counter, label) => {
    return hash(algorithm, concat(counter, shared, label, first ?? NONE, second ?? NONE));
  });
}

const NONE = new Uint8Array();

async function derive(
  { algorithm, label, bytes }: KdfOptions,
  block: (counter: Uint8Array, label: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const ended = concat(new TextEncoder().encode(label), Uint8Array.of(0));
  const blocks: Uint8Array[] = [];
  for (let counter = 1; (counter - 1) * DIGEST_BYTES[algorithm] < bytes; counter++) {
    blocks.push(await block(u32(counter), ended));
  }
  return concat(...blocks).subarray(0, bytes);
}

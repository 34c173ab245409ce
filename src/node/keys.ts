/**
 * The keys of a node's channel: made in memory, never written, renewed after
 * each phase change, TLS daily, HPKE hourly (protocol §5.1).
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import type { HpkeKey } from "../channel/hpke.ts";
import type { Leaf } from "../channel/leaf.ts";

/** Life of a TLS key, ms. */
const TLS_LIFE = 86_400_000;

/** Life of an HPKE key, ms. */
const HPKE_LIFE = 3_600_000;

/** How long the HPKE key before still opens what was sealed to it, ms. */
const PREVIOUS_LIFE = 60_000;

/** What keys are made by. */
export interface KeyMaking {
  /** Makes a TLS key with its leaf. */
  readonly makeLeaf: () => Promise<Leaf>;
  /** Makes an HPKE key. */
  readonly makeHpkeKey: () => Promise<HpkeKey>;
  /** Milliseconds that only rise. */
  readonly monotonic: () => number;
  /** Is told of each TLS key after the first. */
  readonly replaced: (leaf: Leaf) => void;
}

/** Keys as a statement names them. */
export interface StatedKeys {
  /** SubjectPublicKeyInfo of the TLS key, DER, hex. */
  readonly tlsSpki: string;
  /** HPKE key, hex. */
  readonly hpkeKey: string;
}

interface Made<T> {
  readonly key: T;
  readonly since: number;
}

/** The keys at present. */
export class KeyRing {
  readonly #making: KeyMaking;
  #leaf: Made<Leaf>;
  #hpke: Made<HpkeKey>;
  #previous: Made<HpkeKey> | null = null;

  private constructor(making: KeyMaking, leaf: Made<Leaf>, hpke: Made<HpkeKey>) {
    this.#making = making;
    this.#leaf = leaf;
    this.#hpke = hpke;
  }

  /**
   * Makes the first keys.
   *
   * @param making What they are made by.
   */
  static async make(making: KeyMaking): Promise<KeyRing> {
    const since = making.monotonic();
    const leaf = { key: await making.makeLeaf(), since };
    return new KeyRing(making, leaf, { key: await making.makeHpkeKey(), since });
  }

  /** The TLS key. */
  get leaf(): Leaf {
    return this.#leaf.key;
  }

  /** HPKE keys that open: the present one, and for a minute the one before. */
  get hpke(): readonly HpkeKey[] {
    const previous = this.#previous;
    const kept = previous !== null && this.#age(previous) < PREVIOUS_LIFE;
    return kept ? [this.#hpke.key, previous.key] : [this.#hpke.key];
  }

  /** The HPKE key that a new statement names. */
  get hpkeKey(): HpkeKey {
    return this.#hpke.key;
  }

  /** Keys of statements that still count, the present ones first. */
  get stated(): readonly [StatedKeys, ...StatedKeys[]] {
    const tlsSpki = toHex(this.leaf.spki);
    const of = ({ publicKey }: HpkeKey) => ({ tlsSpki, hpkeKey: toHex(publicKey) });
    const [, ...before] = this.hpke;
    return [of(this.#hpke.key), ...before.map(of)];
  }

  /** Renews all keys; none of those before is of any more use. */
  async renew(): Promise<void> {
    const since = this.#making.monotonic();
    const [leaf, hpke] = [await this.#making.makeLeaf(), await this.#making.makeHpkeKey()];
    this.#leaf = { key: leaf, since };
    this.#hpke = { key: hpke, since };
    this.#previous = null;
    this.#making.replaced(leaf);
  }

  /** Renews what has come to its end; asked every few seconds. */
  async renewOld(): Promise<void> {
    if (this.#age(this.#leaf) >= TLS_LIFE) return await this.renew();
    if (this.#age(this.#hpke) < HPKE_LIFE) return;
    const since = this.#making.monotonic();
    const key = await this.#making.makeHpkeKey();
    this.#previous = { key: this.#hpke.key, since };
    this.#hpke = { key, since };
  }

  #age({ since }: Made<unknown>): number {
    return this.#making.monotonic() - since;
  }
}

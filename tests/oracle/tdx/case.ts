/**
 * A case that several verifiers are asked about: a quote, its collateral, a time and a root.
 *
 * @module
 */

/** Files of evidence by role, in any form that this project reads. */
export interface TdxInput {
  /** Quote. */
  readonly quote: Uint8Array;
  /** TCB info, JSON. */
  readonly tcbInfo: Uint8Array;
  /** QE identity, JSON. */
  readonly qeIdentity: Uint8Array;
  /** TCB signing certificate, then root. */
  readonly tcbChain: Uint8Array;
  /** Revocation list of the CA of the PCK certificate. */
  readonly pckCrl: Uint8Array;
  /** That CA, then root; absent where the quote's own serve. */
  readonly pckCrlChain?: Uint8Array | undefined;
  /** Revocation list of the root. */
  readonly rootCrl: Uint8Array;
}

/** A case. */
export interface TdxCase {
  /** Unique name: group, origin, and what was done to it. */
  readonly name: string;
  /** What the quote is asked to be. */
  readonly tee: "TDX" | "SGX";
  /** The files. */
  readonly input: TdxInput;
  /**
   * The same content in the one form that the other verifiers read, where
   * `input` has another: PEM for chains, DER for lists.
   */
  readonly plain?: Partial<TdxInput>;
  /** Moment of the verification. */
  readonly now: Date;
  /** Trusted root, DER; null for Intel's. */
  readonly root: Uint8Array | null;
}

/**
 * A case with something changed.
 *
 * @param base What it is like.
 * @param what What was done, appended to the name.
 * @param change Files that are others.
 * @param now Moment, if it is another.
 */
export function changed(
  base: TdxCase,
  what: string,
  change: Partial<TdxInput>,
  now: Date = base.now,
): TdxCase {
  // The plain form of a file says nothing of the one that takes its place.
  const plain = Object.entries(base.plain ?? {}).filter(([role]) => !(role in change));
  return {
    ...base,
    name: `${base.name}/${what}`,
    input: { ...base.input, ...change },
    plain: Object.fromEntries(plain),
    now,
  };
}

/**
 * Cases without those whose name came before: bits that were turned twice.
 *
 * @param cases The cases.
 */
export function distinct(cases: readonly TdxCase[]): readonly TdxCase[] {
  return [...new Map(cases.map((one) => [one.name, one])).values()];
}

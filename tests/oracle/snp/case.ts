/**
 * A case that several verifiers are asked about: a report, its certificates
 * and lists, a time and a root.
 *
 * @module
 */

/** Files of evidence. */
export interface SnpInput {
  /** Attestation report. */
  readonly report: Uint8Array;
  /** VCEK or VLEK, PEM or DER. */
  readonly leaf: Uint8Array;
  /** ASK or ASVK, then ARK, PEM. */
  readonly chain: Uint8Array;
  /** Revocation lists, DER; the other verifiers look at the first at most. */
  readonly crls: readonly Uint8Array[];
}

/** A case. */
export interface SnpCase {
  /** Unique name: group, origin, and what was done to it. */
  readonly name: string;
  /** The files. */
  readonly input: SnpInput;
  /** Moment of the verification. */
  readonly now: Date;
  /** Trusted root, DER; null for AMD's, as each verifier has them. */
  readonly root: Uint8Array | null;
  /** Product line that the root is trusted for. */
  readonly line: string;
}

/** A case that is made when it is needed, so that a part of them costs a part of the time. */
export interface PlannedCase {
  /** Its name. */
  readonly name: string;
  /** Makes it. */
  readonly make: () => Promise<SnpCase>;
}

/** What is other than in the case that something is made from. */
export type Change = Partial<SnpInput & Pick<SnpCase, "now" | "root" | "line">>;

/**
 * A case with something changed.
 *
 * @param base What it is like.
 * @param what What was done, appended to the name.
 * @param change What is other; made when it is needed.
 */
export function planned(
  base: SnpCase,
  what: string,
  change: () => Change | Promise<Change>,
): PlannedCase {
  const name = `${base.name}/${what}`;
  return {
    name,
    make: async () => {
      const { report, leaf, chain, crls, ...terms } = await change();
      const files = { report, leaf, chain, crls };
      const given = Object.fromEntries(
        Object.entries(files).filter(([, file]) => file !== undefined),
      );
      return { ...base, ...terms, name, input: { ...base.input, ...given } };
    },
  };
}

/**
 * Cases without those whose name came before: bits that were turned twice.
 *
 * @param cases The cases.
 */
export function distinct(cases: readonly PlannedCase[]): readonly PlannedCase[] {
  return [...new Map(cases.map((one) => [one.name, one])).values()];
}

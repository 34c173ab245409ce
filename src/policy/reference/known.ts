/**
 * How somebody knows a reference value.
 *
 * @module
 */

/** `computed` from the image, `published` by the provider, `observed` on a machine, or `given` without a word about it. */
export type Known = "computed" | "published" | "observed" | "given";

/** The ways, the best first. */
export const KNOWN: readonly Known[] = ["computed", "published", "observed", "given"];

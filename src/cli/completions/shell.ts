/**
 * Shells for which there is completion.
 *
 * @module
 */

/** A shell. */
export type Shell = "bash" | "zsh" | "fish";

/** The shells. */
export const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

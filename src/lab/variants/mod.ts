/**
 * Evidence of every variant, whole, as a node would send it.
 *
 * @module
 */

export * from "./authorities.ts";
export * from "./reference.ts";
export * from "./statement.ts";
export * from "./variants.ts";

/**
 * Machines of a lab: their TPMs as a maker leaves them, and their boot.
 *
 * @module
 */

export * from "./boot.ts";
export * from "./manufacture.ts";

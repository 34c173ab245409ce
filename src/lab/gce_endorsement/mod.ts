/**
 * Lab evidence of Google Compute Engine: endorsements of firmware.
 *
 * @module
 */

export * from "./authority.ts";
export * from "./bends.ts";
export * from "./endorsement.ts";
export * from "./golden.ts";
export * from "./wire.ts";

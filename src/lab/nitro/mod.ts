/**
 * Lab evidence of AWS Nitro: attestation documents of enclaves and of NitroTPMs.
 *
 * @module
 */

export * from "./authority.ts";
export * from "./bends/mod.ts";
export * from "./cbor.ts";
export * from "./cose.ts";
export * from "./hierarchy.ts";
export { labRegisters, type MintNitroOptions, type NitroBends, type NitroKeys } from "./options.ts";
export * from "./nitro.ts";
export * from "./payload.ts";

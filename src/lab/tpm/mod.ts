/**
 * Lab evidence of TPM 2.0: quotes, keys, certificates and event logs.
 *
 * @module
 */

export * from "./algorithms.ts";
export * from "./attest.ts";
export * from "./authority.ts";
export * from "./bends/mod.ts";
export * from "./boot.ts";
export * from "./event.ts";
export * from "./hierarchy.ts";
export * from "./log_cel.ts";
export * from "./log_tcg.ts";
export {
  AK_KINDS,
  type AkKind,
  type GivenRegisters,
  type LabLogFormat,
  type MintTpmOptions,
  type TpmBends,
  type TpmKeys,
} from "./options.ts";
export * from "./phase.ts";
export * from "./public_area.ts";
export * from "./quote_signature.ts";
export * from "./tpm.ts";
export * from "./vtpm.ts";

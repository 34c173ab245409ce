/**
 * Lab evidence of Intel TDX, and of SGX.
 *
 * @module
 */

export {
  bendIntelAuthority,
  createIntelAuthority,
  exportIntelAuthority,
  importIntelAuthority,
  type IntelAuthority,
  type IntelAuthorityOptions,
  type IntelCaBends,
  type IntelCaKeys,
  type StoredIntelAuthority,
} from "./authority.ts";
export * from "./collateral.ts";
export * from "./hierarchy.ts";
export { mintCollateral } from "./mint_collateral.ts";
export type { MintTdxOptions, QuoteBodyKind, TdxBends } from "./options.ts";
export * from "./pck.ts";
export { LEVEL_STATUSES, type LevelStatus } from "./platform.ts";
export * from "./quote.ts";
export * from "./quote_body.ts";
export { type MintedTdx, type MintedTdxDer, mintTdx } from "./tdx.ts";

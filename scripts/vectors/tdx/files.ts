/**
 * Names of the files of a TDX case.
 *
 * @module
 */

/** By role. */
export const FILE_NAMES = {
  quote: "quote.bin",
  tcbInfo: "tcb_info.json",
  qeIdentity: "qe_identity.json",
  tcbChain: "tcb_chain.der",
  pckCrl: "pck_crl.der",
  pckCrlChain: "pck_crl_chain.der",
  rootCrl: "root_crl.der",
} as const;

/** The lab root. */
export const ROOT = "root.der";

/** A file that can be bent. */
export type TdxFileName = (typeof FILE_NAMES)[keyof typeof FILE_NAMES];

/** Those beside the quote. */
export const COLLATERAL_FILES: readonly TdxFileName[] = Object.values(FILE_NAMES).filter((name) =>
  name !== FILE_NAMES.quote
);

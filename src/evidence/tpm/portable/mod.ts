/**
 * TPM 2.0 for the portable engine.
 *
 * @module
 */

import type { Operations } from "../../../core/portable/engine.ts";
import { tpmCertificate } from "./certified_key.ts";
import { tpmPublic } from "./public_area.ts";
import { tpmQuote } from "./quote.ts";
import { tpmSignature } from "./signature.ts";
import { tpmVerify } from "./verify.ts";

/** The operations, as the WASM module has them. */
export const operations: Operations = {
  tpm_verify: tpmVerify,
  tpm_quote: tpmQuote,
  tpm_public: tpmPublic,
  tpm_signature: tpmSignature,
  tpm_certificate: tpmCertificate,
};

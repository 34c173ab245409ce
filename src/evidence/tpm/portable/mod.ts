/**
 * TPM 2.0 for the portable engine.
 *
 * @module
 */

import type { PortableOperation } from "../../../core/portable/engine.ts";
import { tpmCertificate } from "./certified_key.ts";
import { tpmPublic } from "./public_area.ts";
import { tpmQuote } from "./quote.ts";
import { tpmSignature } from "./signature.ts";
import { tpmVerify } from "./verify.ts";

/** Operations of this technology. To be `Operations` as soon as the WASM module that is built has them. */
type TpmOperations = Readonly<
  Record<
    "tpm_verify" | "tpm_quote" | "tpm_public" | "tpm_signature" | "tpm_certificate",
    PortableOperation
  >
>;

/** The operations, as the WASM module has them. */
export const operations: TpmOperations = {
  tpm_verify: tpmVerify,
  tpm_quote: tpmQuote,
  tpm_public: tpmPublic,
  tpm_signature: tpmSignature,
  tpm_certificate: tpmCertificate,
};

/**
 * TPM files as a person sees them: quotes, public areas, signatures, registers, event logs.
 *
 * Nothing shown here is verified.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError } from "../../core/errors.ts";
import type { Shown } from "../../core/shown.ts";
import { show as showLog } from "../logs/mod.ts";
import { asAttest, looksLikePublicArea, looksLikeSignature } from "./looks.ts";
import { readPcrs } from "./pcrs.ts";
import type { PublicArea, Quote, SignatureScheme } from "./report.ts";
import { showPcrs, showPublicArea, showQuote, showSignature } from "./show_structures.ts";

/**
 * Says what a file is, if it is one of a TPM's.
 *
 * @param engine Verification engine.
 * @param bytes The file.
 * @throws {RejectedError} when it is one of them, but damaged.
 */
export async function show(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  // The engine answers each operation with its shape; tests hold them.
  const attest = asAttest(bytes);
  if (attest !== null) return showQuote(await engine.run("tpm_quote", [attest]) as Quote);
  if (looksLikePublicArea(bytes)) {
    return showPublicArea(await engine.run("tpm_public", [bytes]) as PublicArea);
  }
  if (looksLikeSignature(bytes)) {
    return showSignature(await engine.run("tpm_signature", [bytes]) as SignatureScheme);
  }
  return pcrsOf(bytes) ?? await showLog(engine, bytes);
}

/** Text or structures of values; what is neither belongs to somebody else. */
function pcrsOf(bytes: Uint8Array): Shown | null {
  try {
    const values = readPcrs(bytes);
    return values.length === 0 ? null : showPcrs(values);
  } catch (error) {
    if (error instanceof CasemateError) return null;
    throw error;
  }
}

/**
 * TDX files as a person sees them: quotes, TCB info, QE identity, PCK certificates.
 *
 * Nothing shown here is verified.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError } from "../../core/errors.ts";
import type { Shown, ShownRow } from "../../core/shown.ts";
import { describeX509, showX509 } from "../../core/x509.ts";
import { plainForm } from "./files.ts";
import { looksLikeDocument, looksLikeQuote } from "./looks.ts";
import type { EnclaveReport, Pck, Quote, TdReport } from "./report.ts";
import { showDocument, type ShownDocument } from "./show_document.ts";
import { pckRows, showQuote } from "./show_quote.ts";

/**
 * Says what a file is, if it is one of TDX's.
 *
 * @param engine Verification engine.
 * @param bytes The file.
 * @throws {RejectedError} when it is one of them, but damaged.
 */
export async function show(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  // The engine answers each operation with its shape; tests hold them.
  if (looksLikeQuote(bytes)) {
    const { quote, pck } = await engine.run("tdx_quote", [bytes]) as {
      readonly quote: Quote<TdReport | EnclaveReport>;
      readonly pck: Pck | null;
    };
    return showQuote(quote, pck);
  }
  if (looksLikeDocument(bytes)) {
    return showDocument(await engine.run("tdx_collateral", [bytes]) as ShownDocument);
  }
  const papers = plainForm(bytes);
  const pck = await readPck(engine, papers);
  if (pck !== null) return await showPck(engine, papers, pck);
  // In a form of its own, which nobody else takes for certificates or lists.
  return papers === bytes ? null : showX509(await describeX509(engine, papers));
}

async function readPck(engine: Engine, bytes: Uint8Array): Promise<Pck | null> {
  try {
    return await engine.run("tdx_pck", [bytes]) as Pck;
  } catch (error) {
    // Not a PCK certificate: something else may know it.
    if (error instanceof CasemateError) return null;
    throw error;
  }
}

async function showPck(engine: Engine, bytes: Uint8Array, pck: Pck): Promise<Shown> {
  const certificate = showX509(await describeX509(engine, bytes));
  const rows: readonly ShownRow[] = pckRows(pck);
  return {
    kind: "tdx-pck",
    title: "Intel PCK certificate, of the key that vouches for a quoting enclave (not verified)",
    usedBy: null,
    sections: [...certificate.sections, { title: "What the PCK certificate certifies", rows }],
  };
}

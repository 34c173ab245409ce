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
import type { EnclaveReport, Pck, Quote, TdReport } from "./report.ts";
import { showDocument, type ShownDocument } from "./show_document.ts";
import { pckRows, showQuote } from "./show_quote.ts";

/** Least bytes of what is taken for a quote: header, enclave report, length of the signature data. */
const MIN_QUOTE_BYTES = 48 + 384 + 4;

/** Lowest bytes of attestation key types that Intel has named. */
const KEY_TYPES: readonly number[] = [2, 3];

/** Lowest bytes of the TEE types of SGX and TDX. */
const TEE_TYPES: readonly number[] = [0x00, 0x81];

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

/** Version 3 to 5, a known key type and TEE, as no other file here starts. */
function looksLikeQuote(bytes: Uint8Array): boolean {
  const [version = 0, high, keyType = 0, keyHigh, tee = 0, ...rest] = bytes.subarray(0, 8);
  const small = high === 0 && keyHigh === 0 && rest.every((byte) => byte === 0);
  return bytes.length >= MIN_QUOTE_BYTES && small && version >= 3 && version <= 5 &&
    KEY_TYPES.includes(keyType) && TEE_TYPES.includes(tee);
}

function looksLikeDocument(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 64));
  return /^\s*\{\s*"(?:tcbInfo|enclaveIdentity|signature)"/.test(start);
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

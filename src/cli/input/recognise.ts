/**
 * Says what a file is, whatever it is.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import type { Shown } from "../../core/shown.ts";
import { describeX509, showX509 } from "../../core/x509.ts";
import { recogniseDocument, recogniseTerms } from "../kinds/document.ts";
import { reasonOf } from "../explain.ts";
import { technologies } from "../../evidence/registry.ts";
import { type Seems, showCarrier, showStated } from "./show_envelope.ts";
import { titleOf } from "./title.ts";

/**
 * Looks for what is no evidence and says so by its form, for evidence in one
 * piece, asks each technology, then looks for certificates, revocation lists,
 * policies and reference values.
 *
 * @param engine Verification engine.
 * @param bytes The file, not empty.
 * @returns Its description; null where nobody knows it.
 * @throws {RejectedError} when it is known, but damaged.
 */
export async function recognise(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  const document = await recogniseDocument(bytes);
  if (document !== null || bytes.length > MAX_FILE_BYTES) return document;
  const seems: Seems = (piece) => seemsToBe(engine, piece);
  const isX509 = looksLikeX509(bytes);
  // A certificate with evidence may be larger than any other.
  const whole = isX509 ? await showCarrier(engine, bytes, seems) : await showStated(bytes, seems);
  if (whole !== null) return whole;
  for (const technology of technologies) {
    const shown = await technology.show(engine, bytes);
    if (shown !== null) return shown;
  }
  return isX509 ? showX509(await describeX509(engine, bytes)) : await recogniseTerms(bytes);
}

/**
 * Whether a file is meant as certificates or revocation lists: PEM, or a DER SEQUENCE
 * of at least 128 bytes, as every certificate and list is (X.690 §8.1.3.5).
 *
 * @param bytes The file.
 */
export function looksLikeX509(bytes: Uint8Array): boolean {
  const length = bytes[1] ?? 0;
  const der = bytes[0] === 0x30 && length >= 0x81 && length <= 0x84;
  return der || (isText(bytes) && new TextDecoder().decode(bytes).includes("-----BEGIN "));
}

/**
 * Says in a few words what a file seems to be, for an error that asks for another.
 *
 * @param engine Verification engine.
 * @param bytes The file, not empty.
 */
export async function seemsToBe(engine: Engine, bytes: Uint8Array): Promise<string> {
  try {
    const shown = await recognise(engine, bytes);
    return shown === null ? unknownKind(bytes) : titleOf(shown);
  } catch (error) {
    // Damaged: what is wrong with it says best what it was meant to be.
    if (error instanceof CasemateError) return `damaged: ${reasonOf(error)} [${error.code}]`;
    throw error;
  }
}

/**
 * What can be said of a file that nobody knows.
 *
 * @param bytes The file.
 */
export function unknownKind(bytes: Uint8Array): string {
  if (!isText(bytes)) return `${bytes.length} bytes of no known kind`;
  const text = new TextDecoder().decode(bytes).trim();
  const digits = text.replace(/\s/g, "");
  if (/^(?:[0-9a-fA-F]{2}){16,}$/.test(digits)) {
    return `text: ${digits.length / 2} bytes written in hex`;
  }
  if (/^[A-Za-z0-9+/]{32,}={0,2}$/.test(digits)) return "text that could be base64";
  return `text that starts with ${JSON.stringify(text.slice(0, 24))}`;
}

/** Whether bytes are text: UTF-8 without controls other than tabs and line ends. */
function isText(bytes: Uint8Array): boolean {
  const control = bytes.some((byte) =>
    byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d
  );
  if (control) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

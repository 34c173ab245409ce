/**
 * Attestation documents, taken apart.
 *
 * @module
 */

import { argumentsOf } from "../../../core/portable/frame.ts";
import { checkSize } from "../../../core/portable/refuse.ts";
import type { NitroDocument } from "../report.ts";
import { type CoseSign1, readCoseSign1 } from "./cose.ts";
import { type Payload, readPayload } from "./payload.ts";

/** Name of the document for the person who gave it. */
export const INPUT = "document";
/** Largest document, bytes: AWS's have 4 to 6 KiB, and the fields' own limits leave room for 20. */
const MAX_BYTES = 32 * 1024;

/** A document; nothing of it was verified. */
export interface ParsedDocument extends Payload {
  /** The message that carries it. */
  readonly message: CoseSign1;
}

/**
 * Reads a document: the operation `nitro_document`.
 *
 * @param parts The document.
 * @throws {RejectedError} `nitro.cbor`, `nitro.cose`, `nitro.algorithm`, `nitro.field`,
 * `nitro.kind`, `nitro.pcr_length`
 * @throws {InputError} `input.*`
 */
export function nitroDocument(parts: readonly Uint8Array[]): NitroDocument {
  const [file = new Uint8Array()] = argumentsOf(parts, 1);
  return parseDocument(file).document;
}

/**
 * Reads a document with its message.
 *
 * @param file The document.
 * @throws {RejectedError} those of {@linkcode nitroDocument}.
 * @throws {InputError} `input.*`
 */
export function parseDocument(file: Uint8Array): ParsedDocument {
  checkSize(file, INPUT, MAX_BYTES);
  const message = readCoseSign1(file);
  return { ...readPayload(message.payload), message };
}

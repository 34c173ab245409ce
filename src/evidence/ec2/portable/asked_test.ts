/**
 * Test support: asks both engines about identity documents. Holds no
 * tests of its own.
 *
 * @module
 */

import type { Engine } from "../../../core/crypto.ts";
import { agreeingEngine } from "../../../../tests/portable/strict.ts";
import { readEc2Identity } from "../mod.ts";
import type { Ec2Identity } from "../report.ts";
import { operations } from "./mod.ts";
import {
  attributesOf,
  NOW,
  regionCertificate,
  type SignatureParts,
  writeDocument,
  writeSignature,
} from "./signed_test.ts";

/** Both engines, which must agree. */
export const engine: Engine = agreeingEngine(operations);

/** A document. */
export const document = writeDocument();
/** The region's certificate. */
export const certificate = await regionCertificate();
/** The attributes that are signed in place of the document. */
export const attributes = await attributesOf(document);

/** Parts of a question; each can be bent. */
export interface Asked {
  readonly document: Uint8Array;
  readonly signature: Uint8Array;
  readonly certificate: Uint8Array;
  readonly now: Date;
}

/** Asks about a document that is rightly signed, but for what is given. */
export async function read(bent: Partial<Asked> = {}): Promise<Ec2Identity> {
  const signature = bent.signature ?? await writeSignature(bent.document ?? document);
  const all = { document, certificate, now: NOW, ...bent, signature };
  return await readEc2Identity(engine, all.document, all.signature, all.certificate, all.now);
}

/** Asks about the document with a signature that is right but for some parts. */
export async function readSigned(parts: Partial<SignatureParts>): Promise<Ec2Identity> {
  return await read({ signature: await writeSignature(document, parts) });
}

/** Text as bytes. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

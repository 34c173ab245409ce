/**
 * Attestation documents as a person sees them, of enclaves and of NitroTPMs alike.
 *
 * Nothing shown here is verified.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import type { Shown } from "../../core/shown.ts";
import { readNitroDocument } from "./document.ts";
import { looksLikeDocument } from "./looks.ts";
import { KINDS, type NitroKind } from "./kind.ts";
import { sectionsOf } from "./tell.ts";

/** What takes a document of a kind. */
const USED_BY: Readonly<Record<NitroKind, string>> = {
  enclave: "casemate evidence verify nitro-enclave --document",
  tpm: "casemate evidence verify aws-nitro-tpm --document",
};

/**
 * Says what a file is, if it is an attestation document.
 *
 * @param engine Verification engine.
 * @param bytes The file.
 * @throws {RejectedError} when it is one, but damaged.
 */
export async function show(engine: Engine, bytes: Uint8Array): Promise<Shown | null> {
  if (!looksLikeDocument(bytes)) return null;
  const document = await readNitroDocument(engine, bytes);
  const { title } = KINDS[document.kind];
  return {
    kind: `nitro-${document.kind}-document`,
    title: `${title.charAt(0).toUpperCase()}${title.slice(1)} (not verified)`,
    usedBy: USED_BY[document.kind],
    sections: sectionsOf(document),
  };
}

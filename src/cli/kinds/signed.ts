/**
 * Says what a signed document is, and who signed it by its own word.
 *
 * @module
 */

import { BUNDLE_TYPE, readBundle } from "../../collateral/bundle.ts";
import { readDsse } from "../../core/dsse.ts";
import type { Shown, ShownSection } from "../../core/shown.ts";
import { REFERENCE_MEDIA_TYPE } from "../../policy/reference/authority.ts";
import { documentOf } from "../../policy/reference/signed.ts";
import { bundleSection, referenceSections } from "./content.ts";
import { documentShown } from "./where.ts";

/** What to call it in errors, which name the file themselves. */
const NAME = "it";

/**
 * Says what a DSSE envelope holds.
 *
 * @param bytes The file.
 * @throws {InputError} `dsse.malformed` and others where it is damaged.
 */
export function showSigned(bytes: Uint8Array): Shown {
  const { payloadType, payload, signatures } = readDsse(bytes, NAME);
  const signers: ShownSection = {
    title: "Signed by, by its own word",
    rows: signatures.map(({ keyid }) => ({
      name: "key",
      value: keyid === "" ? "not named" : keyid,
      meaning: "the signature is not verified here",
    })),
  };
  switch (payloadType) {
    case REFERENCE_MEDIA_TYPE: {
      const sections = referenceSections(documentOf(payload, NAME));
      return documentShown("signed-reference-values", [signers, ...sections]);
    }
    case BUNDLE_TYPE:
      return documentShown("signed-collateral", [
        signers,
        bundleSection(readBundle(payload, NAME)),
      ]);
    default: {
      const type = { title: "Document", rows: [{ name: "type", value: payloadType }] };
      return documentShown("signed-document", [type, signers]);
    }
  }
}

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
import { manifestIn } from "../../manifest/read.ts";
import { type Manifest, MANIFEST_TYPE, TICKET_TYPE } from "../../protocol/manifest.ts";
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
    case MANIFEST_TYPE:
      return documentShown("manifest", [signers, manifestSection(manifestIn(payload, NAME))]);
    case TICKET_TYPE:
      return documentShown("ticket", [signers]);
    default: {
      const type = { title: "Document", rows: [{ name: "type", value: payloadType }] };
      return documentShown("signed-document", [type, signers]);
    }
  }
}

function manifestSection(
  { clusterId, sequence, issued, notAfter, groups }: Manifest,
): ShownSection {
  const row = (name: string, value: string) => ({ name, value });
  return {
    title: "Manifest",
    rows: [
      row("cluster id", clusterId),
      row("sequence", `${sequence}`),
      row("counts", `${issued} to ${notAfter}`),
      row("groups", groups.map(({ name }) => name).join(", ")),
    ],
  };
}

/**
 * Bends by name: each makes a document that is refused, with the code that it says.
 *
 * @module
 */

import { CERTIFICATE_BENDS } from "./certificate_bends.ts";
import { DOCUMENT_BENDS } from "./document_bends.ts";
import { LIST_BENDS } from "./list_bends.ts";
import type { NamedNitroBends } from "./named_bend.ts";

export { NITRO_CLAIM_BENDS } from "./claim_bends.ts";
export type { NamedNitroBend, NamedNitroBends, NitroBendContext, NitroFile } from "./named_bend.ts";

/** Those that make a document which is not genuine. */
export const NITRO_BENDS: NamedNitroBends = {
  ...DOCUMENT_BENDS,
  ...CERTIFICATE_BENDS,
  ...LIST_BENDS,
};

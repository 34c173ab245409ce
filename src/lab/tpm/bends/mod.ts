/**
 * Bends by name: each makes evidence that is refused, with the code that it says.
 *
 * @module
 */

import { CERTIFICATE_BENDS } from "./certificate_bends.ts";
import { LOG_BENDS } from "./log_bends.ts";
import type { NamedTpmBends } from "./named_bend.ts";
import { QUOTE_BENDS } from "./quote_bends.ts";

export type { BendContext, NamedTpmBend, NamedTpmBends, TpmFile } from "./named_bend.ts";

/** All of them. */
export const TPM_BENDS: NamedTpmBends = { ...QUOTE_BENDS, ...LOG_BENDS, ...CERTIFICATE_BENDS };

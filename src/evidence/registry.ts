/**
 * All technologies that can be verified. A new one is one line here.
 *
 * @module
 */

import { sevSnp } from "./snp/mod.ts";
import { tdx } from "./tdx/mod.ts";
import { tpm } from "./tpm/mod.ts";

/** The technologies, in the order in which they are shown. */
export const technologies: readonly [typeof sevSnp, typeof tdx, typeof tpm] = [
  sevSnp,
  tdx,
  tpm,
];

/** Ids of the technologies. */
export type TechnologyId = (typeof technologies)[number]["id"];

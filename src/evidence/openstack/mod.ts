/**
 * OpenStack VM with a vTPM: a program of the host, which nobody vouches for.
 *
 * @module
 */

import { type VtpmVariant, vtpmVariant } from "../tpm/variant.ts";
import { VARIANTS } from "../variants/table.ts";

/** The variant `openstack`. */
export const openstack: VtpmVariant<"openstack"> = vtpmVariant(
  "openstack",
  VARIANTS["openstack"],
  { yes: [], no: VARIANTS["openstack"].provesNot },
);

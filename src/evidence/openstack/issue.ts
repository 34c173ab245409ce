/**
 * Evidence of an OpenStack VM with a vTPM, collected on the node.
 *
 * @module
 */

import type { Issuer } from "../device/issuer.ts";
import { bareTpmIssuer } from "../tpm/bare_issue.ts";

/** Collects evidence of `openstack`. */
export const openstackIssuer: Issuer = bareTpmIssuer("openstack");

/**
 * What certificates and endorsements of Google prove, and the flags that pin them.
 *
 * @module
 */

import type { Claim, PolicyFlag } from "../evidence.ts";

/** Of the instance. */
export const INSTANCE_CLAIMS: readonly Claim[] = [
  {
    says: "the instance is of the project that you expected, by Google's word",
    needs: ["tpm.ak-root", "tpm.ak-chain", "gce.instance", "gce.project", "gce.production"],
    otherwise: "whose instance it is: anybody can start the same image in a project of their own",
  },
];

/** Of the firmware. */
export const FIRMWARE_CLAIMS: readonly Claim[] = [
  {
    says: "the firmware that started is one that Google endorses",
    needs: ["gce.endorsement", "gce.firmware"],
    otherwise: "that Google endorses the firmware",
  },
];

/** Flags. */
export const INSTANCE_FLAGS: readonly PolicyFlag[] = [
  {
    flag: "project",
    key: "project",
    value: "ID",
    multiple: false,
    number: false,
    says: "project that the instance must be of, id or number",
  },
  {
    flag: "zone",
    key: "zones",
    value: "NAME",
    multiple: true,
    number: false,
    says: "zone that it may be in",
  },
  {
    flag: "instance",
    key: "instances",
    value: "NAME",
    multiple: true,
    number: false,
    says: "instance that it may be, name or number",
  },
];

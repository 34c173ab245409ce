/**
 * What an identity document proves, and the flags that pin it.
 *
 * @module
 */

import type { Claim, PolicyFlag } from "../evidence.ts";

/** Claims. */
export const INSTANCE_CLAIMS: readonly Claim[] = [
  {
    says: "the instance belongs to the account that you expected, by AWS's word",
    needs: ["ec2.identity", "ec2.instance", "ec2.account"],
    otherwise: "whose instance it is: anybody can start one of the same image in another account",
  },
];

/** Flags. */
export const INSTANCE_FLAGS: readonly PolicyFlag[] = [
  {
    flag: "account",
    key: "account",
    value: "DIGITS",
    multiple: false,
    number: false,
    says: "account that the instance must belong to, by its identity document",
  },
  {
    flag: "region",
    key: "regions",
    value: "NAME",
    multiple: true,
    number: false,
    says: "region that it may be in, by its identity document",
  },
];

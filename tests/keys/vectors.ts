/**
 * What Python computed from the protocol's text (`tests/python/derivations.py`).
 *
 * @module
 */

import type { KeyName } from "../../src/keys/derive.ts";
import keys from "./vectors.json" with { type: "json" };

/** A key inside a cluster. */
export type KeyCase = KeyName & { readonly root: string; readonly expected: string };

/** Roots of epochs. */
export const EPOCH_ROOTS = keys.epochRoots;

/** Master secrets of which a key service holds one half. */
export const KMS_ROOTS = keys.kmsRoots;

/** Keys inside clusters. */
export const KEY_CASES: readonly KeyCase[] = keys.keys.map(({ purpose, ...rest }) => ({
  ...rest,
  purpose: purposeOf(purpose),
}));

function purposeOf(name: string): KeyName["purpose"] {
  switch (name) {
    case "disk":
    case "volume":
    case "s3":
    case "etcd":
    case "ssh-ca":
      return name;
    default:
      throw new Error(`The vectors have a key of ${name}`);
  }
}

/**
 * Bends of revocation lists.
 *
 * @module
 */

import type { Bend } from "../../bend.ts";
import type { CrlDescription } from "../../crl.ts";
import { addDays } from "../../dates.ts";
import { deltaCrlIndicator, issuingDistributionPoint } from "../../extension.ts";
import { nitroName, nitroRevoked, nitroSerial } from "../hierarchy.ts";
import type { NamedNitroBend, NamedNitroBends, NitroBendContext } from "./named_bend.ts";

const list = (
  which: "rootCrl" | "regionCrl",
  [says, code]: readonly [says: string, code: string],
  make: (context: NitroBendContext) => Bend<CrlDescription> | Promise<Bend<CrlDescription>>,
): NamedNitroBend => ({
  says,
  code: `nitro.${code}`,
  files: [which],
  bends: async (context) => ({ [which]: await make(context) }),
});

/** All of them. */
export const LIST_BENDS: NamedNitroBends = {
  "region-revoked": list("rootCrl", ["The region is revoked", "revoked"], async (
    { authority, now },
  ) => ({ revoked: [nitroRevoked(await nitroSerial(authority.region.key), now)] })),
  "zone-revoked": list("regionCrl", ["The zone is revoked", "revoked"], async (
    { authority, now },
  ) => ({ revoked: [nitroRevoked(await nitroSerial(authority.zone.key), now)] })),
  "crl-expired": list("regionCrl", ["The region's list expired yesterday", "crl_expired"], (
    { now },
  ) => ({ thisUpdate: addDays(now, -8), nextUpdate: addDays(now, -1) })),
  "crl-tomorrow": list("regionCrl", ["The region's list is of tomorrow", "crl_not_yet_valid"], (
    { now },
  ) => ({ thisUpdate: addDays(now, 1) })),
  "crl-endless": list("regionCrl", ["The region's list says of no end", "crl_shape"], () => ({
    nextUpdate: null,
  })),
  "crl-delta": list(
    "regionCrl",
    ["The region's list adds to another", "crl_shape"],
    () => (crl) => ({
      ...crl,
      extensions: [...crl.extensions, deltaCrlIndicator(1)],
    }),
  ),
  "crl-point": list(
    "regionCrl",
    ["The region's list is of another distribution point", "crl_shape"],
    () => (crl) => ({
      ...crl,
      extensions: [...crl.extensions, issuingDistributionPoint("lab:nitro/other.crl")],
    }),
  ),
  "crl-forged": list(
    "regionCrl",
    ["The region's list is signed by the zone", "crl_signature"],
    ({ authority }) => ({ signWith: authority.zone.key }),
  ),
  "crl-issuer": list("regionCrl", ["The list is of another authority", "crl_issuer"], () => ({
    issuer: nitroName("foreign.nitro-enclaves"),
  })),
};

/**
 * Bends of what a genuine document says, which only an expectation refuses.
 *
 * @module
 */

import type { NitroPayloadDescription } from "../payload.ts";
import type { Bend } from "../../bend.ts";
import type { NamedNitroBend, NamedNitroBends } from "./named_bend.ts";

const claim = (
  [says, code]: readonly [says: string, code: string],
  payload: Bend<NitroPayloadDescription>,
): NamedNitroBend => ({
  says,
  code: `nitro.${code}`,
  files: ["document"],
  bends: () => ({ payload }),
});

const FOREIGN = new TextEncoder().encode("of somebody else");

/** What is said otherwise than expected, signed as everything is. */
export const NITRO_CLAIM_BENDS: NamedNitroBends = {
  nonce: claim(["The document answers another nonce", "nonce_mismatch"], { nonce: FOREIGN }),
  "no-nonce": claim(["The document answers no nonce", "nonce_mismatch"], { nonce: null }),
  "user-data": claim(["The document is tied to something else", "user_data_mismatch"], {
    userData: FOREIGN,
  }),
  debug: claim(["All registers are zero, as in debug mode", "debug"], (payload) => ({
    ...payload,
    registers: payload.registers.map(([register, value]) => [register, value.map(() => 0)]),
  })),
};

/**
 * What a trusted verdict on a trust domain on Google Cloud proves, for a person.
 *
 * @module
 */

import type { Claim } from "../evidence.ts";
import { FIRMWARE_CLAIMS } from "../gce/proves.ts";

/** Claims beside those about the quote. */
export const GCP_TDX_CLAIMS: readonly Claim[] = [
  {
    says: "kernel and command line are those that you expected",
    needs: ["tdx.rtmr1", "tdx.rtmr2"],
    otherwise: "which kernel and command line run",
  },
  {
    says: "the firmware that started is the one that you expected",
    needs: ["tdx.mrtd"],
    otherwise: "that the firmware is one that you pinned",
  },
  ...FIRMWARE_CLAIMS,
  {
    says:
      "the event log led to the quoted registers, so that the digests that it lists for them were measured",
    needs: ["logs.log", "logs.data", "logs.replay"],
    otherwise: "what was measured, event by event",
  },
  {
    says: "Secure Boot was on, by the firmware's word",
    needs: ["logs.replay", "gce.secure-boot"],
    otherwise: "that Secure Boot was on",
  },
];

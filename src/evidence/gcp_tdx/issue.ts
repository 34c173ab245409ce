/**
 * Evidence of a trust domain on Google Cloud, collected on the node.
 *
 * @module
 */

import { tdEventLog } from "../device/event_log.ts";
import type { Issuer } from "../device/issuer.ts";
import { reportDataOf } from "../statement/binding.ts";
import { issueQuote } from "../tdx/issue.ts";

/** Collects evidence of `gcp-tdx`. */
export const gcpTdxIssuer: Issuer = {
  variant: "gcp-tdx",
  issue: async (devices, { binding }) => {
    const quote = await issueQuote(devices, "gcp-tdx", reportDataOf(binding, new Uint8Array()));
    // After the quote: the log then holds what the quoted registers hold, and perhaps more.
    return { quote, ...await tdEventLog(devices) };
  },
};

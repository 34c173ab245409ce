/**
 * A double of Azure's metadata service as far as it hands out AMD's
 * certificates.
 *
 * Shapes are those of Microsoft's "Trusted Hardware Identity Management", "How do I request collateral in a Confidential
 * Virtual Machine": GET of one address with the header `Metadata`, 200 with JSON of `vcekCert`, `tcbm`,
 * `certificateChain`, `cacheControl`. From memory: that `tcbm` is the TCB as one number in hex, that a request without
 * the header is answered 400.
 *
 * @module
 */

import { toHex } from "../../src/core/bytes.ts";
import { pem } from "../../src/lab/mod.ts";
import { type VendorDouble, vendorDouble } from "./vendor.ts";

/** Whose certificates it has. */
export interface ThimState {
  /** VCEK, DER. */
  leaf: Uint8Array;
  /** ASK and ARK, PEM. */
  chain: string;
  /** TCB of the VCEK as it stands in memory, 8 bytes. */
  tcb: Uint8Array;
}

/** Address of the service. */
export const THIM_ORIGIN = "http://169.254.169.254";

/**
 * Makes the double.
 *
 * @param state Whose certificates it has; tests change it.
 */
export function fakeThim(state: ThimState): VendorDouble & { readonly state: ThimState } {
  const own = { ...state };
  return Object.assign(
    vendorDouble((url, request) => {
      if (url.pathname !== "/metadata/THIM/amd/certification") return status(404);
      if (request.headers.get("Metadata")?.toLowerCase() !== "true") return status(400);
      return Promise.resolve(Response.json({
        vcekCert: pem("CERTIFICATE", own.leaf),
        tcbm: toHex(own.tcb.slice().reverse()).toUpperCase(),
        certificateChain: own.chain,
        cacheControl: "86400",
      }));
    }),
    { state: own },
  );
}

function status(code: number): Promise<Response> {
  return Promise.resolve(new Response(null, { status: code }));
}

/**
 * Asking servers, on Deno. Proxies are those of the environment
 * (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`), certificates those that Deno trusts.
 *
 * @module
 */

import type { Http } from "../core/ports.ts";
import { fetchHttp, innermostReason } from "./fetch_http.ts";

/** Servers. */
export const denoHttp: Http = fetchHttp({ init: { credentials: "omit" }, reasonOf });

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotCapable) {
    return "this program was started without permission for it";
  }
  return innermostReason(cause);
}

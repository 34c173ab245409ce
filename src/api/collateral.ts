/**
 * The mirror of vendors, below a path of the service.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";
import { itemOfKey } from "../evidence/collateral_items.ts";
import type { Outcome } from "./answer.ts";
import { createHandler, MAX_UNDER_WAY } from "./mirror.ts";
import type { ServiceParts } from "./parts.ts";
import { COLLATERAL_PATH } from "./routes.ts";

/**
 * Makes what answers below that path.
 *
 * @param parts The service.
 */
export function collateralAnswer(
  parts: ServiceParts,
): (request: Request, url: URL) => Promise<Outcome> {
  const { collateral, engine, labRoots, clock, limits } = parts;
  if (collateral === null) return () => Promise.reject(nothing());
  const context = { engine, labRoots };
  // Where nothing bounds verifications, nothing bounds this either.
  const most = Math.max(MAX_UNDER_WAY, limits?.underWay ?? 0);
  const handle = createHandler({ collateral, itemOfKey, context, clock, most });
  return async ({ method }, { pathname, search }) => {
    const below = pathname.slice(COLLATERAL_PATH.length);
    const response = await handle({ method, pathname: below, search });
    return { response, code: response.ok ? null : await codeOf(response) };
  };
}

function nothing(): InputError {
  return new InputError("Cannot answer this path: nothing of vendors is kept here", {
    code: "api.not_found",
  });
}

async function codeOf(response: Response): Promise<string | null> {
  // A refusal to HEAD has no body.
  const body: unknown = response.body === null ? null : await response.clone().json();
  const code: unknown = Object(body).code;
  return typeof code === "string" ? code : null;
}

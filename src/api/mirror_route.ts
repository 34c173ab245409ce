/**
 * Which thing a path is about. Nothing but vendors' own paths is known.
 *
 * @module
 */

import type { CollateralService } from "../evidence/collateral.ts";

/** How a body goes out: as it came, or in hexadecimal, as Intel's PCCS gives lists. */
export type Form = "as-it-is" | "hex";

/** What a path is about. */
export interface Route {
  /** Key that an item could have; whether one does is for who knows items. */
  readonly key: string;
  /** How the body goes out. */
  readonly form: Form;
}

/** Beginnings of paths, and whose they are. */
const SERVICES: readonly (readonly [string, CollateralService])[] = [
  ["/vcek/v1/", "amd-kds"],
  ["/vlek/v1/", "amd-kds"],
  ["/sgx/certification/v4/", "intel-pcs"],
  ["/tdx/certification/v4/", "intel-pcs"],
  ["/IntelSGXRootCA.der", "intel-certificates"],
];

/** Where Intel's PCCS has the list of the root, which the vendor has at another host. */
const PCCS_ROOT_CRL = /^\/(?:sgx|tdx)\/certification\/v4\/rootcacrl$/;

/** Where it has the lists of authorities: in hexadecimal, unless DER is asked for. */
const PCK_CRL = "/sgx/certification/v4/pckcrl";

/** Order of parameters in keys: AMD 57230 §4.2 and Intel's descriptions name them so; a client may write another. */
const PARAMETERS: readonly string[] = [
  "fmcSPL",
  "blSPL",
  "teeSPL",
  "snpSPL",
  "ucodeSPL",
  "fmspc",
  "ca",
  "encoding",
  "update",
  "tcbEvaluationDataNumber",
];

/**
 * Reads a path.
 *
 * @param pathname Path, as a URL has it.
 * @param search Query with its question mark; empty where there is none.
 * @returns Null where no vendor has such a path.
 */
export function routeOf(pathname: string, search: string): Route | null {
  if (PCCS_ROOT_CRL.test(pathname) && search === "") {
    return { key: "intel-certificates/IntelSGXRootCA.der", form: "hex" };
  }
  const service = SERVICES.find(([start]) => pathname.startsWith(start))?.[1];
  const query = orderedQuery(search);
  if (service === undefined || query === null) return null;
  const asked = new Map(query);
  if (pathname === PCK_CRL && !asked.has("encoding")) {
    return { key: `${service}${PCK_CRL}${textOf([...query, ["encoding", "der"]])}`, form: "hex" };
  }
  return { key: `${service}${pathname}${textOf(query)}`, form: "as-it-is" };
}

type Query = readonly (readonly [string, string])[];

/** Parameters in the order of keys; null where one is unknown or there twice. */
function orderedQuery(search: string): Query | null {
  const given = [...new URLSearchParams(search)];
  const names = given.map(([name]) => name);
  if (new Set(names).size < names.length) return null;
  if (!names.every((name) => PARAMETERS.includes(name))) return null;
  return given.sort(([a], [b]) => PARAMETERS.indexOf(a) - PARAMETERS.indexOf(b));
}

function textOf(query: Query): string {
  return query.length === 0 ? "" : `?${query.map(([name, value]) => `${name}=${value}`).join("&")}`;
}

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

/** Documents whose query may leave out which TCB recovery it means (PCS v4, parameter `update`). */
const OF_A_RECOVERY: readonly string[] = [
  "/tdx/certification/v4/tcb",
  "/tdx/certification/v4/qe/identity",
];
const RECOVERIES: readonly string[] = ["update", "tcbEvaluationDataNumber"];

/** How a client may write a value, and how keys do. */
type Writing = (value: string) => string;

const lower: Writing = (value) => value.toLowerCase();
const exact: Writing = (value) => value;

/** Decimal with two digits at least: AMD takes it without zeros in front, too. */
const twoDigits: Writing = (value) =>
  /^[0-9]{1,3}$/.test(value) ? String(Number(value)).padStart(2, "0") : value;

/** Parameters in the order of keys, which is the vendors' own (AMD 57230 §4.1, Intel's descriptions); a client may write another. */
const PARAMETERS: ReadonlyMap<string, Writing> = new Map([
  ["fmcSPL", twoDigits],
  ["blSPL", twoDigits],
  ["teeSPL", twoDigits],
  ["snpSPL", twoDigits],
  ["ucodeSPL", twoDigits],
  ["fmspc", lower],
  ["ca", lower],
  ["encoding", lower],
  ["update", lower],
  ["tcbEvaluationDataNumber", exact],
]);
const ORDER: readonly string[] = [...PARAMETERS.keys()];

/** Hardware ids, of 8 and of 64 bytes. */
const HARDWARE_ID = /\/(?:[0-9a-fA-F]{16}|[0-9a-fA-F]{128})$/;

type Query = readonly (readonly [string, string])[];

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
  const path = pathname.replace(HARDWARE_ID, lower);
  const given = query.map(([name]) => name);
  const whole = [...query, ...absentOf(path, given)];
  const form = path === PCK_CRL && !given.includes("encoding") ? "hex" : "as-it-is";
  return { key: `${service}${path}${textOf(whole)}`, form };
}

/** What a query that leaves it out means. */
function absentOf(path: string, given: readonly string[]): Query {
  if (path === PCK_CRL && !given.includes("encoding")) return [["encoding", "der"]];
  if (!OF_A_RECOVERY.includes(path) || given.some((name) => RECOVERIES.includes(name))) return [];
  return [["update", "standard"]];
}

/** Parameters in the order and writing of keys; null where one is unknown or there twice. */
function orderedQuery(search: string): Query | null {
  const given = [...new URLSearchParams(search)];
  const names = new Set(given.map(([name]) => name));
  if (names.size < given.length || ![...names].every((name) => PARAMETERS.has(name))) return null;
  return given.map(([name, value]) => [name, PARAMETERS.get(name)?.(value) ?? value] as const)
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
}

function textOf(query: Query): string {
  return query.length === 0 ? "" : `?${query.map(([name, value]) => `${name}=${value}`).join("&")}`;
}

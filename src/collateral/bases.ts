/**
 * Addresses of services: the vendors', or what the operator put in their place.
 * Evidence never says one.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";
import type { CollateralItem, CollateralService } from "../evidence/collateral.ts";
import type { CollateralOptions } from "./collateral.ts";
import { SERVICES } from "./services.ts";

/** What paths of items consist of; percent signs would have a second reading. */
const PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+(?:\?[A-Za-z0-9=&._-]+)?$/;

/** Addresses by service. */
export type Bases = Readonly<Record<CollateralService, string>>;

/**
 * Reads the operator's addresses.
 *
 * @param given By service; the vendors' stand where there is none.
 * @throws {InputError} `collateral.base`
 */
export function readBases(given: CollateralOptions["bases"] = {}): Bases {
  const base = (service: CollateralService): string => {
    const mirror = given[service];
    return mirror === undefined ? SERVICES[service].base : readBase(mirror, service);
  };
  return {
    "amd-kds": base("amd-kds"),
    "intel-pcs": base("intel-pcs"),
    "intel-certificates": base("intel-certificates"),
    "azure-thim": base("azure-thim"),
  };
}

function readBase(text: string, service: CollateralService): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url !== null && /^https?:$/.test(url.protocol) && url.search === "" &&
    url.hash === "" && url.username === "" && url.password === "" && !/[?#]/.test(text);
  if (plain) return url.href.replace(/\/+$/, "");
  throw new InputError(
    `Cannot use ${JSON.stringify(text)} in place of ${
      SERVICES[service].title
    }: expected an address as https://mirror.example:8443`,
    { code: "collateral.base", fields: { service, address: text } },
  );
}

/**
 * The address of an item.
 *
 * @param item The item.
 * @param bases Addresses of services.
 * @throws {TypeError} where its path is none, which only calling code can give.
 */
export function urlOf({ service, path, key }: CollateralItem, bases: Bases): string {
  if (PATH.test(path) && !path.split(/[/?]/).includes("..")) return `${bases[service]}${path}`;
  throw new TypeError(`Cannot ask for ${key}: its path is none`);
}

/**
 * Names of collateral and paths of mirrors: whatever is asked for, the vendors'
 * own addresses are all that anybody can make this program ask.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { routeOf } from "../../../src/api/mirror_route.ts";
import { SERVICES } from "../../../src/collateral/services.ts";
import type { CollateralItem } from "../../../src/evidence/collateral.ts";
import { itemOfKey } from "../../../src/evidence/collateral_items.ts";
import { editText } from "../../bends/byte_edits.ts";
import { type Kind, kindOf } from "../kind.ts";
import { timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";

const CHIP = "c1".repeat(64);
const SPLS = "blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84";

/** A key of each form. */
export const KEYS: readonly string[] = [
  `amd-kds/vcek/v1/Genoa/${CHIP}?${SPLS}`,
  `amd-kds/vcek/v1/Turin/${"c1".repeat(8)}?fmcSPL=01&${SPLS}`,
  "amd-kds/vcek/v1/Milan/cert_chain",
  "amd-kds/vlek/v1/Genoa/crl",
  `azure-thim/metadata/THIM/amd/certification/${CHIP}?${SPLS}`,
  "intel-pcs/tdx/certification/v4/tcb?fmspc=90c06f000000&update=standard",
  "intel-pcs/tdx/certification/v4/tcb?fmspc=90c06f000000&tcbEvaluationDataNumber=18",
  "intel-pcs/tdx/certification/v4/qe/identity?update=early",
  "intel-pcs/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
  "intel-pcs/sgx/certification/v4/rootcacrl",
  "intel-certificates/IntelSGXRootCA.der",
];

/** What readers of addresses stumble over. */
const PIECES: readonly string[] = [
  ...["/", "//", "/../", "/./", "\\", "%2f", "%2e%2e/", "?", "&", "#", "@", ":", "%00", "\n", "\t"],
  ...["@evil.example/", "https://evil.example/", "?a=b", "&update=early", "&encoding=der", "%"],
  ...[
    "Genoa",
    "Turin",
    "vlek",
    "amd-kds",
    "intel-pcs",
    "0",
    "00",
    "256",
    "999999999",
    "é",
    "\u202e",
  ],
];

/** Steps over any address. */
export const ADDRESS_STEPS: StepTable<string> = {
  "as it is": (text) => text,
  "text": editText,
  "piece": (text, dice) => {
    const at = dice.below(text.length + 1);
    return text.slice(0, at) + dice.pick(PIECES) + text.slice(at);
  },
  "piece at the end": (text, dice) => text + dice.pick(PIECES),
  "cut": (text, dice) => text.slice(0, dice.below(text.length)),
  "other case": (text, dice) => dice.once(2) ? text.toUpperCase() : text.toLowerCase(),
  "parameter gone": (text, dice) => {
    const [path = "", query = ""] = text.split("?");
    const all = query.split("&");
    all.splice(dice.below(all.length), 1);
    return `${path}?${all.join("&")}`;
  },
  "parameters turned": (text) => {
    const [path = "", query = ""] = text.split("?");
    return `${path}?${query.split("&").reverse().join("&")}`;
  },
  "joined": (text, dice) => text + dice.pick(KEYS),
};

/** Asserts that an item is asked for where its vendor is, and nowhere else. */
export function assertOwnAddress(item: CollateralItem): void {
  const { base } = SERVICES[item.service];
  const url = new URL(`${base}${item.path}`);
  assert.equal(url.href, `${base}${item.path}`, "it is written as it is asked for");
  assert.equal(url.origin, new URL(base).origin);
  assert.deepEqual([url.username, url.password, url.hash], ["", "", ""]);
  assert.match(item.key, /^[A-Za-z0-9/?=&._-]{1,400}$/);
  assert.ok(item.key.startsWith(`${item.service}${item.path.split("?")[0]}`), item.key);
}

function endOf(key: string): string {
  const item = itemOfKey(key);
  if (item !== null) {
    assert.equal(item.key, key, "one key for one thing");
    for (const one of [item, ...item.needs ?? [], ...item.instead ?? []]) {
      assertOwnAddress(one);
      assert.equal(itemOfKey(one.key)?.path, one.path, "what it needs has a key, too");
    }
  }
  return item === null ? routed(key) : item.kind;
}

/** The same as a path of a mirror: what is found has a key, and that is found again at its own path. */
function routed(path: string): string {
  const [pathname = "", ...rest] = path.replace(/^[a-z-]*/, "").split("?");
  // A question mark alone is no query in an address that was read.
  const query = rest.join("?");
  const route = routeOf(pathname, query === "" ? "" : `?${query}`);
  const item = route === null ? null : itemOfKey(route.key);
  if (item === null) return route === null ? "no path" : "no item";
  assertOwnAddress(item);
  const [own = "", asked] = item.path.split("?");
  assert.equal(routeOf(own, asked === undefined ? "" : `?${asked}`)?.key, item.key);
  return `path of ${item.kind}`;
}

interface Given {
  readonly key: number;
  readonly steps: readonly Step[];
}

/** Keys. */
export const itemKey: Kind = kindOf<Given>({
  id: "item-key",
  says: "names of collateral",
  given: () =>
    Promise.resolve(
      fc.record({ key: fc.nat(KEYS.length - 1), steps: someSteps(ADDRESS_STEPS, { "text": 4 }) }),
    ),
  async judge({ key: at, steps }) {
    const key = await takeSteps(ADDRESS_STEPS, KEYS[at] ?? "", steps);
    return await timed(() => Promise.resolve(endOf(key)), { key: new TextEncoder().encode(key) });
  },
});

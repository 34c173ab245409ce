import { equal, notEqual } from "node:assert/strict";
import { itemOfKey } from "../evidence/collateral_items.ts";
import { routeOf } from "./mirror_route.ts";

const ID = "c5".repeat(64);
const GENOA = `/vcek/v1/Genoa/${ID}`;
const TCB = "/tdx/certification/v4/tcb";

/** What clients ask, and the key that it is about. */
const ASKED: readonly (readonly [asked: string, key: string])[] = [
  [
    `${GENOA}?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84`,
    `amd-kds${GENOA}?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84`,
  ],
  [
    `/vcek/v1/Genoa/${ID.toUpperCase()}?teeSPL=0&ucodeSPL=084&snpSPL=23&blSPL=10`,
    `amd-kds${GENOA}?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84`,
  ],
  [
    "/vcek/v1/Turin/c5c5c5c5c5c5c5c5?fmcSPL=1&blSPL=1&teeSPL=1&snpSPL=1&ucodeSPL=200",
    "amd-kds/vcek/v1/Turin/c5c5c5c5c5c5c5c5?fmcSPL=01&blSPL=01&teeSPL=01&snpSPL=01&ucodeSPL=200",
  ],
  ["/vcek/v1/Milan/cert_chain", "amd-kds/vcek/v1/Milan/cert_chain"],
  ["/vlek/v1/Milan/crl", "amd-kds/vlek/v1/Milan/crl"],
  [`${TCB}?fmspc=90C06F000000`, `intel-pcs${TCB}?fmspc=90c06f000000&update=standard`],
  [`${TCB}?update=early&fmspc=90c06f000000`, `intel-pcs${TCB}?fmspc=90c06f000000&update=early`],
  [
    `${TCB}?fmspc=90c06f000000&tcbEvaluationDataNumber=17`,
    `intel-pcs${TCB}?fmspc=90c06f000000&tcbEvaluationDataNumber=17`,
  ],
  [
    "/tdx/certification/v4/qe/identity",
    "intel-pcs/tdx/certification/v4/qe/identity?update=standard",
  ],
  [
    "/sgx/certification/v4/pckcrl?ca=PLATFORM&encoding=DER",
    "intel-pcs/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
  ],
  ["/IntelSGXRootCA.der", "intel-certificates/IntelSGXRootCA.der"],
];

function route(asked: string): ReturnType<typeof routeOf> {
  const [path = "", query] = asked.split("?");
  return routeOf(path, query === undefined ? "" : `?${query}`);
}

for (const [asked, key] of ASKED) {
  Deno.test(`routeOf() knows ${asked.replace(/c5c5(?:c5|C5)+/i, "ID")}`, () => {
    equal(route(asked)?.key, key);
    equal(route(asked)?.form, "as-it-is");
    notEqual(itemOfKey(key), null);
  });
}

Deno.test("routeOf() gives lists as a PCCS does where nobody asks for DER", () => {
  const crl = route("/sgx/certification/v4/pckcrl?ca=processor");
  const root = route("/sgx/certification/v4/rootcacrl");

  equal(crl?.key, "intel-pcs/sgx/certification/v4/pckcrl?ca=processor&encoding=der");
  equal(root?.key, "intel-certificates/IntelSGXRootCA.der");
  equal(`${crl?.form} ${root?.form}`, "hex hex");
});

Deno.test("routeOf() finds no item behind what no vendor has", () => {
  const others = [
    "/",
    "/vcek/v1/Genoa",
    "/vcek/v1/../Genoa/crl",
    "/vcek/v1//crl",
    "/vcek/v2/Genoa/crl",
    "/vcek/v1/Genoa/crl?x=1",
    "/vcek/v1/Genoa/crl?ca=platform",
    `${GENOA}?blSPL=10&teeSPL=00&snpSPL=23`,
    `${GENOA}?blSPL=10&blSPL=11&teeSPL=00&snpSPL=23&ucodeSPL=84`,
    `${GENOA}?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=999`,
    `${GENOA}?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=-1`,
    "/vcek/v1/Genoa/c5?blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84",
    `${TCB}?fmspc=90c06f0000`,
    `${TCB}?fmspc=90c06f000000&update=later`,
    `${TCB}?fmspc=90c06f000000&update=early&tcbEvaluationDataNumber=17`,
    "/sgx/certification/v4/pckcrl?ca=root&encoding=der",
    "/sgx/certification/v4/pckcrl?ca=platform&encoding=pem",
    "/sgx/certification/v4/pckcert?encrypted_ppid=00",
    "/IntelSGXRootCA.der?x",
    "/metadata/THIM/amd/certification",
    "/sgx/certification/v4/rootcacrl?x=1",
  ];
  for (const asked of others) {
    const found = route(asked);
    equal(found === null ? null : itemOfKey(found.key), null, asked);
  }
});

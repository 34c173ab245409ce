/**
 * What real evidence needs: addresses as vendors have them, and what the
 * evidence brings taken like their answers, under their own roots.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { CollateralContent, CollateralItem } from "../../src/evidence/collateral.ts";
import type { AnyTechnology, FilesByRole } from "../../src/evidence/evidence.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import type { Entry } from "../../scripts/corpus/manifest.ts";
import { corpusOf, overReal, realEntry } from "../corpus.ts";
import { engine, itemsOf } from "./gather.ts";

const SECOND = 1000;

/** Ends of the addresses of what real reports need, without the chip's id. */
const REPORTS: Readonly<Record<string, readonly [line: string, tcb: string]>> = {
  "snp/genoa-v3-microsoft": ["Genoa", "blSPL=10&teeSPL=00&snpSPL=23&ucodeSPL=84"],
  "snp/genoa-v5-lunal": ["Genoa", "blSPL=10&teeSPL=00&snpSPL=27&ucodeSPL=27"],
  "snp/milan-v2-virtee": ["Milan", "blSPL=03&teeSPL=00&snpSPL=08&ucodeSPL=115"],
  "snp/milan-v3-microsoft": ["Milan", "blSPL=04&teeSPL=00&snpSPL=24&ucodeSPL=219"],
  "snp/turin-v5-microsoft": ["Turin", "fmcSPL=01&blSPL=01&teeSPL=01&snpSPL=04&ucodeSPL=81"],
};

/** FMSPC of real quotes; all of them are of platforms under the Platform CA. */
const QUOTES: Readonly<Record<string, string>> = {
  "tdx/v4-dcapqvl-b0c06f": "b0c06f000000",
  "tdx/v4-debug-td-trustee": "50806f000000",
  "tdx/v5-google-90c06f": "90c06f000000",
};

/** Roles of the corpus's files here. */
const ROLES: Readonly<Record<string, string>> = {
  report: "report",
  leaf: "leaf",
  chain_ask_ark: "chainAskArk",
  quote: "quote",
  tcb_info: "tcbInfo",
  qe_identity: "qeIdentity",
  tcb_chain: "tcbChain",
  pck_crl: "pckCrl",
  pck_crl_chain: "pckCrlChain",
  root_crl: "rootCrl",
};

function filesOf({ input: { files } }: Entry): FilesByRole {
  return Object.fromEntries(
    Object.entries(files).flatMap(([role, file]) => {
      const own = ROLES[role];
      return own === undefined ? [] : [[own, file]];
    }),
  );
}

/** Paths below a service's address, with the service in front. */
async function keysOf(technology: AnyTechnology, name: string): Promise<readonly string[]> {
  return (await itemsOf(technology, filesOf(realEntry(name)))).map(({ key }) => key);
}

for (const [name, [line, tcb]] of Object.entries(REPORTS)) {
  Deno.test({
    ...overReal(`${name} needs what AMD has at the addresses of its line and TCB`),
    async fn() {
      const chip = filesOf(realEntry(name))["report"];
      assert.ok(chip instanceof Uint8Array);
      const id = chip.slice(0x1a0, 0x1a0 + (line === "Turin" ? 8 : 64)).toHex();
      assert.deepEqual(await keysOf(sevSnp, name), [
        `amd-kds/vcek/v1/${line}/${id}?${tcb}`,
        `amd-kds/vcek/v1/${line}/cert_chain`,
        `amd-kds/vcek/v1/${line}/crl`,
      ]);
    },
  });
}

Deno.test({
  ...overReal("SNP-10 a real VLEK needs the chain and the list of VLEKs"),
  async fn() {
    assert.deepEqual(await keysOf(sevSnp, "aws-snp/milan-v3-vlek-trustee"), [
      "amd-kds/vlek/v1/Milan/cert_chain",
      "amd-kds/vlek/v1/Milan/crl",
    ]);
  },
});

for (const [name, fmspc] of Object.entries(QUOTES)) {
  Deno.test({
    ...overReal(`${name} needs what Intel has of its platform`),
    async fn() {
      assert.deepEqual(await keysOf(tdx, name), [
        `intel-pcs/tdx/certification/v4/tcb?fmspc=${fmspc}&update=standard`,
        "intel-pcs/tdx/certification/v4/qe/identity?update=standard",
        "intel-pcs/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
        "intel-certificates/IntelSGXRootCA.der",
      ]);
    },
  });
}

Deno.test({
  ...overReal(
    "real endorsements are taken like answers, under the vendors' roots, and are in force when they should be",
  ),
  async fn() {
    const cases = corpusOf(({ input: { name, tech }, expected: { verdict } }) =>
      (tech === "snp" || tech === "aws-snp" || tech === "tdx") && verdict === "valid" &&
      !name.startsWith("snp/synth")
    );
    assert.ok(cases.size >= 10);
    for (const [name, entry] of cases) {
      const technology = entry.input.tech === "tdx" ? tdx : sevSnp;
      const files = filesOf(entry);
      for (const item of await itemsOf(technology, files)) {
        const content = await readBrought(item, files);
        // No list of AMD's came with the evidence.
        if (content === null) assert.ok(item.key.endsWith("/crl"), `${name}: ${item.key}`);
        else assertInForce(content, entry, `${name}: ${item.key}`);
      }
    }
  },
});

function assertInForce(
  { issued, expires }: CollateralContent,
  { input }: Entry,
  what: string,
): void {
  const at = input.verifyAt?.getTime() ?? NaN;
  assert.ok(issued.getTime() <= at + SECOND && at <= expires.getTime() + SECOND, what);
}

async function readBrought(
  item: CollateralItem,
  files: FilesByRole,
): Promise<CollateralContent | null> {
  const answer = item.brought?.(files) ?? null;
  if (answer === null) return null;
  const needed = [];
  for (const need of item.needs ?? []) {
    const content = await readBrought(need, files);
    assert.ok(content, `${need.key} comes with the evidence`);
    needed.push(content);
  }
  return await item.read(answer, { engine, now: new Date(0), labRoots: [], needed });
}

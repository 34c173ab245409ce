/**
 * Evidence without collateral, doubles of the vendors who have it, and a
 * machine that keeps what it was given, for command lines about collateral.
 *
 * @module
 */

import assert from "node:assert/strict";
import { toHex } from "../../src/core/bytes.ts";
import type { Caches, Http } from "../../src/core/ports.ts";
import { generateSigningKey, keyPem } from "../../src/core/signing_key.ts";
import { memoryCache } from "../../src/collateral/memory.ts";
import { INTEL_CERTIFICATES_ORIGIN, PCS_ORIGIN } from "../fakes/pcs.ts";
import { KDS_ORIGIN } from "../fakes/kds.ts";
import { networkOf } from "../fakes/vendor.ts";
import { NOW } from "../lab_authority.ts";
import * as snp from "../vendors/snp.ts";
import * as tdx from "../vendors/tdx.ts";
import { type FakeFile, type Ran, runCli, type RunWith } from "./fake_host.ts";

const { minted: report, kds } = await snp.bare();
const { minted: quote, pcs } = await tdx.bare();
const owner = await generateSigningKey("P-384");
const stranger = await generateSigningKey("P-384");

/** The vendors. */
export const vendors = { kds, pcs };

/** A network on which there are the vendors alone. */
export const network: Http = networkOf({
  [KDS_ORIGIN]: kds,
  [PCS_ORIGIN]: pcs,
  [INTEL_CERTIFICATES_ORIGIN]: pcs.certificates,
});

/** Files of the machine. */
export const FILES: Readonly<Record<string, FakeFile>> = {
  "report.bin": report.report,
  "quote.bin": quote.quote,
  "leaf.der": report.der.leaf,
  "amd.der": report.der.ark,
  "intel.der": quote.der.root,
  "owner.key": keyPem("PRIVATE KEY", owner.pkcs8),
  "owner.pub": keyPem("PUBLIC KEY", owner.publicKey.spki),
  "stranger.key": keyPem("PRIVATE KEY", stranger.pkcs8),
  "stranger.pub": keyPem("PUBLIC KEY", stranger.publicKey.spki),
};

/** Words that stand for flags. */
const SHORT: Readonly<Record<string, string>> = {
  "@snp": `evidence verify snp --report report.bin --lab-root amd.der --nonce ${
    "ab".repeat(32)
  } --measurement ${toHex(report.measurement)}`,
  "@tdx": `evidence verify tdx --quote quote.bin --lab-root intel.der --nonce ${
    "ab".repeat(32)
  } --mrtd ${toHex(quote.mrTd)} --rtmr1 ${toHex(quote.rtmrs[1])} --rtmr2 ${toHex(quote.rtmrs[2])}`,
};

/** A machine: what it wrote and cached, later command lines find. */
export interface Machine {
  /** Runs a command line. */
  run(line: string, options?: RunWith): Promise<Ran>;
  /** Files that were written. */
  readonly files: Map<string, FakeFile>;
}

/**
 * Makes a machine with an empty cache.
 *
 * @param http Its network.
 */
export function machine(http: Http = network): Machine {
  const files = new Map(Object.entries(FILES));
  const cache = memoryCache({ now: () => NOW });
  const caches: Caches = { open: () => cache };
  return {
    files,
    async run(line, options = {}) {
      const words = line.split(" ").flatMap((word) => (SHORT[word] ?? word).split(" "));
      const given = { files: Object.fromEntries(files), http, caches, ...options };
      const ran = await runCli(words, given);
      for (const [path, bytes] of ran.written) files.set(path, bytes);
      return ran;
    },
  };
}

/** A network on which nobody may be asked. */
export const nobody: Http = { get: () => Promise.reject(new TypeError("asked")) };

/** A machine that has fetched what report and quote need. */
export async function stocked(): Promise<Machine> {
  const one = machine();
  for (const line of ["report.bin --lab-root amd.der", "quote.bin --lab-root intel.der"]) {
    const { exitCode, out, err } = await one.run(`collateral fetch ${line}`);
    assert.equal(exitCode, 0, out + err);
  }
  return one;
}

/** Holds an answer against `golden/collateral_NAME.txt`; `UPDATE_GOLDEN=1` writes it anew. */
export async function golden(name: string, ran: Ran, line: string): Promise<void> {
  const path = new URL(`./golden/collateral_${name}.txt`, import.meta.url);
  const text = `$ casemate ${line}\n${ran.out}${ran.err}`;
  if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(path, text);
  assert.equal(text, await Deno.readTextFile(path));
}

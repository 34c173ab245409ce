/**
 * Cases of the runtimes' suite: evidence of the lab, right and bent, and the
 * real reports of the corpus where it is there.
 *
 * @module
 */

import { toBase64, toHex } from "../../src/core/bytes.ts";
import {
  exportLabAuthority,
  type MintedSnp,
  mintSnp,
  type MintSnpOptions,
} from "../../src/lab/mod.ts";
import { corpus } from "../snp/corpus.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import type { RuntimeCase, Suite } from "./suite.ts";

const NONCE = new TextEncoder().encode("what the verifier asked");

/** Bytes of a report of which one bit is turned, each in another field (AMD 56860 Table 23). */
const TURNED = [0x000, 0x008, 0x030, 0x034, 0x048, 0x050, 0x090, 0x180, 0x1a0, 0x208, 0x2a0, 0x2e8];

/** Makes the suite. */
export async function makeSuite(): Promise<Suite> {
  const authority = await labAuthority();
  const minted = await mintSnp(authority, { now: NOW, reportData: NONCE });
  const cases = [
    ...await rightCases(),
    ...bentCases(caseOf("lab", minted), minted),
    ...corpusCases(),
  ];
  return { cases, authority: exportLabAuthority(authority) };
}

/** Each line with each form of leaf. */
async function rightCases(): Promise<readonly RuntimeCase[]> {
  const made = (["Milan", "Genoa", "Turin"] as const).flatMap((line) =>
    (["VCEK", "VLEK"] as const).map(async (form) => {
      const authority = await labAuthority(line);
      const options: MintSnpOptions = { now: NOW, form, reportData: NONCE };
      return caseOf(`lab ${line} ${form}`, await mintSnp(authority, options));
    })
  );
  return await Promise.all(made);
}

function caseOf(name: string, minted: MintedSnp): RuntimeCase {
  return {
    name,
    report: toBase64(minted.report),
    leaf: base64Text(minted.leaf),
    chainAskArk: base64Text(minted.chain),
    crls: [base64Text(minted.crl)],
    labRoots: [base64Text(minted.root)],
    nonce: toBase64(NONCE),
    policy: {
      version: 1,
      allowLab: true,
      "sev-snp": { measurements: [toHex(minted.measurement)] },
    },
    profile: "full",
    now: NOW.toISOString(),
  };
}

/** The same evidence, each time wrong in one way, or asked about wrongly. */
function bentCases(right: RuntimeCase, minted: MintedSnp): readonly RuntimeCase[] {
  const bent = (name: string, change: Partial<RuntimeCase>): RuntimeCase => ({
    ...right,
    ...change,
    name: `lab ${name}`,
  });
  const { report } = minted;
  const anyMeasurement = { version: 1, allowLab: true };
  return [
    bent("crypto-only", { profile: "crypto-only" }),
    bent("without list", { crls: [] }),
    bent("without nonce", { nonce: null }),
    bent("other nonce", { nonce: toBase64(NONCE.slice(1)) }),
    bent("empty nonce", { nonce: "" }),
    bent("without measurement", { policy: anyMeasurement }),
    bent("lab not allowed", { policy: { version: 1 } }),
    bent("unknown policy key", { policy: { version: 1, measurement: "" } }),
    bent("without lab root", { labRoots: [] }),
    bent("expired", { now: "2036-01-01T00:00:00Z" }),
    bent("not yet valid", { now: "2026-11-20T00:00:00Z" }),
    bent("cut short", { report: toBase64(report.slice(0, -1)) }),
    bent("extended", { report: toBase64(Uint8Array.of(...report, 0)) }),
    bent("PEM as report", { report: right.leaf }),
    bent("report as leaf", { leaf: right.report }),
    ...TURNED.map((at) => bent(`bit at ${at}`, { report: toBase64(turned(report, at)) })),
  ];
}

/** Every SEV-SNP case of the corpus, with signatures alone and in full. */
function corpusCases(): readonly RuntimeCase[] {
  return [...corpus.values()].flatMap(({ input: { name, files, verifyAt } }) => {
    const { report, leaf, chain_ask_ark: chain } = files;
    if (report === undefined || leaf === undefined || chain === undefined) return [];
    const shared = {
      report: toBase64(report),
      leaf: toBase64(leaf),
      chainAskArk: toBase64(chain),
      crls: [],
      labRoots: [],
      nonce: null,
      policy: undefined,
      now: (verifyAt ?? NOW).toISOString(),
    };
    return (["full", "crypto-only"] as const).map((profile) => ({
      ...shared,
      name: `${name} ${profile}`,
      profile,
    }));
  });
}

function turned(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => i === at ? byte ^ 1 : byte);
}

function base64Text(text: string): string {
  return toBase64(new TextEncoder().encode(text));
}

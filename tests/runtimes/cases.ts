/**
 * Cases of the runtimes' suite: the committed vectors, one of them bent further,
 * and the real reports of the corpus where it is there.
 *
 * @module
 */

import { fromBase64, toBase64 } from "../../src/core/bytes.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { corpus } from "../snp/corpus.ts";
import { readVectors, type Vector } from "../vectors.ts";
import type { RuntimeCase } from "./suite.ts";

/** Vector that is bent further. */
const BASE = "genoa-vcek";

/** Bytes of a report of which one bit is turned, each in another field (AMD 56860 Table 23). */
const TURNED = [0x000, 0x008, 0x030, 0x034, 0x048, 0x050, 0x090, 0x180, 0x1a0, 0x208, 0x2a0, 0x2e8];

/** All cases. */
export async function makeCases(): Promise<readonly RuntimeCase[]> {
  const vectors = await readVectors("sev-snp");
  const cases = vectors.map(caseOf);
  const base = cases.find(({ name }) => name === BASE);
  if (base === undefined) throw new Error(`There is no vector ${BASE}`);
  return [...cases, ...bentCases(base), ...corpusCases()];
}

function caseOf({ name, files, labRoots, nonce, policy, now }: Vector): RuntimeCase {
  return {
    name,
    report: one(files, "report"),
    leaf: one(files, "leaf"),
    chainAskArk: one(files, "chainAskArk"),
    crls: several(files["crls"]),
    labRoots: labRoots.map(toBase64),
    nonce: toBase64(nonce),
    policy,
    profile: "full",
    now: now.toISOString(),
  };
}

function one(files: FilesByRole, role: string): string {
  const file = files[role];
  if (!(file instanceof Uint8Array)) throw new Error(`A vector lacks ${role}`);
  return toBase64(file);
}

function several(files: FilesByRole[string]): readonly string[] {
  if (files === undefined) return [];
  return files instanceof Uint8Array ? [toBase64(files)] : files.map(toBase64);
}

/** The same evidence, each time wrong in one way, or asked about wrongly. */
function bentCases(right: RuntimeCase): readonly RuntimeCase[] {
  const bent = (name: string, change: Partial<RuntimeCase>): RuntimeCase => ({
    ...right,
    ...change,
    name: `${right.name} ${name}`,
  });
  const report = fromBase64(right.report);
  const nonce = fromBase64(right.nonce ?? "");
  const anyMeasurement = { version: 1, allowLab: true };
  return [
    bent("crypto-only", { profile: "crypto-only" }),
    bent("without list", { crls: [] }),
    bent("without nonce", { nonce: null }),
    bent("other nonce", { nonce: toBase64(nonce.slice(1)) }),
    bent("empty nonce", { nonce: "" }),
    bent("without measurement", { policy: anyMeasurement }),
    bent("lab not allowed", { policy: { version: 1 } }),
    bent("unknown policy key", { policy: { version: 1, measurement: "" } }),
    bent("without lab root", { labRoots: [] }),
    bent("expired", { now: "2036-01-01T00:00:00Z" }),
    bent("not yet valid", { now: "2026-11-20T00:00:00Z" }),
    bent("cut short", { report: toBase64(report.slice(0, -1)) }),
    bent("extended", { report: toBase64(Uint8Array.of(...report, 0)) }),
    bent("text as report", { report: btoa("-----BEGIN REPORT-----") }),
    bent("leaf as report", { report: right.leaf }),
    bent("report as leaf", { leaf: right.report }),
    ...TURNED.map((at) => bent(`bit at ${at}`, { report: toBase64(turned(report, at)) })),
  ];
}

/** Every SEV-SNP case of the corpus, with signatures alone and in full. */
function corpusCases(): readonly RuntimeCase[] {
  return [...corpus.values()].flatMap(({ input: { name, files, verifyAt } }) => {
    const { report, leaf, chain_ask_ark: chain } = files;
    if (report === undefined || leaf === undefined || chain === undefined || verifyAt === null) {
      return [];
    }
    const shared = {
      report: toBase64(report),
      leaf: toBase64(leaf),
      chainAskArk: toBase64(chain),
      crls: [],
      labRoots: [],
      nonce: null,
      policy: undefined,
      now: verifyAt.toISOString(),
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

/**
 * Cases of the runtimes' suite: the committed vectors, of each technology one
 * bent further, and the real evidence of the corpus where it is there.
 *
 * @module
 */

import { toBase64 } from "../../src/core/bytes.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { technologies, type TechnologyId } from "../../src/evidence/registry.ts";
import { readVectors, type Vector } from "../vectors.ts";
import { corpusCases } from "./corpus_cases.ts";
import type { RuntimeCase } from "./suite.ts";

/** What is bent further of a technology. */
interface Bent {
  /** Name of the vector. */
  readonly base: string;
  /** Role of the evidence itself. */
  readonly evidence: string;
  /** Roles of files that may be left out, together. */
  readonly optional: readonly string[];
  /** Bytes of the evidence of which one bit is turned, each in another field. */
  readonly turned: readonly number[];
}

const BENT: Readonly<Record<TechnologyId, Bent>> = {
  "sev-snp": {
    base: "genoa-vcek",
    evidence: "report",
    optional: ["crls"],
    // AMD 56860 Table 23
    turned: [0x000, 0x008, 0x030, 0x034, 0x048, 0x050, 0x090, 0x180, 0x1a0, 0x208, 0x2a0, 0x2e8],
  },
  "tdx": {
    base: "v4-platform",
    evidence: "quote",
    optional: ["tcbInfo", "qeIdentity", "tcbChain", "pckCrl", "pckCrlChain", "rootCrl"],
    // Intel TDX DCAP Quoting Library API, A.3: header, TD report, signature, key, QE report, authentication data
    turned: [0, 2, 4, 8, 12, 28, 48, 168, 184, 376, 568, 632, 636, 700, 764, 770, 790, 1154, 1220],
  },
  "azure-sev-snp": {
    base: "join",
    evidence: "hclReport",
    optional: ["crls"],
    // Header, AMD's report, sizes and types, runtime data, zeros behind
    turned: [0, 4, 8, 12, 20, 32, 80, 112, 176, 256, 704, 1216, 1224, 1232, 1236, 1300, 2599],
  },
  "azure-tdx": {
    base: "join",
    evidence: "hclReport",
    optional: ["tcbInfo", "qeIdentity", "tcbChain", "pckCrl", "pckCrlChain", "rootCrl"],
    // Header, TD report, sizes and types, runtime data, zeros behind
    turned: [0, 4, 8, 12, 20, 32, 160, 296, 408, 544, 560, 752, 1056, 1224, 1236, 1300, 2599],
  },
  "azure-trusted-launch": {
    base: "join",
    evidence: "tpmQuoteMsg",
    optional: ["akCert", "akCertIssuers", "akCertCrls"],
    turned: [0, 4, 6, 8, 43, 44, 76, 92, 104, 106, 112],
  },
  "gcp-tdx": {
    base: "join",
    evidence: "quote",
    optional: ["tcbInfo", "qeIdentity", "tcbChain", "pckCrl", "pckCrlChain", "rootCrl"],
    turned: [0, 4, 28, 168, 376, 568, 632, 700, 764, 1154],
  },
  "gcp-sev-snp": {
    base: "join",
    evidence: "report",
    optional: ["crls"],
    turned: [0x000, 0x030, 0x048, 0x050, 0x090, 0x180, 0x2a0],
  },
  "gcp-sev-es": {
    base: "join",
    evidence: "tpmQuoteMsg",
    optional: ["akCertCrls"],
    turned: [0, 4, 6, 8, 43, 44, 76, 92, 104, 106, 112],
  },
  "qemu-vtpm": {
    base: "enrolled",
    evidence: "tpmQuoteMsg",
    optional: ["eventLog"],
    turned: [0, 4, 8, 44, 76, 104],
  },
  "openstack": {
    base: "enrolled",
    evidence: "tpmQuoteMsg",
    optional: ["eventLog"],
    turned: [0, 4, 8, 44, 76, 104],
  },
  "tpm": {
    base: "p256",
    evidence: "tpmQuoteMsg",
    optional: ["akCert", "akCertIssuers", "akCertCrls"],
    // TPM 2.0 Library Part 2 §10.12: magic, type, signer, nonce, clock, counters, firmware, selection, digest
    turned: [0, 4, 6, 8, 10, 43, 44, 76, 84, 88, 92, 93, 104, 106, 107, 108, 110, 112, 113, 144],
  },
  "nitro-enclave": {
    base: "listed",
    evidence: "document",
    optional: ["documentCrls"],
    // RFC 9052 §4.2: array, header, payload, in it names, module, time, registers
    turned: [0, 1, 3, 5, 7, 8, 11, 20, 30, 75, 90, 200, 400],
  },
  "aws-sev-snp": {
    base: "stated",
    evidence: "report",
    optional: ["documentCrls"],
    turned: [0x000, 0x030, 0x048, 0x050, 0x090, 0x180, 0x2a0],
  },
  "aws-nitro-tpm": {
    base: "stated",
    evidence: "document",
    optional: ["identityDocument", "identitySignature", "identityCert"],
    turned: [0, 3, 7, 11, 30, 90, 200, 400],
  },
};

/** Of files left out or put in each other's place, and of real evidence, no fewer than each how-manieth is taken. */
const FEWEST = 4;

/**
 * The cases, for the engine in WASM.
 *
 * @param share Of refused vectors and of turned bits, each how-manieth is taken, and of what there is less of each {@linkcode FEWEST}th; default all.
 */
export async function makeCases(share = 1): Promise<readonly RuntimeCase[]> {
  const all = await Promise.all(technologies.map(({ id }) => casesOf(id, share)));
  return [...all.flat(), ...corpusCases().filter((_, i) => i % Math.min(share, FEWEST) === 0)];
}

async function casesOf(id: TechnologyId, share: number): Promise<readonly RuntimeCase[]> {
  const vectors = await readVectors(id);
  const base = vectors.find(({ name }) => name === BENT[id].base);
  if (base === undefined) throw new Error(`There is no vector ${BENT[id].base}`);
  const asked = vectors.filter(({ code }, i) => code === null || i % share === 0);
  return [...asked.map((vector) => caseOf(id, vector)), ...bentCases(id, base, share)];
}

/**
 * A vector as a case.
 *
 * @param variant Technology that it is of.
 * @param vector The vector.
 */
export function caseOf(variant: TechnologyId, vector: Vector): RuntimeCase {
  const { name, files, labRoots, nonce, policy, now, statement, expected = {} } = vector;
  const { reportData, ...stated } = expected;
  return {
    name,
    variant,
    files: encoded(files),
    labRoots: labRoots.map(toBase64),
    nonce: toBase64(nonce),
    ...(statement === undefined ? {} : { statement: toBase64(statement) }),
    expected: {
      ...stated,
      ...(reportData === undefined ? {} : { reportData: toBase64(reportData) }),
    },
    policy,
    profile: "full",
    now: now.toISOString(),
    engine: "wasm",
  };
}

function encoded(files: FilesByRole): RuntimeCase["files"] {
  const given = Object.entries(files).flatMap(([role, file]) => {
    if (file === undefined) return [];
    return [[role, file instanceof Uint8Array ? toBase64(file) : file.map(toBase64)] as const];
  });
  return Object.fromEntries(given);
}

/** The same evidence, each time wrong in one way, or asked about wrongly. */
function bentCases(id: TechnologyId, vector: Vector, share: number): readonly RuntimeCase[] {
  const { evidence: role, optional, turned } = BENT[id];
  const { files, nonce } = vector;
  const right = caseOf(id, vector);
  const evidence = files[role];
  if (!(evidence instanceof Uint8Array)) throw new Error(`A vector lacks ${role}`);
  const bent = (name: string, change: Partial<RuntimeCase>): RuntimeCase => ({
    ...right,
    ...change,
    name: `${right.name} ${name}`,
  });
  const withFiles = (name: string, change: FilesByRole): RuntimeCase =>
    bent(name, { files: encoded({ ...files, ...change }) });
  const withEvidence = (name: string, file: Uint8Array): RuntimeCase =>
    withFiles(name, { [role]: file });
  const others = Object.keys(files).filter((other) => other !== role);
  // Without lists of what is revoked nothing else is wrong.
  const isAsked = (other: string, i: number): boolean =>
    /crls$/i.test(other) || i % Math.min(share, FEWEST) === 0;
  return [
    bent("crypto-only", { profile: "crypto-only" }),
    withFiles(`without ${optional}`, Object.fromEntries(optional.map((one) => [one, undefined]))),
    bent("without nonce", { nonce: null }),
    bent("other nonce", { nonce: toBase64(nonce.slice(1)) }),
    bent("empty nonce", { nonce: "" }),
    bent("with nothing pinned", { policy: { version: 1, allowLab: true } }),
    bent("lab not allowed", { policy: { version: 1 } }),
    bent("unknown policy key", { policy: { version: 1, measurement: "" } }),
    bent("without lab root", { labRoots: [] }),
    bent("expired", { now: "2036-01-01T00:00:00Z" }),
    bent("not yet valid", { now: "2026-11-20T00:00:00Z" }),
    withEvidence("cut short", evidence.slice(0, -1)),
    withEvidence("extended", Uint8Array.of(...evidence, 0)),
    withEvidence("text as evidence", new TextEncoder().encode("-----BEGIN REPORT-----")),
    ...others.filter(isAsked).flatMap((other) => [
      withFiles(`evidence as ${other}`, { [other]: evidence }),
      withFiles(`without ${other}`, { [other]: undefined }),
    ]),
    ...turned.filter((_, i) => i % share === 0).map((at) =>
      withEvidence(`bit at ${at}`, turnedAt(evidence, at))
    ),
  ];
}

function turnedAt(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => i === at ? byte ^ 1 : byte);
}

/**
 * The evidence that is measured: a real report where the corpus is there, else one of the lab.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { concat } from "../../src/core/bytes.ts";
import { mintSnp } from "../../src/lab/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { noCorpus, realCase } from "../snp/corpus.ts";

/**
 * The real report: of version 3, since google/go-sev-guest knows no processor of
 * the corpus's version 5 reports and all shall verify the same one.
 */
const REAL = "snp/genoa-v3-microsoft";

/** Bytes that the report's signature covers, and of R and S each (AMD 56860 Table 23, Table 139). */
const SIGNED_BYTES = 0x2a0;
const SCALAR_BYTES = 72;
const FIELD_BYTES = 48;

/** What all contenders verify. */
export interface BenchEvidence {
  /** Where it is from. */
  readonly name: string;
  /** Whether AMD signed it. */
  readonly real: boolean;
  /** Report, leaf and chain. */
  readonly files: {
    readonly report: Uint8Array;
    readonly leaf: Uint8Array;
    readonly chainAskArk: Uint8Array;
  };
  /** Roots of the lab; none for a real report. */
  readonly labRoots: readonly Uint8Array[];
  /** Moment of the verification. */
  readonly now: Date;
}

/** Chooses the evidence. */
export async function chooseEvidence(): Promise<BenchEvidence> {
  if (!noCorpus) {
    const { files, now } = realCase(REAL);
    return { name: REAL, real: true, files, labRoots: [], now };
  }
  const minted = await mintSnp(await labAuthority(), { now: NOW, version: 3 });
  const [leaf, chainAskArk, root] = [minted.leaf, minted.chain, minted.root].map((text) =>
    new TextEncoder().encode(text)
  );
  if (leaf === undefined || chainAskArk === undefined || root === undefined) {
    throw new Error("the lab minted nothing");
  }
  const files = { report: minted.report, leaf, chainAskArk };
  return { name: "lab Genoa VCEK", real: false, files, labRoots: [root], now: NOW };
}

/** A signature as bare primitives take it. */
export interface BareSignature {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array<ArrayBuffer>;
  /** The signed bytes. */
  readonly message: Uint8Array<ArrayBuffer>;
  /** The signature: of ECDSA R and S, big-endian. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** The report's signature by the leaf. */
export function reportSignature({ files: { report, leaf } }: BenchEvidence): BareSignature {
  const scalar = (at: number): Uint8Array => report.slice(at, at + FIELD_BYTES).reverse();
  return {
    spki: spkiOf(leaf),
    message: concat(report.subarray(0, SIGNED_BYTES)),
    signature: concat(scalar(SIGNED_BYTES), scalar(SIGNED_BYTES + SCALAR_BYTES)),
  };
}

/** The ASK's signature by the ARK: RSA-4096-PSS. */
export function askSignature({ files: { chainAskArk } }: BenchEvidence): BareSignature {
  const [ask = "", ark = ""] = new TextDecoder().decode(chainAskArk).split(
    /(?<=-----END.*-----\n)/,
  );
  const der = new Uint8Array(new X509Certificate(ask).raw);
  // Certificate ::= SEQUENCE { tbs, algorithm, signature BIT STRING }; all lengths here take two bytes.
  const tbsBytes = 4 + ((der[6] ?? 0) << 8 | (der[7] ?? 0));
  return {
    spki: spkiOf(new TextEncoder().encode(ark)),
    message: concat(der.subarray(4, 4 + tbsBytes)),
    signature: concat(der.subarray(-512)),
  };
}

function spkiOf(certificate: Uint8Array): Uint8Array<ArrayBuffer> {
  const { publicKey } = new X509Certificate(certificate);
  return concat(publicKey.export({ type: "spki", format: "der" }));
}

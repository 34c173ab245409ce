/**
 * What both verifiers are asked: the SEV-SNP cases of the corpus, and lab
 * evidence with bits turned.
 *
 * The other verifier knows nothing of labs and wants AMD's names, so this
 * evidence has AMD's names, no lab mark, and a root that is thrown away.
 *
 * @module
 */

import type { Entry } from "../../scripts/corpus/manifest.ts";
import { inlineEngine } from "../../src/core/crypto_inline.ts";
import { describeCertificates } from "../../src/core/x509.ts";
import type { Anchor } from "../../src/evidence/anchors.ts";
import { AMD_ROOTS } from "../../src/evidence/snp/roots.ts";
import {
  type AmdAuthority,
  type CertificateDescription,
  dropExtension,
  LAB_MARK_OID,
  LAB_ORGANIZATION,
  mintSnp,
  type MintSnpOptions,
  type Name,
  signSnpReport,
} from "../../src/lab/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import type { Question } from "./go_oracle.ts";

/** A question to both. */
export interface OracleCase extends Question {
  /** Unique name. */
  readonly name: string;
  /** Roots that this project's verifier trusts for it. */
  readonly anchors: readonly Anchor[];
}

/** Bits turned per piece of minted evidence and place. */
const FLIPS = 34;

/** Bytes that the report's signature covers (AMD 56860 Table 23). */
const SIGNED_BYTES = 0x2a0;

/**
 * Bits whose value means something before any policy, or is said to be zero
 * (AMD 56860 Table 23): version, guest policy, VMPL, signature algorithm, flags,
 * and one in each part of the other fields that are not free.
 */
const MEANINGFUL_BITS: readonly number[] = [
  ...bitsFrom(0x000, 4),
  ...bitsFrom(0x008, 27),
  ...bitsFrom(0x030, 3),
  ...bitsFrom(0x034, 2),
  ...bitsFrom(0x048, 6),
  ...[0x040, 0x04c, 0x180, 0x182, 0x186, 0x187, 0x188, 0x189, 0x18a, 0x18b, 0x1e0, 0x1e7, 0x1e8]
    .map((at) => at * 8),
  ...[0x1eb, 0x1ec, 0x1ef, 0x1f0, 0x1f8, 0x200, 0x208, 0x29f].map((at) => at * 8),
];

/**
 * A case of the corpus.
 *
 * @param entry The case, with a report, a leaf and a chain.
 */
export async function corpusCase({ input }: Entry): Promise<OracleCase> {
  const { report, leaf, chain_ask_ark: chain } = input.files;
  if (report === undefined || leaf === undefined || chain === undefined) {
    throw new Error(`${input.name} lacks a report, a leaf or a chain`);
  }
  const own = input.params["trusted_root"] !== undefined;
  // The other verifier ships no ASVK, so with a VLEK the chain of the case is what it has.
  const line = own || input.tech === "aws-snp" ? await lineOf(chain) : null;
  const anchors = own ? [await anchorOf(chain)] : AMD_ROOTS;
  return { name: input.name, report, leaf, chain, now: input.verifyAt ?? NOW, line, anchors };
}

/** Lab evidence: two pieces as minted, and each with bits turned in three ways. */
export async function labCases(): Promise<readonly OracleCase[]> {
  const [genoa, milan] = await Promise.all([labAuthority("Genoa"), labAuthority("Milan")]);
  return [
    ...await turnedCases("genoa-vcek-v5", genoa, { now: NOW }),
    ...await turnedCases("milan-vlek-v3", milan, { now: NOW, form: "VLEK", version: 3 }),
  ];
}

/** One piece of evidence as it is; with bits turned in report and leaf; and turned before signing. */
async function turnedCases(
  name: string,
  authority: AmdAuthority,
  options: MintSnpOptions,
): Promise<readonly OracleCase[]> {
  const minted = await mintSnp(authority, { ...options, bends: VENDOR_LOOK });
  const { report, leafKey, der } = minted;
  const chain = new TextEncoder().encode(minted.chain);
  const right: OracleCase = {
    name: `lab/${name}`,
    report,
    leaf: der.leaf,
    chain,
    now: NOW,
    line: authority.line,
    anchors: [await anchorOf(chain)],
  };
  const resigned = [...spread(SIGNED_BYTES), ...MEANINGFUL_BITS].map(async (
    bit,
  ): Promise<OracleCase> => ({
    ...right,
    name: `${right.name}/signed-bit-${bit}`,
    report: await signSnpReport(turned(report, bit), leafKey),
  }));
  return [
    right,
    ...spread(report.length).map((bit) => ({
      ...right,
      name: `${right.name}/report-bit-${bit}`,
      report: turned(report, bit),
    })),
    ...await Promise.all(resigned),
    ...spread(der.leaf.length).map((bit) => ({
      ...right,
      name: `${right.name}/leaf-bit-${bit}`,
      leaf: turned(der.leaf, bit),
    })),
  ];
}

const asVendor = (description: CertificateDescription): CertificateDescription => ({
  ...description,
  issuer: vendorName(description.issuer),
  subject: vendorName(description.subject),
  extensions: dropExtension(description.extensions, LAB_MARK_OID),
});

const VENDOR_LOOK = { ARK: asVendor, VCEK: asVendor, VLEK: asVendor, leaf: asVendor };

function vendorName(name: Name): Name {
  return name.map((attribute) =>
    attribute.value === LAB_ORGANIZATION
      ? { ...attribute, value: "Advanced Micro Devices" }
      : attribute
  );
}

/** Numbers of bits, evenly spread over some bytes and over the places within a byte. */
function spread(bytes: number): readonly number[] {
  const step = Math.floor(bytes / FLIPS);
  return Array.from({ length: FLIPS }, (_, i) => (i * step + i % step) * 8 + i * 3 % 8);
}

/** Numbers of some bits, from the lowest of a byte on. */
function bitsFrom(byte: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => byte * 8 + i);
}

function turned(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte, i) => i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte);
}

async function anchorOf(chain: Uint8Array): Promise<Anchor> {
  const { sha256, spkiSha256 } = await rootOf(chain);
  return { line: "", certificateSha256: sha256, spkiSha256, lab: false };
}

async function lineOf(chain: Uint8Array): Promise<string> {
  const { subject } = await rootOf(chain);
  const line = /CN=ARK-([A-Za-z]+)/.exec(subject)?.[1];
  if (line === undefined) throw new Error(`${subject} names no product line`);
  return line;
}

async function rootOf(
  chain: Uint8Array,
): Promise<Awaited<ReturnType<typeof describeCertificates>>[number]["summary"]> {
  const root = (await describeCertificates(inlineEngine, chain)).at(-1);
  if (root === undefined) throw new Error("the chain is empty");
  return root.summary;
}

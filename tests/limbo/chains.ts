/**
 * Chains in the manner of x509-limbo: certificates that are each in order, or
 * were signed by a key that may, but make no path from leaf to root.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type CertificateDescription, ecdsa, writeCertificate } from "../../src/lab/mod.ts";
import { noOpenssl } from "../../src/lab/openssl_test.ts";
import { type Chain, type Path, snpChain, tdxChain } from "./chain.ts";
import { Differences, isPathForOpenssl, verdictOf } from "./judge.ts";

/** What there is to make chains of. */
interface Parts {
  /** The right chain. */
  readonly leaf: Uint8Array;
  readonly issuer: Uint8Array;
  readonly root: Uint8Array;
  /** Issuer of the same name with another key, by the root. */
  readonly otherIssuer: Uint8Array;
  /** Leaf by that key. */
  readonly otherLeaf: Uint8Array;
  /** Issuer of the same name and key, by its own key under the root's name. */
  readonly loopedIssuer: Uint8Array;
  /** Issuer of the same name and key, that names itself as its issuer. */
  readonly selfIssuer: Uint8Array;
  /** Root of the same name and key, by the issuer. */
  readonly loopedRoot: Uint8Array;
  /** Root of the same name and key, by itself, with another serial number. */
  readonly twinRoot: Uint8Array;
  /** Root of the same name with another key, by itself. */
  readonly otherRoot: Uint8Array;
  /** Root of the same name with another key, by the right root: a roll-over of keys. */
  readonly nextRoot: Uint8Array;
  /** Issuer of the root's name, by the root: what RFC 5280 calls self-issued. */
  readonly selfIssued: Uint8Array;
  /** Issuer with the root's key in it. */
  readonly rootKeyIssuer: Uint8Array;
  /** Leaf by the root's key under the issuer's name. */
  readonly rootKeyLeaf: Uint8Array;
  /** Leaf by the root, under its name. */
  readonly rootLeaf: Uint8Array;
  /** A leaf of the same name by the leaf's key, which may not issue. */
  readonly leafLeaf: Uint8Array;
}

/** Writes them all. */
async function partsOf({ leaf, issuer, root, keys }: Chain): Promise<Parts> {
  const write = (said: CertificateDescription, change: Partial<CertificateDescription>) =>
    writeCertificate({ ...said, ...change });
  const [rootName, issuerName] = [root.said.subject, issuer.said.subject];
  const otherKey = { publicKey: keys.other.spki };
  return {
    leaf: leaf.der,
    issuer: issuer.der,
    root: root.der,
    otherIssuer: await write(issuer.said, otherKey),
    otherLeaf: await write(leaf.said, { signWith: keys.other }),
    loopedIssuer: await write(issuer.said, { signWith: keys.issuer }),
    selfIssuer: await write(issuer.said, { signWith: keys.issuer, issuer: issuerName }),
    loopedRoot: await write(root.said, { signWith: keys.issuer, issuer: issuerName }),
    twinRoot: await write(root.said, { serial: 0x7777n }),
    otherRoot: await write(root.said, { ...otherKey, signWith: keys.other }),
    nextRoot: await write(root.said, otherKey),
    selfIssued: await write(issuer.said, { subject: rootName }),
    rootKeyIssuer: await write(issuer.said, { publicKey: keys.root.spki }),
    rootKeyLeaf: await write(leaf.said, { signWith: keys.root }),
    rootLeaf: await write(leaf.said, { signWith: keys.root, issuer: rootName }),
    leafLeaf: await write(leaf.said, {
      signWith: keys.leaf,
      issuer: leaf.said.subject,
      algorithm: ecdsa(keys.leaf.kind === "P-384" ? "SHA-384" : "SHA-256"),
    }),
  };
}

/** A chain, and what must come of it for SEV-SNP and for TDX. */
interface ChainCase {
  readonly what: string;
  readonly path: (parts: Parts) => Path;
  /** The root that is trusted; by default the right one. */
  readonly trusted?: (parts: Parts) => Uint8Array;
  readonly snp: string;
  readonly tdx: string;
  readonly openssl?: string;
}

const BUILDS = "it builds a path itself, out of what it is given in any order";
const ORDER = { snp: "snp.chain_order", tdx: "tdx.chain_order" };
const COUNT = { snp: "x509.count", tdx: "x509.count" };
const LEAF = { snp: "snp.leaf_signature", tdx: "tdx.chain_signature" };
const ISSUER = { snp: "snp.ask_signature", tdx: "tdx.chain_signature" };
const UNKNOWN = { snp: "snp.root_unknown", tdx: "tdx.root_unknown" };

const CASES: readonly ChainCase[] = [
  { what: "right", path: (c) => [c.leaf, c.issuer, c.root], snp: "accepted", tdx: "accepted" },
  {
    what: "another issuer of the same name, and its own leaf",
    path: (c) => [c.otherLeaf, c.otherIssuer, c.root],
    snp: "accepted",
    tdx: "accepted",
  },
  {
    what: "the root's key in the issuer, and its own leaf",
    path: (c) => [c.rootKeyLeaf, c.rootKeyIssuer, c.root],
    snp: "accepted",
    tdx: "accepted",
  },
  {
    what: "issuers turned round",
    path: (c) => [c.leaf, c.root, c.issuer],
    ...ORDER,
    openssl: BUILDS,
  },
  {
    what: "root first",
    path: (c) => [c.root, c.issuer, c.leaf],
    snp: "snp.root_unknown",
    tdx: ORDER.tdx,
    openssl: "a root is a path to itself",
  },
  {
    what: "issuer first",
    path: (c) => [c.issuer, c.leaf, c.root],
    snp: ISSUER.snp,
    tdx: ORDER.tdx,
    openssl: BUILDS,
  },
  { what: "no issuer", path: (c) => [c.leaf, c.root], ...COUNT },
  {
    what: "no root",
    path: (c) => [c.leaf, c.issuer],
    ...COUNT,
    openssl: "it has the root that it trusts",
  },
  {
    what: "the root twice",
    path: (c) => [c.leaf, c.issuer, c.root, c.root],
    ...COUNT,
    openssl: BUILDS,
  },
  {
    what: "the issuer twice",
    path: (c) => [c.leaf, c.issuer, c.issuer, c.root],
    ...COUNT,
    openssl: BUILDS,
  },
  {
    what: "a foreign certificate behind",
    path: (c) => [c.leaf, c.issuer, c.root, c.otherRoot],
    ...COUNT,
    openssl: BUILDS,
  },
  {
    what: "both issuers of one name, the right one first",
    path: (c) => [c.leaf, c.issuer, c.otherIssuer, c.root],
    ...COUNT,
    openssl: BUILDS,
  },
  {
    what: "both issuers of one name, the wrong one first",
    path: (c) => [c.leaf, c.otherIssuer, c.issuer, c.root],
    ...COUNT,
  },
  {
    what: "another issuer of the same name",
    path: (c) => [c.leaf, c.otherIssuer, c.root],
    ...LEAF,
  },
  { what: "another issuer's leaf", path: (c) => [c.otherLeaf, c.issuer, c.root], ...LEAF },
  {
    what: "an issuer that signed itself under the root's name",
    path: (c) => [c.leaf, c.loopedIssuer, c.root],
    ...ISSUER,
  },
  {
    what: "an issuer that names and signed itself",
    path: (c) => [c.leaf, c.selfIssuer, c.root],
    ...ISSUER,
  },
  {
    what: "a loop: the issuer by the root, the root by the issuer",
    path: (c) => [c.leaf, c.issuer, c.loopedRoot],
    trusted: (c) => c.loopedRoot,
    snp: "snp.ark_signature",
    tdx: "tdx.chain_signature",
  },
  {
    what: "a loop that is not trusted",
    path: (c) => [c.leaf, c.issuer, c.loopedRoot],
    snp: "snp.root_mismatch",
    tdx: "tdx.root_mismatch",
    openssl: BUILDS,
  },
  {
    what: "the trusted root's key and name in another certificate",
    path: (c) => [c.leaf, c.issuer, c.twinRoot],
    snp: "snp.root_mismatch",
    tdx: "tdx.root_mismatch",
    openssl: "it finds the trusted root by its name",
  },
  {
    what: "another root of the same name",
    path: (c) => [c.leaf, c.issuer, c.otherRoot],
    ...UNKNOWN,
    openssl: "it finds the trusted root by its name",
  },
  {
    what: "another root of the same name, trusted",
    path: (c) => [c.leaf, c.issuer, c.otherRoot],
    trusted: (c) => c.otherRoot,
    ...ISSUER,
  },
  {
    what: "the next root, by the trusted one",
    path: (c) => [c.leaf, c.issuer, c.nextRoot],
    ...UNKNOWN,
    openssl: "it finds the trusted root by its name",
  },
  {
    what: "an issuer under the root's name",
    path: (c) => [c.leaf, c.selfIssued, c.root],
    snp: "snp.chain_shape",
    tdx: ORDER.tdx,
  },
  {
    what: "a leaf by the root under the issuer's name",
    path: (c) => [c.rootKeyLeaf, c.issuer, c.root],
    ...LEAF,
  },
  {
    what: "a leaf by the root",
    path: (c) => [c.rootLeaf, c.issuer, c.root],
    ...LEAF,
    openssl: BUILDS,
  },
  {
    what: "a leaf by the root, which stands twice",
    path: (c) => [c.rootLeaf, c.root, c.root],
    snp: "snp.chain_shape",
    tdx: ORDER.tdx,
    openssl: BUILDS,
  },
  {
    what: "a leaf by a leaf",
    path: (c) => [c.leafLeaf, c.leaf, c.root],
    snp: "snp.chain_algorithm",
    tdx: ORDER.tdx,
  },
  {
    what: "the root thrice",
    path: (c) => [c.root, c.root, c.root],
    snp: "snp.chain_shape",
    tdx: ORDER.tdx,
    openssl: "a root is a path to itself",
  },
];

/** Judges all chains of a technology. */
async function judgeAll(
  technology: "snp" | "tdx",
  chain: Chain,
  differences: Differences,
): Promise<void> {
  const parts = await partsOf(chain);
  for (const one of CASES) {
    const path = one.path(parts);
    const trusted = one.trusted?.(parts) ?? parts.root;
    const verdict = await verdictOf((engine) => chain.ask(engine, path, trusted), one.what);
    assert.equal(verdict, one[technology], one.what);
    if (noOpenssl) continue;
    const byOpenssl = await isPathForOpenssl(path, trusted);
    differences.note(one.what, verdict === "accepted", byOpenssl, one.what);
  }
}

Deno.test("limbo: chains of SEV-SNP and TDX", async (test) => {
  const differences = new Differences(CASES);
  for (const [technology, makeChain] of [["snp", snpChain], ["tdx", tdxChain]] as const) {
    await test.step(`${technology}: ${CASES.length} chains`, async () => {
      await judgeAll(technology, await makeChain(), differences);
    });
  }
  if (noOpenssl) return;
  differences.settle();
  console.log("OpenSSL says otherwise, and the case why:", differences.count, "chains");
});

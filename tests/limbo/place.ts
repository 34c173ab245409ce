/**
 * Places of certificates in evidence, each with its codes and with how to ask
 * about another certificate there.
 *
 * @module
 */

import type { Engine } from "../../src/core/crypto.ts";
import type { CertificateDescription } from "../../src/lab/mod.ts";
import type { Expected, Rank } from "./case.ts";
import { type Chain, type Path, snpChain, tdxChain } from "./chain.ts";

/** A place. */
export interface Place {
  /** Name of the certificate. */
  readonly name: string;
  /** Technology. */
  readonly technology: "sev-snp" | "tdx";
  /** Where it stands in its chain. */
  readonly rank: Rank;
  /** Kind of its key. */
  readonly key: "EC" | "RSA";
  /** What a right certificate says here. */
  readonly said: CertificateDescription;
  /** Code by what is wrong. */
  readonly codes: Codes;
  /** The path through the place, with another certificate in it. */
  readonly path: (certificate: Uint8Array) => Path;
  /** Asks an engine about evidence with another certificate here; throws what it throws. */
  readonly ask: (engine: Engine, certificate: Uint8Array) => Promise<unknown>;
}

type Codes = Readonly<Record<Exclude<Expected, "accepted">, string>>;

const SNP_CODES: Codes = {
  malformed: "x509.malformed",
  shape: "snp.chain_shape",
  extension: "snp.chain_shape",
  algorithm: "snp.chain_algorithm",
  signature: "snp.leaf_signature",
  expired: "snp.certificate_expired",
  "not yet valid": "snp.certificate_not_yet_valid",
};

const TDX_CODES: Codes = {
  malformed: "x509.malformed",
  shape: "tdx.chain_shape",
  extension: "tdx.chain_shape",
  algorithm: "tdx.chain_algorithm",
  signature: "tdx.chain_signature",
  expired: "tdx.certificate_expired",
  "not yet valid": "tdx.certificate_not_yet_valid",
};

/** The paths through a chain by rank. */
function pathsOf({ leaf, issuer, root }: Chain): Readonly<Record<Rank, Place["path"]>> {
  return {
    leaf: (one) => [one, issuer.der, root.der],
    issuer: (one) => [leaf.der, one, root.der],
    root: (one) => [leaf.der, issuer.der, one],
  };
}

function placesOf(
  chain: Chain,
  about: Pick<Place, "technology"> & { readonly caKey: Place["key"] },
  named: Readonly<Record<Rank, readonly [name: string, codes: Codes]>>,
): readonly Place[] {
  const paths = pathsOf(chain);
  return (["leaf", "issuer", "root"] as const).map((rank) => ({
    name: named[rank][0],
    technology: about.technology,
    rank,
    key: rank === "leaf" ? "EC" : about.caKey,
    said: chain[rank].said,
    codes: named[rank][1],
    path: paths[rank],
    ask: (engine, certificate) => chain.ask(engine, paths[rank](certificate)),
  }));
}

/** VCEK, ASK and ARK. */
export async function snpPlaces(): Promise<readonly Place[]> {
  const leaf = { ...SNP_CODES, shape: "snp.leaf_shape", extension: "snp.leaf_extension" };
  return placesOf(await snpChain(), { technology: "sev-snp", caKey: "RSA" }, {
    leaf: ["VCEK", leaf],
    issuer: ["ASK", { ...SNP_CODES, signature: "snp.ask_signature" }],
    root: ["ARK", { ...SNP_CODES, signature: "snp.ark_signature" }],
  });
}

/** PCK certificate, its CA, the root, and the certificate that signs TCB info. */
export async function tdxPlaces(): Promise<readonly Place[]> {
  const chain = await tdxChain();
  const { root, tcbSigning } = chain;
  const [leaf, ...others] = placesOf(chain, { technology: "tdx", caKey: "EC" }, {
    leaf: ["PCK", { ...TDX_CODES, shape: "tdx.pck_shape", extension: "tdx.pck_extension" }],
    issuer: ["CA", TDX_CODES],
    root: ["root", TDX_CODES],
  });
  if (leaf === undefined) throw new Error("a chain has a leaf");
  return [leaf, ...others, {
    ...leaf,
    name: "TCB signing",
    said: tcbSigning.said,
    codes: {
      ...TDX_CODES,
      shape: "tdx.tcb_chain_shape",
      // It needs no extension: what is no authority may sign what it is not forbidden to.
      extension: "accepted",
      algorithm: "tdx.tcb_chain_shape",
      signature: "tdx.tcb_chain_signature",
    },
    path: (one) => [one, root.der],
    ask: chain.askTcb,
  }];
}

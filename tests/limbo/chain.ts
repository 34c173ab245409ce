/**
 * Right chains of both technologies, and how to ask about others.
 *
 * They carry no lab mark and are pinned as a vendor's, since OpenSSL knows no
 * lab mark and must not be told to pass over what is critical.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { concat } from "../../src/core/bytes.ts";
import type { Engine } from "../../src/core/crypto.ts";
import { RejectedError } from "../../src/core/errors.ts";
import { readCertificate } from "../../src/core/portable/certificate.ts";
import type { Anchor } from "../../src/evidence/anchors.ts";
import { verifyUnder as verifySnp } from "../../src/evidence/snp/verify.ts";
import type { TdxFiles } from "../../src/evidence/tdx/files.ts";
import { verifyUnder as verifyTdx } from "../../src/evidence/tdx/verify.ts";
import {
  bendAmdAuthority,
  bendIntelAuthority,
  type CertificateDescription,
  type CrlDescription,
  describeCrl,
  describeIntelCrl,
  dropExtension,
  LAB_MARK_OID,
  type LabKey,
  mintSnp,
  mintTdx,
} from "../../src/lab/mod.ts";
import { intelAuthority } from "../intel_authority.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { filesOf } from "../tdx/ask.ts";
import { chainOf, withChain } from "../tdx/chain.ts";

/** Certificates from a leaf to its root. */
export type Path = readonly [leaf: Uint8Array, ...issuers: Uint8Array[]];

/** A certificate, and what it says. */
export interface Member {
  /** What it says. */
  readonly said: CertificateDescription;
  /** It. */
  readonly der: Uint8Array;
}

/** A chain that is right, and evidence around it. */
export interface Chain {
  readonly leaf: Member;
  readonly issuer: Member;
  readonly root: Member;
  /** Their keys, and another of the kind of the issuer's. */
  readonly keys: Readonly<Record<"leaf" | "issuer" | "root" | "other", LabKey>>;
  /** Asks an engine about the evidence with a chain; the last of it is trusted, unless another root is. */
  readonly ask: (engine: Engine, path: Path, trusted?: Uint8Array) => Promise<unknown>;
  /** Lists that revoke nothing, each with how to ask an engine about another in its place. */
  readonly lists: readonly List[];
}

/** A revocation list. */
export interface List {
  /** Name of its issuer. */
  readonly name: string;
  /** What it says. */
  readonly said: CrlDescription;
  /** Its issuer. */
  readonly issuer: Uint8Array;
  /** Asks an engine about evidence with another list here. */
  readonly ask: (engine: Engine, list: Uint8Array) => Promise<unknown>;
}

/** The same with the certificate that signs TCB info. */
export interface TdxChain extends Chain {
  readonly tcbSigning: Member;
  /** Asks an engine about the evidence with another certificate that signs TCB info. */
  readonly askTcb: (engine: Engine, certificate: Uint8Array) => Promise<unknown>;
}

/** A root that is trusted whatever it says; one that cannot be read is refused before that counts. */
export function pinned(root: Uint8Array): Anchor {
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  const key = keyOf(root) ?? new Uint8Array();
  return { line: "", certificateSha256: sha256(root), spkiSha256: sha256(key), lab: false };
}

/** The key of a certificate, whatever it is; undefined where the certificate cannot be read. */
function keyOf(certificate: Uint8Array): Uint8Array | undefined {
  try {
    return readCertificate(certificate, "root").key.der;
  } catch (error) {
    if (error instanceof RejectedError) return undefined;
    throw error;
  }
}

/** Takes the lab mark away and keeps what remains. */
class Kept {
  readonly #said: CertificateDescription[] = [];

  /** A bend. */
  readonly keep = (said: CertificateDescription): CertificateDescription => {
    const plain = { ...said, extensions: dropExtension(said.extensions, LAB_MARK_OID) };
    this.#said.push(plain);
    return plain;
  };

  /** The next one that was written, in order. */
  take(der: Uint8Array): Member {
    const said = this.#said.shift();
    if (said === undefined) throw new Error("no more certificates were written");
    return { said, der };
  }
}

/** VCEK, ASK and ARK. */
export async function snpChain(): Promise<Chain> {
  const kept = new Kept();
  const { keep } = kept;
  const own = await labAuthority();
  const authority = await bendAmdAuthority(own, { ARK: keep, VCEK: keep });
  const { report, leafKey, der } = await mintSnp(authority, { now: NOW, bends: { leaf: keep } });
  const [root, issuer] = [kept.take(der.ark), kept.take(der.intermediate)];
  return {
    root,
    issuer,
    leaf: kept.take(der.leaf),
    keys: { leaf: leafKey, issuer: own.VCEK.key, root: own.ARK.key, other: own.VLEK.key },
    ask: (engine, [leaf, ...rest], trusted = rest.at(-1) ?? leaf) => {
      const files = { report, leaf, chainAskArk: concat(...rest) };
      return verifySnp(engine, files, [pinned(trusted)], NOW);
    },
    lists: [{
      name: "ARK",
      said: await describeCrl(own.line, "VCEK", own.ARK.key, NOW),
      issuer: der.ark,
      ask: (engine, list) => {
        const chainAskArk = concat(der.intermediate, der.ark);
        const files = { report, leaf: der.leaf, chainAskArk, crls: [list] };
        return verifySnp(engine, files, [pinned(der.ark)], NOW);
      },
    }],
  };
}

/** PCK certificate, its CA and the root. */
export async function tdxChain(): Promise<TdxChain> {
  const kept = new Kept();
  const { keep } = kept;
  const own = await intelAuthority();
  const bends = { root: keep, platform: keep, tcbSigning: keep };
  const authority = await bendIntelAuthority(own, bends);
  const minted = await mintTdx(authority, { now: NOW, bends: { pck: keep } });
  const { der } = minted;
  const [root, issuer] = [kept.take(der.root), kept.take(der.ca)];
  const terms = { anchors: [pinned(der.root)], now: NOW };
  const verifyWith = (engine: Engine, files: Partial<TdxFiles>): Promise<unknown> =>
    verifyTdx(engine, { ...filesOf(minted), ...files }, terms);
  return {
    root,
    issuer,
    tcbSigning: kept.take(der.tcbSigning),
    leaf: kept.take(der.pck),
    keys: {
      leaf: minted.keys.pck,
      issuer: own.platform.key,
      root: own.root.key,
      other: own.processor.key,
    },
    ask: (engine, path, trusted = path.at(-1) ?? path[0]) => {
      const quote = withChain(minted, chainOf(...path));
      return verifyTdx(engine, { quote }, { anchors: [pinned(trusted)], now: NOW });
    },
    askTcb: (engine, one) => verifyWith(engine, { tcbChain: concat(one, der.root) }),
    lists: [
      {
        name: "CA",
        said: await describeIntelCrl("platform", own.platform.key, NOW),
        issuer: der.ca,
        ask: (engine, pckCrl) => verifyWith(engine, { pckCrl }),
      },
      {
        name: "root",
        said: await describeIntelCrl("root", own.root.key, NOW),
        issuer: der.root,
        ask: (engine, rootCrl) => verifyWith(engine, { rootCrl }),
      },
    ],
  };
}

/**
 * TDX and SGX: the PCK chain in a quote, the chains and lists of Intel's PCS.
 *
 * @module
 */

import fc from "fast-check";
import { concat } from "../../../src/core/bytes.ts";
import { ecdsa, type MintedTdx } from "../../../src/lab/mod.ts";
import { intelAuthority } from "../../intel_authority.ts";
import { withChain } from "../../tdx/chain.ts";
import { filesOf } from "../../tdx/ask.ts";
import { type Kind, kindOf } from "../kind.ts";
import { someSteps, type Step, takeSteps } from "../steps.ts";
import { askTdx, TDX_BASES, tdxBase } from "./tdx_bases.ts";
import {
  fileOf,
  freshPapers,
  objectionToPapers,
  type Office,
  PAPER_STEPS,
  PAPER_WEIGHTS,
  type Papers,
} from "./x509_papers.ts";

/** Parts that an issuer may write as it likes. */
const ALLOWED: ReadonlySet<string> = new Set([
  "serial",
  "distribution points",
  "subject key identifier",
  "authority key identifier",
  "list number",
  // The common name is a part of its own; what else stands beside it says nothing.
  "pck: subject",
  "tcbSigning: subject",
  // The platform that the CA certifies: whether it is up to date is the TCB info's to say.
  "pck: extension 2a864886f84d010d01",
]);

async function officeOf(minted: MintedTdx): Promise<Office> {
  const authority = await intelAuthority();
  const { pck, ca, root, tcbSigning, pckCrl, rootCrl } = minted.der;
  const issuer = ca === authority.platform.certificate ? authority.platform : authority.processor;
  const rootKey = authority.root.key;
  const keys = { pck: issuer.key, ca: rootKey, root: rootKey, tcbSigning: rootKey };
  return {
    minted: { pck, ca, root, tcbSigning, pckCrl, rootCrl },
    keys: { ...keys, pckCrl: issuer.key, rootCrl: rootKey },
    algorithm: ecdsa("SHA-256"),
    files: {
      chain: ["pck", "ca", "root"],
      tcbChain: ["tcbSigning", "root"],
      pckCrlChain: ["ca", "root"],
      pckCrl: ["pckCrl"],
      rootCrl: ["rootCrl"],
    },
    text: ["chain"],
  };
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

/** All files; the chain goes into the quote, where a text of C has its end. */
function filesFor(minted: MintedTdx, papers: Papers): Readonly<Record<string, Uint8Array>> {
  const { tcbInfo, qeIdentity } = filesOf(minted);
  const roles = ["tcbChain", "pckCrlChain", "pckCrl", "rootCrl"];
  const files = Object.fromEntries(roles.map((role) => [role, fileOf(papers, role)]));
  const chain = concat(fileOf(papers, "chain"), Uint8Array.of(0));
  return { quote: withChain(minted, chain), tcbInfo, qeIdentity, ...files };
}

function papersKind(id: string, says: string, names: readonly string[]): Kind {
  return kindOf<Given>({
    id,
    says,
    given: () =>
      Promise.resolve(fc.record({
        base: fc.nat(TDX_BASES.length - 1),
        steps: someSteps(PAPER_STEPS, PAPER_WEIGHTS),
      })),
    async judge({ base, steps }) {
      const minted = await tdxBase(base);
      const start = freshPapers(await officeOf(minted), names);
      const papers = await takeSteps(PAPER_STEPS, start, steps);
      const roots = [minted.der.root, ...papers.trusted ? [papers.now["root"]] : []];
      return await askTdx({
        minted,
        files: filesFor(minted, papers),
        labRoots: roots.flatMap((root) => root === undefined ? [] : [root]),
        objection: () => objectionToPapers(papers, ALLOWED),
      });
    },
  });
}

/** Certificates of the PCS and of quotes. */
export const tdxChain: Kind = papersKind(
  "tdx-chain",
  "PCK chains in quotes, and the chains of the PCS, in PEM and DER",
  ["pck", "pck", "ca", "root", "tcbSigning"],
);

/** Revocation lists of the PCS. */
export const tdxList: Kind = papersKind(
  "tdx-list",
  "revocation lists of the PCS, in DER, PEM and hex",
  ["pckCrl", "rootCrl"],
);

/**
 * SEV-SNP: leaf, ASK or ASVK, ARK, and the ARK's revocation list.
 *
 * @module
 */

import fc from "fast-check";
import { AMD_PSS, type MintedSnp, rsaPss } from "../../../src/lab/mod.ts";
import { labAuthority } from "../../lab_authority.ts";
import { mint, requestFor } from "../../snp/ask.ts";
import { type Kind, kindOf } from "../kind.ts";
import { examineTrial } from "../properties.ts";
import { someSteps, type Step, takeSteps } from "../steps.ts";
import { SNP_BASES, SNP_POLICY } from "./snp_report.ts";
import {
  fileOf,
  freshPapers,
  objectionToPapers,
  type Office,
  PAPER_STEPS,
  PAPER_WEIGHTS,
} from "./x509_papers.ts";

/** Parts that an issuer may write as it likes. */
const ALLOWED: ReadonlySet<string> = new Set([
  "serial",
  "subject key identifier",
  "authority key identifier",
  "list number",
  "ark: distribution points",
]);

async function officeOf(base: number): Promise<{ minted: MintedSnp; office: Office }> {
  const { line = "Genoa", form = "VCEK", ...minting } = SNP_BASES[base] ?? {};
  const [minted, authority] = [
    await mint({ line, form, ...minting }),
    await labAuthority(line),
  ];
  const { leaf, intermediate, ark, crl } = minted.der;
  const root = authority.ARK.key;
  return {
    minted,
    office: {
      minted: { leaf, intermediate, ark, crl },
      keys: { leaf: authority[form].key, intermediate: root, ark: root, crl: root },
      algorithm: rsaPss(AMD_PSS),
      files: { leaf: ["leaf"], chainAskArk: ["intermediate", "ark"], crl: ["crl"] },
      text: [],
    },
  };
}

interface Given {
  readonly base: number;
  readonly steps: readonly Step[];
}

function papersKind(id: string, says: string, names: readonly string[]): Kind {
  return kindOf<Given>({
    id,
    says,
    given: () =>
      Promise.resolve(fc.record({
        base: fc.nat(SNP_BASES.length - 1),
        steps: someSteps(PAPER_STEPS, PAPER_WEIGHTS),
      })),
    async judge({ base, steps }) {
      const { minted, office } = await officeOf(base);
      const papers = await takeSteps(PAPER_STEPS, freshPapers(office, names), steps);
      const [leaf, chainAskArk, crl] = ["leaf", "chainAskArk", "crl"].map((role) =>
        fileOf(papers, role)
      );
      const given = { leaf, chainAskArk, crls: [crl] };
      const files = Object.fromEntries(Object.entries(given).filter(([, file]) => file));
      const roots = [minted.der.ark, ...papers.trusted ? [papers.now["ark"]] : []];
      const labRoots = roots.flatMap((root) => root === undefined ? [] : [root]);
      return await examineTrial({
        request: requestFor(minted, { files, policy: SNP_POLICY, request: { labRoots } }),
        objection: () => objectionToPapers(papers, ALLOWED),
        files: {
          report: minted.report,
          ...Object.fromEntries(["leaf", "chainAskArk", "crl"].map((r) => [r, fileOf(papers, r)])),
          ...Object.fromEntries(labRoots.map((root, i) => [`root-${i}`, root])),
        },
      });
    },
  });
}

/** Certificates of SEV-SNP. */
export const snpChain: Kind = papersKind(
  "snp-chain",
  "VCEK or VLEK, ASK or ASVK, and ARK, in PEM and DER",
  ["leaf", "leaf", "intermediate", "ark"],
);

/** Revocation lists of SEV-SNP. */
export const snpList: Kind = papersKind(
  "snp-list",
  "revocation lists of an ARK, in PEM and DER",
  ["crl"],
);

/**
 * Real SEV-SNP reports with their certificates, read where they are.
 *
 * @module
 */

import type { Entry } from "../../../scripts/corpus/manifest.ts";
import { inlineEngine } from "../../../src/core/crypto_inline.ts";
import { describeCertificates } from "../../../src/core/x509.ts";
import { NOW } from "../../lab_authority.ts";
import { corpus as entries } from "../../snp/corpus.ts";
import { certificatesOf } from "../tdx/der.ts";
import type { SnpCase } from "./case.ts";

/** Cases of the corpus, by name; none where it is absent. */
export const corpus: ReadonlyMap<string, SnpCase> = new Map(
  await Promise.all(
    [...entries].map(async ([name, entry]): Promise<[string, SnpCase]> => [
      name,
      await caseOf(name, entry),
    ]),
  ),
);

async function caseOf(name: string, { input: { files, params, verifyAt, tech } }: Entry) {
  const { report, leaf, chain_ask_ark: chain } = files;
  const root = chain === undefined ? undefined : certificatesOf(chain).at(-1);
  if (report === undefined || leaf === undefined || chain === undefined || root === undefined) {
    throw new Error(`${name} lacks a report, a leaf or a chain`);
  }
  // go-sev-guest ships no ASVK, so with a VLEK the chain of the case is what it has.
  const given = params["trusted_root"] !== undefined || tech === "aws-snp";
  return {
    name: `corpus/${name}`,
    input: { report, leaf, chain, crls: [] },
    now: verifyAt ?? NOW,
    root: given ? root : null,
    line: await lineOf(root),
  };
}

async function lineOf(root: Uint8Array): Promise<string> {
  const [certificate] = await describeCertificates(inlineEngine, root);
  const line = /CN=ARK-([A-Za-z]+)/.exec(certificate?.summary.subject ?? "")?.[1];
  if (line === undefined) throw new Error("a root names no product line");
  return line;
}

/**
 * A real case that is to be changed: with its root, so that the ASK of the
 * evidence is looked at.
 *
 * @param name Its name, `tech/id`.
 */
export function realCase(name: string): SnpCase {
  const found = corpus.get(name);
  if (found === undefined) throw new Error(`The corpus has no case ${name}`);
  const root = certificatesOf(found.input.chain).at(-1) ?? null;
  return { ...found, name: `real/${name}`, root };
}

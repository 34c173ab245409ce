/**
 * Mints the vectors of Google's instances with SEV-SNP.
 *
 * @module
 */

import { toHex } from "../../../src/core/bytes.ts";
import {
  type AmdAuthority,
  createAmdAuthority,
  createEndorsementAuthority,
  createTpmAuthority,
  type GcpSnpAuthorities,
  type MintedGcpSnp,
  mintGcpSevSnp,
  type MintGcpSnpOptions,
} from "../../../src/lab/mod.ts";
import { OF_MEMBER } from "../../../tests/statements.ts";
import { EXPECTED, joining, vtpmSection } from "../azure/question.ts";
import { type Evidence, type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { bentEndorsements } from "./endorsement.ts";
import { byName, namesOf, NO_ROOTS, ROOTS, rootsFile, SNP_FILES, STATEMENT } from "./files.ts";
import { FOREIGN, PINNED } from "./instances.ts";
import { type BentSnp, crossed } from "./snp_pairs.ts";

const ID = "gcp-sev-snp";

/** The variant `gcp-sev-snp`. */
export const gcpSevSnpVectors: VectorSource = {
  files: SNP_FILES,
  labRoot: ROOTS,
  statement: STATEMENT,
  mint,
};

async function* mint(): AsyncGenerator<MintedCase> {
  const genoa = await createAmdAuthority({ line: "Genoa", now: TIME });
  const keys = { ARK: genoa.ARK.key, VCEK: genoa.VCEK.key, VLEK: genoa.VLEK.key };
  yield* mintJoin(genoa);
  yield* mintServe(await createAmdAuthority({ line: "Turin", now: TIME, keys }));
}

function rootsOf({ amd, tpm, firmware }: GcpSnpAuthorities): readonly Uint8Array[] {
  const roots = [amd.ARK.certificate, tpm.root.certificate];
  return firmware === undefined ? roots : [...roots, firmware.root.certificate];
}

function evidenceOf({ files, statement }: MintedGcpSnp, from: GcpSnpAuthorities): Evidence {
  return {
    ...byName(SNP_FILES, files),
    [ROOTS]: rootsFile(...rootsOf(from)),
    ...(statement === null ? {} : { [STATEMENT]: statement }),
  };
}

function policyOf({ vtpm: { quotes: [first] } }: MintedGcpSnp, more: object = {}): unknown {
  return { version: 1, allowLab: true, [ID]: { vtpm: vtpmSection(first, more), ...PINNED } };
}

/** A node that joins, and what is bent of it. */
async function* mintJoin(amd: AmdAuthority): AsyncGenerator<MintedCase> {
  const from = {
    amd,
    tpm: await createTpmAuthority({ now: TIME }),
    firmware: await createEndorsementAuthority({ now: TIME }),
  };
  const options: MintGcpSnpOptions = {
    now: TIME,
    nonce: NONCE,
    statement: joining(ID),
    tpm: { boot: { kernel: "casemate lab kernel of join" } },
    snp: { hwid: crypto.getRandomValues(new Uint8Array(64)) },
  };
  const minted = await mintGcpSevSnp(from, options);
  const shared = { policy: policyOf(minted, { eventLog: "require" }), expected: EXPECTED } as const;
  yield {
    ...shared,
    name: "join",
    says: "A node joins: report that names the key, quote that names the report, endorsed firmware",
    verdict: "lab-trusted",
    code: null,
    own: evidenceOf(minted, from),
    base: null,
    absent: NO_ROOTS,
  };
  const bent: readonly BentSnp[] = [
    ...await crossed(from, minted, options),
    ...await Promise.all(FOREIGN.slice(0, 3).map((one) => foreign(from, minted, options, one))),
  ];
  for (const { evidence, files, absent = [], ...one } of bent) {
    yield {
      ...shared,
      ...one,
      verdict: "rejected",
      own: only(evidenceOf(evidence, from), namesOf(SNP_FILES, files)),
      base: "join",
      absent: [...NO_ROOTS, ...absent],
    };
  }
  yield* unbound(from, minted, options);
  const endorsed = {
    sevSnp: minted.firmware?.golden.sevSnp ?? null,
    tdx: null,
  };
  const others = rootsOf({ amd: from.amd, tpm: from.tpm });
  for (const one of await bentEndorsements(from.firmware, endorsed, others)) {
    yield { ...shared, ...one, verdict: "rejected", base: "join" };
  }
}

/** Report data of the case without a statement. */
const REPORT_DATA = new Uint8Array(64).fill(0xcd);

/** Both parts answer what was asked of each, and nothing ties them. */
async function* unbound(
  from: GcpSnpAuthorities,
  { vtpm, snp: { leafKey } }: MintedGcpSnp,
  { statement: _, ...options }: MintGcpSnpOptions,
): AsyncGenerator<MintedCase> {
  const [{ keys }] = vtpm.quotes;
  const minted = await mintGcpSevSnp(from, {
    ...options,
    reportData: REPORT_DATA,
    tpm: { ...options.tpm, keys },
    snp: { ...options.snp, leafKey },
  });
  yield {
    name: "unbound",
    says: "Report and quote each answer for itself, without a statement",
    policy: policyOf(minted),
    verdict: "platform-only",
    code: "pairing.unbound",
    own: only(
      evidenceOf(minted, from),
      namesOf(SNP_FILES, ["report", "tpmQuoteMsg", "tpmQuoteSig", "pcrs", "eventLog"]),
    ),
    base: "join",
    absent: [...NO_ROOTS, "statement"],
    expected: { reportData: toHex(REPORT_DATA) },
  };
}

/** A whole VM of somebody else's, with a report of its own. */
async function foreign(
  from: GcpSnpAuthorities,
  minted: MintedGcpSnp,
  options: MintGcpSnpOptions,
  { instance, ...one }: (typeof FOREIGN)[number],
): Promise<BentSnp> {
  const { leafKey } = minted.snp;
  const evidence = await mintGcpSevSnp(from, {
    ...options,
    instance,
    snp: { ...options.snp, leafKey },
  });
  const files = ["report", "leaf", "tpmQuoteMsg", "tpmQuoteSig", "akPub", "akCert"];
  return { ...one, evidence, files };
}

/** A node at work, without an endorsement; its key is RSA's, as real ones are. */
async function* mintServe(amd: AmdAuthority): AsyncGenerator<MintedCase> {
  const from = { amd, tpm: await createTpmAuthority({ now: TIME }) };
  const minted = await mintGcpSevSnp(from, {
    now: TIME,
    nonce: NONCE,
    statement: { ...OF_MEMBER, variant: ID },
    tpm: { key: "RSA-2048", boot: { kernel: "casemate lab kernel of serve" } },
  });
  yield {
    name: "serve",
    says: "A node at work: report and quote, bound to its statement",
    policy: policyOf(minted),
    verdict: "lab-trusted",
    code: null,
    own: evidenceOf(minted, from),
    base: null,
    absent: [...NO_ROOTS, "firmwareEndorsement"],
    expected: { purpose: "serve", nodeName: OF_MEMBER.nodeName },
  };
}

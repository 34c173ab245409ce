/**
 * Evidence that a runtime mints itself, keys included, and examines there.
 *
 * Neutral as the suite.
 *
 * @module
 */

import type * as CasemateLab from "../../src/lab/mod.ts";
import type { Library } from "./suite.ts";

/** The lab, from source or as packed. */
export type Lab = Pick<
  typeof CasemateLab,
  | "createAmdAuthority"
  | "importAmdAuthority"
  | "mintSnp"
  | "createIntelAuthority"
  | "mintTdx"
  | "createTpmAuthority"
  | "mintTpm"
  | "createAwsAuthority"
  | "mintAwsNitroTpm"
  | "mintAzureTdx"
>;

type Request = Parameters<Library["examine"]>[0];

/** What evidence that was minted on a runtime answers. */
const NONCE = Uint8Array.of(1, 2, 3);

/**
 * Mints evidence of several technologies on this runtime, keys included, and examines it there.
 *
 * @param library The library to run.
 * @param lab The lab to run.
 * @param amd An authority in AMD's place that was made before; without one its RSA-4096 keys are made, which takes seconds.
 * @returns The verdicts.
 */
export async function mintAndExamine(
  library: Library,
  lab: Lab,
  amd?: unknown,
): Promise<readonly (string | null)[]> {
  return [
    await mintAndExamineSnp(library, lab, amd),
    await mintAndExamineTdx(library, lab),
    await mintAndExamineTpm(library, lab),
    await mintAndExamineAws(library, lab),
    await mintAndExamineAzure(library, lab),
  ];
}

async function mintAndExamineSnp(
  library: Library,
  lab: Lab,
  amd?: unknown,
): Promise<string | null> {
  const authority = amd === undefined
    ? await lab.createAmdAuthority({ line: "Genoa", now: new Date() })
    : await lab.importAmdAuthority(amd);
  const { created: now } = authority;
  const minted = await lab.mintSnp(authority, { now, reportData: NONCE });
  const result = await library.examine({
    variant: "sev-snp",
    evidence: {
      report: minted.report,
      leaf: encode(minted.leaf),
      chainAskArk: encode(minted.chain),
      crls: [encode(minted.crl)],
    },
    expect: { nonce: NONCE },
    policy: { version: 1, "sev-snp": { measurements: [hex(minted.measurement)] } },
    now,
    labRoots: [encode(minted.root)],
  });
  return result.verdict;
}

async function mintAndExamineTdx(library: Library, lab: Lab): Promise<string | null> {
  const authority = await lab.createIntelAuthority({ now: new Date() });
  const { created: now } = authority;
  const minted = await lab.mintTdx(authority, { now, reportData: NONCE });
  const { mrTd, rtmrs: [, rtmr1, rtmr2] } = minted;
  const result = await library.examine({
    variant: "tdx",
    evidence: {
      quote: minted.quote,
      tcbInfo: encode(minted.tcbInfo),
      qeIdentity: encode(minted.qeIdentity),
      tcbChain: encode(minted.tcbChain),
      pckCrl: encode(minted.pckCrl),
      rootCrl: encode(minted.rootCrl),
    },
    expect: { nonce: NONCE },
    policy: {
      version: 1,
      tdx: { mrTd: [hex(mrTd)], rtmr1: [hex(rtmr1)], rtmr2: [hex(rtmr2)] },
    },
    now,
    labRoots: [encode(minted.root)],
  });
  return result.verdict;
}

async function mintAndExamineTpm(library: Library, lab: Lab): Promise<string | null> {
  const now = new Date();
  const minted = await lab.mintTpm(await lab.createTpmAuthority({ now }), { now, nonce: NONCE });
  const { "4": loader, "11": image } = minted.pcrs["sha256"] ?? {};
  const result = await library.examine({
    variant: "tpm",
    evidence: {
      tpmQuoteMsg: minted.quote,
      tpmQuoteSig: minted.signature,
      akPub: minted.akPublic,
      pcrs: encode(JSON.stringify(minted.pcrs)),
      eventLog: minted.eventLog,
      akCert: encode(minted.akCertificate),
      akCertIssuers: [encode(minted.issuers)],
      akCertCrls: minted.crls.map(encode),
    },
    expect: { nonce: NONCE },
    policy: { version: 1, tpm: { registers: { sha256: { 4: [loader], 11: [image] } } } },
    now,
    labRoots: [encode(minted.root)],
  });
  return result.verdict;
}

async function mintAndExamineAzure(library: Library, lab: Lab): Promise<string | null> {
  const authority = await lab.createIntelAuthority({ now: new Date() });
  const { created: now } = authority;
  const { files, tdx, vtpm } = await lab.mintAzureTdx(authority, { now, nonce: NONCE });
  const { "4": loader, "11": image } = vtpm.pcrs["sha256"] ?? {};
  const request: unknown = {
    variant: "azure-tdx",
    evidence: files,
    expect: { nonce: NONCE },
    policy: {
      version: 1,
      "azure-tdx": {
        tee: { mrTd: [hex(tdx.mrTd)] },
        vtpm: { registers: { sha256: { 4: [loader], 11: [image] } } },
      },
    },
    now,
    labRoots: [encode(tdx.root)],
  };
  // The lab says which files there are by role.
  const result = await library.examine(request as Request);
  return result.verdict;
}

async function mintAndExamineAws(library: Library, lab: Lab): Promise<string | null> {
  const now = new Date();
  const authority = await lab.createAwsAuthority(now);
  const { files, document, root } = await lab.mintAwsNitroTpm(authority, { now, nonce: NONCE });
  const pinned = document.payload.registers.filter(([register]) => [4, 11].includes(register));
  const registers = Object.fromEntries(pinned.map(([register, value]) => [register, [hex(value)]]));
  const request: unknown = {
    variant: "aws-nitro-tpm",
    evidence: files,
    expect: { nonce: NONCE },
    policy: { version: 1, "aws-nitro-tpm": { vtpm: { registers } } },
    now,
    labRoots: [encode(root)],
  };
  // The lab gives files by the roles of the variant.
  const { verdict } = await library.examine(request as Request);
  return verdict;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

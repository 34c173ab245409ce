/**
 * Mints evidence of any variant as a node would send it: statement, envelope,
 * and beside it what a verifier needs.
 *
 * @module
 */

import { concat, toHex } from "../../core/bytes.ts";
import { writeEnvelope } from "../../evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../evidence/evidence.ts";
import { bindingOf, reportDataOf } from "../../evidence/statement/binding.ts";
import { writeStatement } from "../../evidence/statement/read.ts";
import type { Statement } from "../../evidence/statement/statement.ts";
import type { VariantId } from "../../evidence/variants/facts.ts";
import { mintAwsNitroTpm, mintAwsSevSnp, type MintedAws } from "../aws/mod.ts";
import { mintAzureSnp, mintAzureTdx } from "../azure/mod.ts";
import { LAB_INSTANCE, mintGcpSevEs, mintGcpSevSnp, mintGcpTdx } from "../gcp/mod.ts";
import { labRegisters } from "../nitro/mod.ts";
import { type MintedSnp, mintSnp } from "../snp/mod.ts";
import { type MintedTdx, mintTdx } from "../tdx/mod.ts";
import { type MintedVtpm, mintVtpm } from "../tpm/mod.ts";
import type { LabAuthorities } from "./authorities.ts";

/** The question, and the answer in words. */
export interface LabQuestion {
  /** Moment of issue. */
  readonly now: Date;
  /** The verifier's nonce, 32 bytes. */
  readonly nonce: Uint8Array;
  /** What the node states; its variant is set to the one that is minted. */
  readonly statement: Statement;
}

/** A section of a policy or of reference values. */
export type LabSection = Readonly<Record<string, unknown>>;

/** Minted evidence of a variant. */
export interface MintedVariant {
  /** The variant. */
  readonly variant: VariantId;
  /** All files by role, endorsements among them. */
  readonly files: FilesByRole;
  /** The statement, as it was bound. */
  readonly statement: Uint8Array;
  /** Evidence and statement as a node sends them. */
  readonly envelope: Uint8Array;
  /** The lab's roots, PEM. */
  readonly roots: string;
  /** The variant's section of reference values: what runs in the lab. */
  readonly reference: LabSection;
  /** What a policy must say beside, in the variant's section. */
  readonly policy: LabSection;
}

type Minted = Omit<MintedVariant, "variant" | "statement" | "envelope">;

type Mint = (authorities: LabAuthorities, question: LabQuestion) => Promise<Minted>;

const MINTS: Readonly<Record<VariantId, Mint>> = {
  "sev-snp": mintSevSnp,
  "tdx": mintTd,
  "gcp-tdx": mintGcpTd,
  "aws-sev-snp": async ({ amd, aws }, question) => {
    const authority = { ...await aws(), amd: await amd() };
    return await ofAws(await mintAwsSevSnp(authority, question));
  },
  "gcp-sev-snp": mintGcpSnp,
  "azure-sev-snp": mintAzureSevSnp,
  "azure-tdx": mintAzureTd,
  "aws-nitro-tpm": async ({ aws }, question) =>
    await ofAws(await mintAwsNitroTpm(await aws(), question)),
  "azure-trusted-launch": mintCertified,
  "gcp-sev-es": async ({ tpm }, question) => {
    const minted = await mintGcpSevEs(await tpm(), question);
    return { ...ofVtpm(minted), policy: GCE_POLICY };
  },
  "qemu-vtpm": mintCertified,
  "openstack": mintCertified,
};

/** Variants that the lab mints: all of them. */
export const LAB_VARIANTS: readonly VariantId[] = Object.keys(MINTS).filter(isVariant);

function isVariant(id: string): id is VariantId {
  return Object.hasOwn(MINTS, id);
}

const GCE_POLICY: LabSection = { project: LAB_INSTANCE.projectId };

/**
 * Mints evidence of a variant that verifies under the lab's roots.
 *
 * It says nothing about any hardware: each certificate carries the lab mark.
 *
 * @param variant The variant.
 * @param authorities Who issues.
 * @param question Time, nonce and statement.
 *
 * @example
 * ```ts
 * import { labAuthorities, LAB_STATEMENT, mintVariant } from "@casemate/casemate/lab";
 *
 * const now = new Date();
 * const nonce = crypto.getRandomValues(new Uint8Array(32));
 * const question = { now, nonce, statement: LAB_STATEMENT };
 * const { envelope } = await mintVariant("qemu-vtpm", labAuthorities(now), question);
 * console.log(new TextDecoder().decode(envelope.subarray(0, 40)));
 * ```
 */
export async function mintVariant(
  variant: VariantId,
  authorities: LabAuthorities,
  question: LabQuestion,
): Promise<MintedVariant> {
  const said = { ...question, statement: { ...question.statement, variant } };
  const statement = writeStatement(said.statement);
  const minted = await MINTS[variant](authorities, said);
  return {
    ...minted,
    variant,
    statement,
    envelope: writeEnvelope(variant, statement, travelling(minted.files)),
  };
}

/** Roles that a node does not send: the verifier has them from elsewhere. */
const OF_VERIFIER: readonly string[] = [
  "documentCrls",
  "identityCert",
  "firmwareEndorsementRoots",
  "ccelTable",
];

function travelling(files: FilesByRole): FilesByRole {
  return Object.fromEntries(
    Object.entries(files).filter(([role]) => !OF_VERIFIER.includes(role)),
  );
}

function dataOf({ nonce, statement }: LabQuestion): Uint8Array {
  return reportDataOf(bindingOf(nonce, writeStatement(statement)), new Uint8Array());
}

async function mintSevSnp({ amd }: LabAuthorities, question: LabQuestion): Promise<Minted> {
  const minted = await mintSnp(await amd(), { now: question.now, reportData: dataOf(question) });
  return {
    files: snpFiles(minted),
    roots: minted.root,
    reference: { measurements: [toHex(minted.measurement)] },
    policy: {},
  };
}

async function mintTd({ intel }: LabAuthorities, question: LabQuestion): Promise<Minted> {
  const minted = await mintTdx(await intel(), { now: question.now, reportData: dataOf(question) });
  return {
    files: tdxFiles(minted),
    roots: minted.root,
    reference: tdxReference(minted),
    policy: {},
  };
}

async function mintGcpTd({ intel }: LabAuthorities, question: LabQuestion): Promise<Minted> {
  const { files, tdx } = await mintGcpTdx({ intel: await intel() }, question);
  return { files, roots: tdx.root, reference: { tee: tdxReference(tdx) }, policy: {} };
}

async function mintGcpSnp(
  { amd, tpm }: LabAuthorities,
  question: LabQuestion,
): Promise<Minted> {
  const authorities = { amd: await amd(), tpm: await tpm() };
  const { files, snp, vtpm } = await mintGcpSevSnp(authorities, question);
  const certified = ofVtpm(vtpm);
  return { ...certified, files, roots: snp.root + certified.roots, policy: GCE_POLICY };
}

async function mintAzureSevSnp({ amd }: LabAuthorities, question: LabQuestion): Promise<Minted> {
  const { files, snp, vtpm, idKeyDigest } = await mintAzureSnp(await amd(), question);
  return {
    files,
    roots: snp.root,
    reference: {
      tee: { idKeyDigests: [toHex(idKeyDigest)] },
      vtpm: { registers: whatRuns(vtpm.pcrs) },
    },
    policy: {},
  };
}

async function mintAzureTd({ intel }: LabAuthorities, question: LabQuestion): Promise<Minted> {
  const { files, tdx, vtpm } = await mintAzureTdx(await intel(), question);
  return {
    files,
    roots: tdx.root,
    reference: {
      tee: { mrTd: [toHex(tdx.mrTd)] },
      vtpm: { registers: whatRuns(vtpm.pcrs) },
    },
    policy: {},
  };
}

async function mintCertified({ tpm }: LabAuthorities, question: LabQuestion): Promise<Minted> {
  return ofVtpm(await mintVtpm(await tpm(), question));
}

function ofVtpm({ files, quotes }: MintedVtpm): Minted {
  const [{ root, pcrs }] = quotes;
  return { files, roots: root, reference: { vtpm: { registers: whatRuns(pcrs) } }, policy: {} };
}

/** Registers that say what runs: the image that was started, and its sections. */
const WHAT_RUNS: readonly string[] = ["4", "11"];

function whatRuns(pcrs: MintedVtpm["quotes"][0]["pcrs"]): LabSection {
  const values = Object.entries(pcrs["sha256"] ?? {});
  const pinned = values.filter(([register]) => WHAT_RUNS.includes(register));
  return { sha256: Object.fromEntries(pinned.map(([register, value]) => [register, [value]])) };
}

/** The registers of a boot that never was, as the lab's documents hold them. */
async function ofAws({ files, root }: MintedAws): Promise<Minted> {
  const registers = (await labRegisters("tpm")).filter(([register]) =>
    WHAT_RUNS.includes(String(register))
  );
  const pinned = registers.map(([register, value]) => [String(register), [toHex(value)]]);
  return {
    files,
    roots: root,
    reference: { vtpm: { registers: Object.fromEntries(pinned) } },
    policy: {},
  };
}

function snpFiles({ report, der }: MintedSnp): FilesByRole {
  return {
    report,
    leaf: der.leaf,
    chainAskArk: concat(der.intermediate, der.ark),
    crls: [der.crl],
  };
}

function tdxFiles(
  { quote, tcbInfo, qeIdentity, tcbChain, pckCrl, rootCrl }: MintedTdx,
): FilesByRole {
  const text = (file: string): Uint8Array => new TextEncoder().encode(file);
  return {
    quote,
    tcbInfo: text(tcbInfo),
    qeIdentity: text(qeIdentity),
    tcbChain: text(tcbChain),
    pckCrl: text(pckCrl),
    rootCrl: text(rootCrl),
  };
}

function tdxReference({ mrTd, rtmrs: [, rtmr1, rtmr2] }: MintedTdx): LabSection {
  return { mrTd: [toHex(mrTd)], rtmr1: [toHex(rtmr1)], rtmr2: [toHex(rtmr2)] };
}

/**
 * Evidence of TPMs that mutation starts from, and how it is asked about.
 *
 * @module
 */

import type { Request, Result } from "../../../mod.ts";
import {
  describeAk,
  type LabBank,
  type MintedTpm,
  mintTpm,
  type MintTpmOptions,
  type PublicDescription,
  type QuoteScheme,
} from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import { tpmAuthority } from "../../tpm_authority.ts";
import type { Execution, NamedFiles } from "../kind.ts";
import { examineTrial } from "../properties.ts";

/** The nonce that minted evidence answers. */
export const NONCE: Uint8Array = new Uint8Array(32).fill(0xab);

/** How evidence is minted. */
interface Base extends Partial<MintTpmOptions> {
  readonly key: "RSA-2048" | "P-256" | "P-384";
  readonly scheme: QuoteScheme;
  readonly hash: LabBank;
}

/** What the lab mints. */
export const TPM_BASES: readonly Base[] = [
  { key: "P-256", scheme: "ecdsa", hash: "sha256" },
  { key: "P-256", scheme: "ecdsa", hash: "sha256", boot: { locality: 3, cmdlineOutside: true } },
  { key: "P-384", scheme: "ecdsa", hash: "sha384", log: "cel-tlv", boot: { secureBoot: false } },
  { key: "RSA-2048", scheme: "rsassa", hash: "sha256", log: "cel-json" },
  { key: "RSA-2048", scheme: "rsapss", hash: "sha256", banks: ["sha256"] },
];

/** Evidence with what its key is. */
export interface TpmBase {
  /** As it was minted. */
  readonly minted: MintedTpm;
  /** Public area of its key. */
  readonly area: PublicDescription;
  /** How its key signs. */
  readonly scheme: QuoteScheme;
  /** Hash of its signatures. */
  readonly hash: LabBank;
}

const made = new Map<number, Promise<TpmBase>>();

/** Evidence by its number, minted once. */
export function tpmBase(base: number): Promise<TpmBase> {
  const known = made.get(base) ?? make(TPM_BASES[base]);
  made.set(base, known);
  return known;
}

async function make(
  base: Base = { key: "P-256", scheme: "ecdsa", hash: "sha256" },
): Promise<TpmBase> {
  const { scheme, hash } = base;
  // Keys of one kind, so that all certificates and lists are signed alike.
  const minted = await mintTpm(await tpmAuthority("P-256"), { now: NOW, nonce: NONCE, ...base });
  return { minted, area: describeAk(minted.keys.ak, scheme, hash), scheme, hash };
}

/** Files by role, as the library takes them. */
export type TpmRoles = Readonly<Record<string, Uint8Array | readonly Uint8Array[]>>;

const asFile = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Minted evidence as verification takes it. */
export function tpmFiles({ minted }: TpmBase): TpmRoles {
  const { quote, signature, akPublic, pcrs, eventLog, der } = minted;
  return {
    tpmQuoteMsg: quote,
    tpmQuoteSig: signature,
    akPub: akPublic,
    pcrs: asFile(JSON.stringify(pcrs)),
    eventLog,
    akCert: der.ak,
    akCertIssuers: [der.issuing],
    akCertCrls: [der.issuingCrl, der.rootCrl],
  };
}

/** What is asked about. */
export interface TpmTrial {
  /** Evidence that it started from. */
  readonly base: TpmBase;
  /** Files in place of the minted ones. */
  readonly files: TpmRoles;
  /** Lab roots beside the minted one. */
  readonly roots?: readonly Uint8Array[];
  /** Asked where it was accepted. */
  readonly objection: (result: Result) => string | null | Promise<string | null>;
}

/**
 * Asks both engines, with the properties of all executions: the boot loader and
 * the image are pinned, nonce, log and lists demanded.
 *
 * @param trial What is asked about.
 */
export async function askTpm({ base, files, roots = [], objection }: TpmTrial): Promise<Execution> {
  const { "4": four, "11": eleven } = base.minted.pcrs["sha256"] ?? {};
  const section = { registers: { sha256: { "4": [four], "11": [eleven] } }, eventLog: "require" };
  const request: unknown = {
    variant: "tpm",
    evidence: { ...tpmFiles(base), ...files },
    expect: { nonce: NONCE },
    policy: { version: 1, tpm: section },
    now: NOW,
    labRoots: [base.minted.der.root, ...roots],
  };
  // Files may be wrong: that is what is tried.
  return await examineTrial({ request: request as Request, objection, files: named(files) });
}

/** One file after the other, for those who look at a counterexample. */
function named(files: TpmRoles): NamedFiles {
  const all = Object.entries(files).flatMap(([role, file]) =>
    file instanceof Uint8Array
      ? [[role, file] as const]
      : file.map((one, i) => [`${role}-${i}`, one] as const)
  );
  return Object.fromEntries(all);
}

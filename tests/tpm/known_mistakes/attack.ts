/**
 * Asks the public library about whole TPM evidence that an attacker had in hand,
 * and says what its answers must be.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, InputError, type Request, type Result } from "../../../mod.ts";
import { concat, toHex } from "../../../src/core/bytes.ts";
import type { FilesByRole } from "../../../src/evidence/evidence.ts";
import type { TpmEvidence, TpmFiles, TpmLog } from "../../../src/evidence/tpm/mod.ts";
import {
  createTpmAuthority,
  describeSignature,
  generateLabKey,
  type MintedTpm,
  mintTpm,
  type MintTpmOptions,
  type QuoteSignatureDescription,
  type TpmBends,
  writeQuoteSignature,
} from "../../../src/lab/mod.ts";
import { assertRefused, assertVerdict, entryOf, shown } from "../../result.ts";
import { filesOf, NONCE, NOW } from "../ask.ts";

export { NONCE, NOW } from "../ask.ts";

/** A question about a TPM. */
export type TpmRequest = Extract<Request, { readonly variant: "tpm" }>;

/** What differs from a plain question. */
export interface Changes {
  /** Files in place of the minted ones; undefined leaves one out. */
  readonly files?: FilesByRole;
  /** Keys of the `tpm` section of the policy, beside the pinned registers. */
  readonly section?: Readonly<Record<string, unknown>>;
  /** Other keys of the policy. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** Other members of the request. */
  readonly request?: Partial<Pick<TpmRequest, "expect" | "labRoots" | "now" | "profile">>;
}

/** Evidence, and the code that it must give. */
export type Attack = readonly [what: string, bends: TpmBends, code: string];

/** The authority that questions trust. */
export const authority = await createTpmAuthority({ now: NOW });

/** Keys of the one TPM that all evidence is of, unless it says otherwise. */
export const keys = { ak: await generateLabKey("P-256"), ek: await generateLabKey("P-256") };

/** Mints evidence that answers {@linkcode NONCE} and is right unless bent. */
export function mint(minting: Partial<MintTpmOptions> = {}): Promise<MintedTpm> {
  return mintTpm(authority, { now: NOW, nonce: NONCE, keys, ...minting });
}

/** Evidence that is right, and is not minted again. */
export const straight: MintedTpm = await mint();

/** Text as a file. */
export const asFile = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Leaves out the certificate and what belongs to it. */
export const UNCERTIFIED: FilesByRole = {
  akCert: undefined,
  akCertIssuers: undefined,
  akCertCrls: undefined,
};

/** What registers truly hold, as pins; by default those that say what runs. */
export function pinsOf(
  { registers }: MintedTpm,
  numbers: readonly number[] = [4, 11],
): Readonly<Record<string, readonly string[]>> {
  const values = registers.get("sha256") ?? [];
  return Object.fromEntries(
    numbers.map((number) => [String(number), [toHex(values[number] ?? concat())]]),
  );
}

/** Where boot loader and command line say what runs, since the boot has no unified kernel image. */
export const ofBootLoader = (minted: MintedTpm): Readonly<Record<string, unknown>> => ({
  whatRuns: [4, 8],
  registers: { sha256: pinsOf(minted, [4, 8]) },
});

/** The whole question: registers pinned, log and Secure Boot demanded, nonce expected, lab root given. */
export function requestFor(minted: MintedTpm, changes: Changes = {}): TpmRequest {
  const given = Object.entries({ ...filesOf(minted), ...changes.files });
  const evidence = Object.fromEntries(given.filter(([, file]) => file !== undefined));
  const pinned = minted.registers.has("sha256") ? { sha256: pinsOf(minted) } : {};
  const demands = { registers: pinned, eventLog: "require", secureBoot: "require" };
  return {
    variant: "tpm",
    // Tests leave out what must be there, too.
    evidence: evidence as unknown as TpmFiles,
    expect: { nonce: NONCE },
    policy: { version: 1, ...changes.policy, tpm: { ...demands, ...changes.section } },
    now: NOW,
    labRoots: [minted.der.root],
    ...changes.request,
  };
}

/** Asks about minted evidence. */
export function ask(minted: MintedTpm, changes: Changes = {}): Promise<Result> {
  return examine(requestFor(minted, changes));
}

/** Asserts that nothing at all was found wrong. */
export function assertGood(result: Result, what = ""): void {
  const { verdict, code } = result;
  const message = `${what}: ${shown(result)}`;
  assert.deepEqual({ verdict, code }, { verdict: "lab-trusted", code: null }, message);
  assert.deepEqual(result.findings.filter(({ kind }) => kind === "mismatch"), []);
}

/** Asserts that a code decided, with the verdict that its class has. */
export function assertCode(result: Result, code: string, what = ""): void {
  assert.equal(result.code, code, `${what}: ${shown(result)}`);
  const { class: verdict } = entryOf(code);
  if (verdict === "rejected") return assertRefused(result, code);
  assert.ok(verdict === "platform-only" || verdict === "unavailable", code);
  assertVerdict(result, verdict, code);
}

/** Mints each, and asserts that each is refused with its code. */
export async function assertAttacks(attacks: readonly Attack[]): Promise<void> {
  for (const [what, bends, code] of attacks) {
    assertCode(await ask(await mint({ bends })), code, what);
  }
}

/** The code of a question whose files may be nothing that can be read; `none` where nothing is wrong. */
export async function codeOf(asked: Promise<Result>): Promise<string> {
  try {
    const { verdict, code } = await asked;
    if (code !== null) assert.ok(verdict !== "trusted" && verdict !== "lab-trusted");
    return code ?? "none";
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}

/** A signature of the evidence's own key over other bytes. */
export async function signed(
  { keys: { ak } }: MintedTpm,
  message: Uint8Array,
  changes: Partial<QuoteSignatureDescription> = {},
): Promise<Uint8Array> {
  const honest = describeSignature(ak, "ecdsa", "sha256");
  return await writeQuoteSignature({ ...honest, ...changes }, message);
}

/** The verified evidence of a result that has some. */
export function claimsOf(result: Result): TpmEvidence {
  assert.notEqual(result.claims, null, shown(result));
  // Not null: it is what `verify` of this technology gave.
  return result.claims as TpmEvidence;
}

/** The log of a result that has one. */
export function logOf(result: Result): TpmLog {
  const { log } = claimsOf(result);
  assert.ok(log, "there is a log");
  return log;
}

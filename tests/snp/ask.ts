/**
 * Asks the public library about minted SEV-SNP evidence, and says what its answers must be.
 *
 * @module
 */

import assert from "node:assert/strict";
import { examine, type RequestOf, type Result } from "../../mod.ts";
import { concat, toHex } from "../../src/core/bytes.ts";
import type { SnpEvidence, SnpFiles } from "../../src/evidence/snp/mod.ts";
import {
  type Bend,
  type LabLine,
  type MintedSnp,
  mintSnp,
  type MintSnpOptions,
  type ReportFields,
  signSnpReport,
  writeSnpReport,
} from "../../src/lab/mod.ts";
import { labAuthority, NOW } from "../lab_authority.ts";
import { assertRefused, shown } from "../result.ts";

/** The nonce that minted evidence answers. */
export const NONCE: Uint8Array = new Uint8Array(32).fill(0xab);

/** What the lab mints by default here. */
export type Minting = Partial<MintSnpOptions> & { readonly line?: LabLine };

/** What differs from a plain question. */
export interface Changes {
  /** Files in place of the minted ones. */
  readonly files?: Partial<SnpFiles>;
  /** Keys of the `sev-snp` section of the policy, beside the pinned measurement. */
  readonly section?: Readonly<Record<string, unknown>>;
  /** Other keys of the policy. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** Other members of the request. */
  readonly request?: Partial<Pick<RequestOf<"sev-snp">, "expect" | "labRoots" | "now" | "profile">>;
}

/** Evidence with what its report says. */
interface Base {
  readonly minted: MintedSnp;
  readonly fields: ReportFields;
}

const bases = new Map<string, Promise<Base>>();

/**
 * Mints evidence that answers {@linkcode NONCE} and is right unless bent. What
 * differs in the report alone shares one leaf and one list, which are slow to
 * sign; another `hwid` makes another machine.
 */
export async function mint(minting: Minting = {}): Promise<MintedSnp> {
  const { bends: { report, ...others } = {}, leafKey, ...plain } = minting;
  if (leafKey !== undefined || Object.keys(others).length > 0) {
    return (await mintBase(minting)).minted;
  }
  const { minted, fields } = await baseOf(plain);
  if (report === undefined) return minted;
  const bent = bentFields(fields, report);
  const bytes = await signSnpReport(writeSnpReport(bent), minted.leafKey);
  return { ...minted, report: bytes, measurement: bent.measurement };
}

function baseOf(minting: Minting): Promise<Base> {
  const key = JSON.stringify(
    minting,
    (_, value) => value instanceof Uint8Array ? [...value] : value,
  );
  const base = bases.get(key) ?? mintBase(minting);
  bases.set(key, base);
  return base;
}

async function mintBase(minting: Minting): Promise<Base> {
  const { line, bends = {}, ...options } = minting;
  let written: ReportFields | undefined;
  const report = (fields: ReportFields): ReportFields =>
    written = bends.report === undefined ? fields : bentFields(fields, bends.report);
  const minted = await mintSnp(await labAuthority(line), {
    now: NOW,
    reportData: NONCE,
    ...options,
    bends: { ...bends, report },
  });
  assert.ok(written);
  return { minted, fields: written };
}

function bentFields(fields: ReportFields, change: Bend<ReportFields>): ReportFields {
  return typeof change === "function" ? change(fields) : { ...fields, ...change };
}

/** Minted evidence as verification takes it. */
export function filesOf({ report, der }: MintedSnp): SnpFiles {
  return {
    report,
    leaf: der.leaf,
    chainAskArk: concat(der.intermediate, der.ark),
    crls: [der.crl],
  };
}

/** The whole question about minted evidence: measurement pinned, nonce expected, lab root given. */
export function requestFor(minted: MintedSnp, changes: Changes = {}): RequestOf<"sev-snp"> {
  const { files, section, policy, request } = changes;
  return {
    variant: "sev-snp",
    evidence: { ...filesOf(minted), ...files },
    expect: { nonce: NONCE },
    policy: {
      version: 1,
      ...policy,
      "sev-snp": { measurements: [toHex(minted.measurement)], ...section },
    },
    now: NOW,
    labRoots: [minted.der.ark],
    ...request,
  };
}

/** Asks about minted evidence. */
export function ask(minted: MintedSnp, changes: Changes = {}): Promise<Result> {
  return examine(requestFor(minted, changes));
}

/** Mints, then asks. */
export async function judge(minting: Minting = {}, changes: Changes = {}): Promise<Result> {
  return await ask(await mint(minting), changes);
}

/** Asserts that nothing at all was found wrong. */
export function assertGood(result: Result): void {
  assert.deepEqual(
    { verdict: result.verdict, code: result.code },
    { verdict: "lab-trusted", code: null },
    shown(result),
  );
  assert.deepEqual(result.findings.filter(({ kind }) => kind === "mismatch"), []);
  assert.equal(result.weakestRoot, "lab");
}

/** The verified evidence of a result that has some. */
export function claimsOf(result: Result): SnpEvidence {
  assert.notEqual(result.claims, null, shown(result));
  // Not null: it is what `verify` of this technology gave.
  return result.claims as SnpEvidence;
}

/** Mints each bend, and asserts that each is refused with its code. */
export async function assertBends(
  bends: readonly (readonly [what: string, minting: Minting, code: string])[],
): Promise<void> {
  for (const [what, minting, code] of bends) {
    const result = await judge(minting);
    assert.equal(result.code, code, `${what}: ${shown(result)}`);
    assertRefused(result, code);
  }
}

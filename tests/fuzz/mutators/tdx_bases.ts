/**
 * Evidence of Intel's kind that mutation starts from, and how it is asked about.
 *
 * @module
 */

import type { MintedTdx } from "../../../src/lab/mod.ts";
import { CasemateError } from "../../../src/core/errors.ts";
import { type TdxFiles, verifySgxQuote } from "../../../src/evidence/tdx/mod.ts";
import { mint, type Minting, requestFor } from "../../tdx/ask.ts";
import { NOW } from "../../lab_authority.ts";
import type { Execution, NamedFiles } from "../kind.ts";
import { assertTyped, bothEngines, examineTrial, timed } from "../properties.ts";

/** What the lab mints. */
export const TDX_BASES: readonly Minting[] = [
  { version: 4 },
  { version: 4, ca: "processor" },
  { version: 5 },
  { version: 5, body: "tdx-1.0" },
  { version: 3 },
  { version: 4, body: "sgx" },
  { version: 5, body: "sgx", ca: "processor" },
];

const minted = new Map<number, Promise<MintedTdx>>();

/** Evidence by its number, minted once. */
export function tdxBase(base: number): Promise<MintedTdx> {
  const known = minted.get(base) ?? mint(TDX_BASES[base] ?? {});
  minted.set(base, known);
  return known;
}

/** Files by role; null leaves one out. */
export type TdxRoles = Readonly<Record<string, Uint8Array | null>>;

/** What is asked about. */
export interface TdxTrial {
  readonly minted: MintedTdx;
  readonly files: TdxRoles;
  readonly labRoots: readonly Uint8Array[];
  readonly objection: () => string | null | Promise<string | null>;
}

/**
 * Asks both engines about a trust domain's quote, or an enclave's by the
 * function for these, with the properties of all executions.
 *
 * @param trial What is asked about.
 */
export async function askTdx(trial: TdxTrial): Promise<Execution> {
  const { minted, files, labRoots, objection } = trial;
  const given = Object.entries(files).map(([role, file]) => [role, file ?? undefined] as const);
  const kept: NamedFiles = {
    ...Object.fromEntries(given.flatMap(([role, file]) => file ? [[role, file]] : [])),
    ...Object.fromEntries(labRoots.map((root, i) => [`root-${i}`, root])),
  };
  if (minted.mrTd.length === 0) return await askSgx(trial, kept);
  const changes = { files: Object.fromEntries(given), request: { labRoots } };
  return await examineTrial({ request: requestFor(minted, changes), objection, files: kept });
}

/** Enclaves get no verdict: what is accepted is what verification resolves with. */
async function askSgx(
  { files, labRoots, objection }: TdxTrial,
  kept: NamedFiles,
): Promise<Execution> {
  const given = Object.entries(files).filter(([, file]) => file !== null);
  // Files may be wrong or absent: that is what is tried.
  const evidence = Object.fromEntries(given) as unknown as TdxFiles;
  return await timed(async () => {
    try {
      await verifySgxQuote(bothEngines, evidence, { now: NOW, labRoots });
    } catch (error) {
      assertTyped(error);
      if (error instanceof CasemateError) return error.code;
    }
    const wrong = await objection();
    if (wrong !== null) throw new Error(`accepted, though ${wrong}`);
    return "accepted";
  }, kept);
}

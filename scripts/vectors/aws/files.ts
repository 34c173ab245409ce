/**
 * Names of the files of AWS's cases.
 *
 * @module
 */

import type { MintedAws } from "../../../src/lab/mod.ts";
import type { CaseFile } from "../../../tests/vectors.ts";
import type { Statement } from "../../../src/evidence/statement/statement.ts";
import { OF_MEMBER } from "../../../tests/statements.ts";
import type { Evidence } from "../source.ts";
import { DOCUMENT_FILES } from "./nitro_enclave.ts";

/** The lab's roots, PEM. */
export const ROOTS = "roots.pem";

/** The statement. */
export const STATEMENT = "statement.json";

/** Of the instance, by role. */
const INSTANCE_FILES = {
  identityDocument: "identity.json",
  identitySignature: "identity.sig",
  identityCert: "region.der",
} as const;

/** Of an instance with NitroTPM, by role. */
export const NITRO_TPM_FILES: CaseFile["files"] = { ...DOCUMENT_FILES, ...INSTANCE_FILES };

/** Of an instance with SEV-SNP, by role. */
export const SEV_SNP_FILES: CaseFile["files"] = {
  report: "report.bin",
  leaf: "leaf.der",
  chainAskArk: "chain.der",
  crls: ["crl.der"],
  ...NITRO_TPM_FILES,
};

/**
 * The files of minted evidence by their names.
 *
 * @param minted The evidence.
 * @param names Names by role.
 */
export function evidenceOf(
  { files, statement, root }: MintedAws,
  names: CaseFile["files"],
): Evidence {
  const named = Object.entries(names).flatMap(([role, name]) => {
    const file = files[role];
    if (file === undefined) return [];
    const list = file instanceof Uint8Array ? [file] : file;
    return list.map((bytes, i) =>
      [typeof name === "string" ? name : name[i] ?? "", bytes] as const
    );
  });
  return {
    ...Object.fromEntries(named),
    ...(statement === null ? {} : { [STATEMENT]: statement }),
    [ROOTS]: new TextEncoder().encode(root),
  };
}

/** What a node of a variant states. */
export const statementOf = (variant: string): Statement => ({ ...OF_MEMBER, variant });

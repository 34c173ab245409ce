/**
 * Where the contract tells apart what one code of ours stands for, and the
 * details do not say it: then the input is looked at.
 *
 * @module
 */

import { parseStrictJson } from "../core/strict_json.ts";
import { TDX_WORDS, type TdxRejection } from "./tdx_codes.ts";
import type { TdxEvidenceInput } from "./tdx_input.ts";
import type { Word } from "./translate.ts";

/** Version that quotes of SGX enclaves alone have. */
const SGX_ONLY_VERSION = 3;

/** Version of QE identities for TDX. */
const IDENTITY_VERSION = 2;

/** Ids of QE identities. */
const IDENTITY_IDS: readonly unknown[] = ["TD_QE", "QE", "QVE"];

/**
 * Words for one input.
 *
 * @param input The input.
 */
export function wordsFor(
  { quote_b64: quote, collateral }: TdxEvidenceInput,
): Readonly<Record<string, Word<TdxRejection>>> {
  return {
    ...TDX_WORDS,
    // A quote of version 3 is of an enclave by its version already; the contract asks for that first.
    "tdx.tee_type": quote[0] === SGX_ONLY_VERSION && quote[1] === 0
      ? "QUOTE_FORMAT_UNSUPPORTED"
      : "WRONG_TEE_TYPE",
    "tdx.qe_identity_format": identityWord(collateral.qe_identity_json),
  };
}

/** What makes a signed QE identity one of another form. */
function identityWord(file: Uint8Array): TdxRejection {
  const identity = member(read(file), "enclaveIdentity");
  const [id, version] = [member(identity, "id"), member(identity, "version")];
  if (typeof id === "string" && !IDENTITY_IDS.includes(id)) return "QE_IDENTITY_ID_INVALID";
  return typeof version === "number" && version !== IDENTITY_VERSION
    ? "QE_IDENTITY_VERSION_INVALID"
    : "QV_RESULT_TERMINAL_UNSPECIFIED";
}

function read(file: Uint8Array): unknown {
  try {
    return parseStrictJson(file);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/**
 * Evidence of a paravisor with one thing wrong, of either TEE: each is signed
 * and hashed as if it were right.
 *
 * @module
 */

import { generateLabKey, type ParavisorBends, type RuntimeJwk } from "../../../src/lab/mod.ts";
import type { LabKey } from "../../../src/lab/mod.ts";
import type { Statement } from "../../../src/evidence/statement/statement.ts";
import type { MintedCase } from "../source.ts";

/** Evidence with one thing wrong. */
export interface BentParavisor extends Pick<MintedCase, "name" | "says" | "code" | "absent"> {
  /** What is minted otherwise. */
  readonly bends?: ParavisorBends;
  /** User data in place of the binding. */
  readonly userData?: Uint8Array;
  /** Key that signs the quote in place of the attestation key. */
  readonly quoteKey?: LabKey;
  /** What the statement says otherwise. */
  readonly statement?: Partial<Statement>;
  /** Roles of the files that the bend is in, and `statement`. */
  readonly files: readonly string[];
}

/** What another HCL report changes. */
const HCL = ["hclReport", "tdQuote", "tpmQuoteMsg", "tpmQuoteSig"] as const;
const QUOTE = ["tpmQuoteMsg", "tpmQuoteSig"] as const;

const keys = (change: (keys: readonly RuntimeJwk[]) => readonly RuntimeJwk[]): ParavisorBends => ({
  runtime: (runtime) => ({ ...runtime, keys: change(runtime.keys) }),
});

const first = (change: Partial<RuntimeJwk>): ParavisorBends =>
  keys(([ak, ...others]) => ak === undefined ? others : [{ ...ak, ...change }, ...others]);

/** What the paravisor says wrongly, and what is bound to something else. */
export async function bentParavisors(): Promise<readonly BentParavisor[]> {
  return [...ofRuntimeData(), ...ofBinding(), ...await ofQuote()];
}

function ofRuntimeData(): readonly BentParavisor[] {
  const bent = (
    name: string,
    says: string,
    code: string,
    bends: ParavisorBends,
  ): BentParavisor => ({
    name: `bent-${name}`,
    says,
    code,
    bends,
    files: HCL,
  });
  return [
    bent("member-twice", "User data stand in the runtime data twice", "hcl.runtime_syntax", {
      runtimeText: (text) => text.replace("{", '{"user-data":"",'),
    }),
    bent("user-data-short", "User data of one byte", "hcl.runtime_value", {
      runtime: { userData: "AB" },
    }),
    bent(
      "key-exponent",
      "The attestation key has the exponent 3",
      "hcl.key_attributes",
      first({
        e: "Aw",
      }),
    ),
    bent(
      "key-operations",
      "The attestation key may decrypt, too",
      "hcl.key_attributes",
      first({ key_ops: ["sign", "decrypt"] }),
    ),
    bent(
      "key-twice",
      "Two keys are called like the attestation key",
      "hcl.key_repeated",
      keys((given) => given.map((key) => ({ ...key, kid: "HCLAkPub" }))),
    ),
    bent("key-missing", "No attestation key is named", "hcl.key_missing", first({ kid: "Other" })),
    bent("user-data-missing", "No user data, which joining needs", "hcl.user_data_missing", {
      runtime: { userData: null },
    }),
  ];
}

function ofBinding(): readonly BentParavisor[] {
  return [
    {
      name: "bent-report-data-tail",
      says: "The report data go on behind the hash of the runtime data",
      code: "hcl.runtime_data_mismatch",
      bends: { reportData: (data) => data.with(63, 1) },
      files: HCL,
    },
    {
      name: "bent-stale",
      says: "The runtime data were made for another question, the quote for this one",
      code: "hcl.user_data_mismatch",
      userData: new Uint8Array(64).fill(0x57),
      files: HCL,
    },
    {
      name: "bent-hcl-exchanged",
      says: "The quote names another HCL report of the same VM",
      code: "tpm.qualifying_data_mismatch",
      bends: { hclGiven: { version: 1 } },
      files: ["hclReport", "tdQuote"],
    },
    {
      name: "bent-variant",
      says: "The statement speaks of a variant that proves less",
      code: "statement.variant_mismatch",
      statement: { variant: "azure-trusted-launch" },
      files: [...HCL, "statement"],
    },
    {
      name: "bent-phase",
      says: "PCR 15 has not come as far as the statement says",
      code: "statement.phase_mismatch",
      bends: { phase: { phase: "zero", clusterId: "" } },
      files: [...HCL, "pcrs"],
    },
  ];
}

/** Quotes of another TPM, as right as they can be. */
async function ofQuote(): Promise<readonly BentParavisor[]> {
  const quoteKey = await generateLabKey("RSA-2048");
  return [
    {
      name: "bent-software-ak",
      says: "A key in software signed the quote, and is given as the attestation key",
      code: "hcl.key_mismatch",
      quoteKey,
      files: [...QUOTE, "akPub"],
    },
    {
      name: "bent-quote-of-another",
      says: "The quote is of another VM, and no key is given",
      code: "tpm.signature_mismatch",
      quoteKey,
      files: QUOTE,
      absent: ["akPub"],
    },
  ];
}

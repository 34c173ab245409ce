/**
 * Mints the vectors of Azure's trusted launch.
 *
 * @module
 */

import { bindingOf, qualifyingDataOf } from "../../../src/evidence/statement/binding.ts";
import { writeStatement } from "../../../src/evidence/statement/read.ts";
import type { Statement } from "../../../src/evidence/statement/statement.ts";
import {
  createTpmAuthority,
  generateLabKey,
  type LabEvent,
  type LabKey,
  type MintedTpm,
  mintTpm,
  type MintTpmOptions,
  PHASE_REGISTER,
  phaseEvents,
  type TpmAuthority,
} from "../../../src/lab/mod.ts";
import { type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { evidenceOf, FILE_NAMES, ROOT } from "../tpm/files.ts";
import { STATEMENT } from "./files.ts";
import { EXPECTED, joining, vtpmSection } from "./question.ts";

const VARIANT = "azure-trusted-launch";

/** The variant `azure-trusted-launch`. */
export const azureTrustedLaunchVectors: VectorSource = {
  files: FILE_NAMES,
  labRoot: ROOT,
  statement: STATEMENT,
  mint,
};

const REGISTERS: readonly number[] = Array.from({ length: 16 }, (_, i) => i);

/** What is minted otherwise. */
interface Otherwise {
  /** What the statement says. */
  readonly statement?: Statement;
  /** The phase that PCR 15 holds. */
  readonly phase?: Statement;
  /** HCL report or anything else that the quote names beside the binding. */
  readonly beside?: Uint8Array;
  /** Key that signs in place of the certified one. */
  readonly signWith?: LabKey;
  /** Keys of an earlier call. */
  readonly keys?: MintedTpm["keys"];
}

/** What was minted, and the statement that it is bound to. */
interface Minted {
  readonly tpm: MintedTpm;
  readonly statement: Uint8Array;
}

async function mintBound(authority: TpmAuthority, other: Otherwise = {}): Promise<Minted> {
  const { statement: said = joining(VARIANT), phase = said, beside = null, keys, signWith } = other;
  const statement = writeStatement(said);
  const options: MintTpmOptions = {
    now: TIME,
    nonce: qualifyingDataOf(bindingOf(NONCE, statement), beside),
    key: "RSA-2048",
    ...(keys === undefined ? {} : { keys }),
    selection: [{ bank: "sha256", registers: REGISTERS }],
    boot: { kernel: "casemate lab kernel of trusted launch" },
    bends: {
      ...(signWith === undefined ? {} : { signature: { signWith } }),
      events: (events) => [...events, ...phaseEvents(phase)],
      logged: (events: readonly LabEvent[]) =>
        events.filter(({ register }) => register !== PHASE_REGISTER),
    },
  };
  return { tpm: await mintTpm(authority, options), statement };
}

async function* mint(): AsyncGenerator<MintedCase> {
  const authority = await createTpmAuthority({ now: TIME });
  const minted = await mintBound(authority);
  const { keys } = minted.tpm;
  const policy = {
    version: 1,
    allowLab: true,
    [VARIANT]: { vtpm: vtpmSection(minted.tpm, { eventLog: "require" }) },
  };
  const shared = { policy, expected: EXPECTED, base: "join" } as const;
  const ofQuote = [FILE_NAMES.tpmQuoteMsg, FILE_NAMES.tpmQuoteSig];
  const bent = (
    name: string,
    says: string,
    code: string,
    { tpm, statement }: Minted,
    files: readonly string[],
  ): MintedCase => ({
    ...shared,
    name,
    says,
    code,
    verdict: "rejected",
    own: only({ ...evidenceOf(tpm), [STATEMENT]: statement }, files),
  });
  yield {
    ...shared,
    name: "join",
    says: "A node joins: quote, certificate and log, bound to its statement",
    verdict: "lab-trusted",
    code: null,
    own: { ...evidenceOf(minted.tpm), [STATEMENT]: minted.statement },
    base: null,
  };
  yield bent(
    "bent-variant",
    "The statement speaks of a confidential VM",
    "statement.variant_mismatch",
    await mintBound(authority, { statement: joining("azure-sev-snp"), keys }),
    [...ofQuote, STATEMENT],
  );
  yield bent(
    "bent-forged",
    "Another key than the certified one signed the quote",
    "tpm.signature_mismatch",
    await mintBound(authority, { keys, signWith: await generateLabKey("RSA-2048") }),
    ofQuote,
  );
  yield bent(
    "bent-beside",
    "The quote was made beside an HCL report, for another variant",
    "tpm.qualifying_data_mismatch",
    await mintBound(authority, { beside: new Uint8Array(2600), keys }),
    ofQuote,
  );
  yield bent(
    "bent-phase",
    "PCR 15 has not come as far as the statement says",
    "statement.phase_mismatch",
    await mintBound(authority, {
      phase: { ...joining(VARIANT), phase: "zero", clusterId: "" },
      keys,
    }),
    [...ofQuote, FILE_NAMES.pcrs],
  );
  yield {
    ...bent(
      "bent-uncertified",
      "Nobody certifies the key, so that software may have made it all",
      "trust.root_not_accepted",
      minted,
      [],
    ),
    verdict: "platform-only",
    absent: ["akCert", "akCertIssuers", "akCertCrls", "labRoots"],
  };
}

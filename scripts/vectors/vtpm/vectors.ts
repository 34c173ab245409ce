/**
 * Mints the vectors of TPMs that nobody vouches for: QEMU's and OpenStack's.
 *
 * @module
 */

import { toHex } from "../../../src/core/bytes.ts";
import {
  createTpmAuthority,
  generateLabKey,
  type MintedVtpm,
  mintVtpm,
  type MintVtpmOptions,
} from "../../../src/lab/mod.ts";
import { EXPECTED, joining, vtpmSection } from "../azure/question.ts";
import { byName, namesOf, STATEMENT, VTPM_FILES } from "../gcp/files.ts";
import { type Evidence, type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";

/** What no case has: nobody certifies the key. */
const UNCERTIFIED = ["akCert", "akCertIssuers", "akCertCrls", "labRoots"] as const;

const QUOTE = ["tpmQuoteMsg", "tpmQuoteSig"] as const;

/**
 * Vectors of such a variant.
 *
 * @param variant Its id.
 */
export function vtpmVectors(variant: "qemu-vtpm" | "openstack"): VectorSource {
  return {
    files: VTPM_FILES,
    labRoot: "roots.pem",
    statement: STATEMENT,
    mint: () => mint(variant),
  };
}

function evidenceOf({ files, statement }: MintedVtpm): Evidence {
  return {
    ...byName(VTPM_FILES, files),
    ...(statement === null ? {} : { [STATEMENT]: statement }),
  };
}

/** The key was enrolled, so that its Name is pinned. */
function policyOf(
  variant: string,
  { quotes: [first] }: MintedVtpm,
  section: object = { akNames: [toHex(first.akName)] },
): unknown {
  return {
    version: 1,
    acceptRoots: ["none"],
    [variant]: { vtpm: vtpmSection(first, section) },
  };
}

async function* mint(variant: string): AsyncGenerator<MintedCase> {
  const authority = await createTpmAuthority({ now: TIME });
  const options: MintVtpmOptions = {
    now: TIME,
    nonce: NONCE,
    statement: joining(variant),
    certified: false,
    tpm: { boot: { kernel: `casemate lab kernel of ${variant}` } },
  };
  const minted = await mintVtpm(authority, options);
  const shared = {
    policy: policyOf(variant, minted),
    expected: EXPECTED,
    absent: UNCERTIFIED,
  } as const;
  yield {
    ...shared,
    name: "enrolled",
    says: "A node joins: quote and log, by a key that was enrolled, bound to its statement",
    verdict: "trusted",
    code: null,
    own: evidenceOf(minted),
    base: null,
  };
  const again = (other: Partial<MintVtpmOptions>): Promise<MintedVtpm> =>
    mintVtpm(authority, { ...options, ...other, tpm: { ...options.tpm, ...other.tpm } });
  yield* bent(shared, minted, again);
  const nobody = await mintVtpm(authority, {
    now: TIME,
    nonce: NONCE,
    certified: false,
    tpm: { key: "RSA-2048", boot: { kernel: `casemate lab kernel of nobody's ${variant}` } },
  });
  yield {
    name: "unknown-key",
    says: "A quote by a key that nobody knows, for a nonce alone",
    policy: policyOf(variant, nobody, {}),
    verdict: "trusted",
    code: null,
    own: evidenceOf(nobody),
    base: null,
    absent: [...UNCERTIFIED, "eventLog", "statement"],
  };
}

async function* bent(
  shared: Pick<MintedCase, "policy" | "absent"> & Partial<MintedCase>,
  { quotes: [{ keys }] }: MintedVtpm,
  again: (other: Partial<MintVtpmOptions>) => Promise<MintedVtpm>,
): AsyncGenerator<MintedCase> {
  const one = async (
    name: string,
    says: string,
    code: string,
    other: Partial<MintVtpmOptions>,
    roles: readonly string[],
  ): Promise<MintedCase> => {
    const evidence = evidenceOf(await again({ ...other, tpm: { keys, ...other.tpm } }));
    const own = only(evidence, namesOf(VTPM_FILES, roles));
    return { ...shared, name, says, code, verdict: "rejected", base: "enrolled", own };
  };
  const ak = await generateLabKey("P-256");
  yield await one(
    "bent-other-key",
    "Another key than the enrolled one quotes",
    "tpm.ak_name_mismatch",
    { tpm: { keys: { ...keys, ak } } },
    [...QUOTE, "akPub"],
  );
  yield await one(
    "bent-forged",
    "Another key signed the quote, and the enrolled one is given",
    "tpm.signature_mismatch",
    { tpm: { keys: { ...keys, ak } } },
    QUOTE,
  );
  yield await one(
    "bent-variant",
    "The statement speaks of a confidential VM",
    "statement.variant_mismatch",
    { statement: joining("sev-snp") },
    [...QUOTE, "statement"],
  );
  yield await one(
    "bent-beside",
    "The quote was made beside a report, for another variant",
    "tpm.qualifying_data_mismatch",
    { beside: new Uint8Array(1184) },
    QUOTE,
  );
  yield await one(
    "bent-phase",
    "PCR 15 has not come as far as the statement says",
    "statement.phase_mismatch",
    { phase: { phase: "zero", clusterId: "" } },
    [...QUOTE, "pcrs"],
  );
}

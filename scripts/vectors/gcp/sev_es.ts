/**
 * Mints the vectors of Google's instances with SEV-ES.
 *
 * @module
 */

import { toHex } from "../../../src/core/bytes.ts";
import {
  createTpmAuthority,
  type GceVtpmOptions,
  type MintedVtpm,
  mintGcpSevEs,
  type TpmAuthority,
  writeGceAttestation,
} from "../../../src/lab/mod.ts";
import { type Evidence, type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";
import { EXPECTED, joining, vtpmSection } from "../azure/question.ts";
import { bentInstances, PINNED } from "./instances.ts";
import { byName, CONTAINER_FILES, namesOf, ROOTS, rootsFile, STATEMENT } from "./files.ts";

const ID = "gcp-sev-es";

/** The variant `gcp-sev-es`. */
export const gcpSevEsVectors: VectorSource = {
  files: CONTAINER_FILES,
  labRoot: ROOTS,
  statement: STATEMENT,
  mint,
};

/** What a case of loose pieces does not have. */
const PIECES = ["attestationPb"] as const;

async function* mint(): AsyncGenerator<MintedCase> {
  yield* mintJoin(await createTpmAuthority({ now: TIME }));
  yield* mintBanks(await createTpmAuthority({ now: TIME }));
  yield* mintContainer(await createTpmAuthority({ now: TIME }));
}

function evidenceOf(minted: MintedVtpm, { root }: TpmAuthority): Evidence {
  const { files, statement } = minted;
  return {
    ...byName(CONTAINER_FILES, files),
    [ROOTS]: rootsFile(root.certificate),
    ...(statement === null ? {} : { [STATEMENT]: statement }),
  };
}

function policyOf({ quotes: [first] }: MintedVtpm, more: object = {}): unknown {
  return { version: 1, allowLab: true, [ID]: { vtpm: vtpmSection(first, more), ...PINNED } };
}

/** A node that joins, and what is bent of it. */
async function* mintJoin(authority: TpmAuthority): AsyncGenerator<MintedCase> {
  const options: GceVtpmOptions = {
    now: TIME,
    nonce: NONCE,
    statement: joining(ID),
    tpm: { boot: { kernel: "casemate lab kernel of join" } },
  };
  const minted = await mintGcpSevEs(authority, options);
  const policy = policyOf(minted, { eventLog: "require" });
  const shared = { policy, expected: EXPECTED } as const;
  yield {
    ...shared,
    name: "join",
    says: "A node joins: quote, key certified for an instance, log, bound to its statement",
    verdict: "lab-trusted",
    code: null,
    own: evidenceOf(minted, authority),
    base: null,
    absent: PIECES,
  };
  for (const bent of await bentInstances(authority, minted, options)) {
    const { files, evidence, absent = [], ...one } = bent;
    yield {
      ...shared,
      ...one,
      verdict: "rejected",
      own: only(evidenceOf(evidence, authority), namesOf(CONTAINER_FILES, files)),
      base: "join",
      absent: [...PIECES, ...absent],
    };
  }
}

/** A quote of each bank, with a nonce alone. */
async function* mintBanks(authority: TpmAuthority): AsyncGenerator<MintedCase> {
  const minted = await mintGcpSevEs(authority, {
    now: TIME,
    nonce: NONCE,
    quoted: ["sha1", "sha256", "sha384"],
    tpm: { key: "RSA-2048", boot: { kernel: "casemate lab kernel of banks" } },
  });
  const names = {
    tpmQuoteMsg: ["quote_a.msg", "quote_b.msg", "quote_c.msg"],
    tpmQuoteSig: ["quote_a.sig", "quote_b.sig", "quote_c.sig"],
  };
  yield {
    name: "banks",
    says: "A quote of each of three banks, by one key, for a nonce alone",
    policy: policyOfBanks(minted),
    verdict: "lab-trusted",
    code: null,
    own: {
      ...byName({ ...CONTAINER_FILES, ...names }, minted.files),
      [ROOTS]: rootsFile(authority.root.certificate),
    },
    base: null,
    files: names,
    absent: [...PIECES, "statement"],
  };
}

/** PCR 4 in one bank, PCR 11 in another. */
function policyOfBanks({ quotes: [first] }: MintedVtpm): unknown {
  const value = (bank: "sha256" | "sha384", register: number): string =>
    toHex(first.registers.get(bank)?.[register] ?? new Uint8Array());
  const registers = {
    sha256: { 4: [value("sha256", 4)] },
    sha384: { 11: [value("sha384", 11)] },
  };
  return { version: 1, allowLab: true, [ID]: { vtpm: { registers }, ...PINNED } };
}

/** All pieces in one container, but for the lists. */
async function* mintContainer(authority: TpmAuthority): AsyncGenerator<MintedCase> {
  const minted = await mintGcpSevEs(authority, {
    now: TIME,
    nonce: NONCE,
    quoted: ["sha256", "sha384"],
    tpm: { boot: { kernel: "casemate lab kernel of container" } },
  });
  const lists = namesOf(CONTAINER_FILES, ["akCertCrls"]);
  yield {
    name: "container",
    says: "All pieces in one container as go-tpm-tools writes it, for a nonce alone",
    policy: policyOf(minted),
    verdict: "lab-trusted",
    code: null,
    own: {
      ...only(evidenceOf(minted, authority), [...lists, ROOTS]),
      "attestation.pb": writeGceAttestation(minted),
    },
    base: null,
    absent: [
      ...Object.keys(minted.files).filter((role) => role !== "akCertCrls"),
      "statement",
    ],
  };
}

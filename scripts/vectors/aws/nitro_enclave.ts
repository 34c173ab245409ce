/**
 * Mints the vectors of Nitro Enclaves.
 *
 * @module
 */

import { toHex } from "../../../src/core/bytes.ts";
import {
  createNitroAuthority,
  type MintedNitro,
  mintNitro,
  type MintNitroOptions,
  NITRO_BENDS,
  NITRO_CLAIM_BENDS,
  type NitroAuthority,
} from "../../../src/lab/mod.ts";
import { type Evidence, type MintedCase, NONCE, only, TIME, type VectorSource } from "../source.ts";

/** Names of the files of a document. */
export const DOCUMENT = "document.cbor";
export const ROOT = "root.der";
const ROOT_CRL = "root_crl.der";
const REGION_CRL = "region_crl.der";

/** Names by role. */
export const DOCUMENT_FILES = {
  document: DOCUMENT,
  documentCrls: [ROOT_CRL, REGION_CRL],
} as const;

/** Nitro Enclaves. */
export const nitroEnclaveVectors: VectorSource = { files: DOCUMENT_FILES, labRoot: ROOT, mint };

/** One bend for each code that a document alone gives. */
const BENDS: readonly string[] = [
  "indefinite",
  "header-more",
  "es256",
  "field-unknown",
  "kind-both",
  "register-short",
  "early",
  "bundle-more",
  "region-foreign",
  "leaf-authority",
  "zone-path-length",
  "leaf-forged",
  "payload-changed",
  "leaf-unmarked",
  "zone-revoked",
];

const ENCLAVE = { kind: "enclave", now: TIME, nonce: NONCE } as const;

/** Each good case has an authority of its own, so that no file fits another case. */
async function* mint(): AsyncGenerator<MintedCase> {
  const authority = await createNitroAuthority({ now: TIME });
  const minted = await mintNitro(authority, ENCLAVE);
  const policy = policyOf(minted, { revocation: "require" });
  const good = { policy, verdict: "lab-trusted", code: null, base: null } as const;
  yield {
    ...good,
    name: "listed",
    says: "Document of an enclave, with the revocation lists that the policy demands",
    own: evidenceOf(minted),
  };
  yield* bentCases(authority, minted, policy);
  const other = await mintNitro(await createNitroAuthority({ now: TIME }), ENCLAVE);
  yield {
    ...good,
    name: "plain",
    says: "Document of an enclave, without lists",
    policy: policyOf(other, {}),
    own: only(evidenceOf(other), [DOCUMENT, ROOT]),
    absent: ["documentCrls"],
  };
}

async function* bentCases(
  authority: NitroAuthority,
  { keys }: MintedNitro,
  policy: unknown,
): AsyncGenerator<MintedCase> {
  const names: Readonly<Record<string, string>> = {
    document: DOCUMENT,
    rootCrl: ROOT_CRL,
    regionCrl: REGION_CRL,
  };
  const bent = { policy, verdict: "rejected", base: "listed" } as const;
  for (const name of [...BENDS, "debug"]) {
    const bend = NITRO_BENDS[name] ?? NITRO_CLAIM_BENDS[name];
    if (bend === undefined) throw new Error(`The lab knows no bend ${name}`);
    const { says, code, files } = bend;
    const bends = await bend.bends({ now: TIME, keys, authority });
    const evidence = evidenceOf(await mintNitro(authority, { ...ENCLAVE, keys, bends }));
    const own = only(evidence, files.map((file) => names[file] ?? file));
    yield { ...bent, name: `bent-${name}`, says, code, own };
  }
  const tpm: MintNitroOptions = { ...ENCLAVE, kind: "tpm", keys };
  yield {
    ...bent,
    name: "of-a-nitro-tpm",
    says: "Document of a NitroTPM in an enclave's place",
    code: "nitro.wrong_kind",
    own: only(evidenceOf(await mintNitro(authority, tpm)), [DOCUMENT]),
  };
}

/** The files of a minted document. */
export function evidenceOf({ document, der }: MintedNitro): Evidence {
  return {
    [DOCUMENT]: document,
    [ROOT_CRL]: der.rootCrl,
    [REGION_CRL]: der.regionCrl,
    [ROOT]: der.root,
  };
}

/** What runs is pinned. */
function policyOf(minted: MintedNitro, own: object): unknown {
  const registers = pinsOf(minted, [0, 1, 2]);
  return { version: 1, allowLab: true, "nitro-enclave": { registers, ...own } };
}

/**
 * Pins of registers as a document has them.
 *
 * @param minted The document.
 * @param registers Their numbers.
 */
export function pinsOf(
  { payload }: MintedNitro,
  registers: readonly number[],
): Readonly<Record<string, readonly string[]>> {
  const pinned = payload.registers.filter(([register]) => registers.includes(register));
  return Object.fromEntries(pinned.map(([register, value]) => [String(register), [toHex(value)]]));
}

/**
 * Mints evidence of instances with NitroTPM.
 *
 * @module
 */

import { writeEnvelope } from "../../evidence/envelope/envelope.ts";
import type { FilesByRole } from "../../evidence/evidence.ts";
import { type MintedNitro, mintNitro, type MintNitroOptions } from "../nitro/mod.ts";
import type { AwsAuthority } from "./authority.ts";
import { mintIdentity } from "./identity.ts";
import { type Answered, answerOf, type AwsBends, type MintAwsOptions } from "./options.ts";

/** Minted evidence of an instance. */
export interface MintedAws {
  /** Evidence and what belongs to it, by the roles of verification. */
  readonly files: FilesByRole;
  /** The statement's bytes; null where there is none. */
  readonly statement: Uint8Array | null;
  /** Evidence and statement as they travel; null without a statement. */
  readonly envelope: Uint8Array | null;
  /** Roots, PEM: what `--lab-root` takes. */
  readonly root: string;
  /** The attestation document with all that was minted for it. */
  readonly document: MintedNitro;
}

/** What evidence of an instance with NitroTPM is minted by. */
export interface MintAwsNitroTpmOptions extends MintAwsOptions {
  /** Changes, to bend the evidence. */
  readonly bends?: AwsBends;
}

/**
 * Mints evidence of an instance with NitroTPM that verifies under the lab's roots, unless bent.
 *
 * @param authority Who signs.
 * @param options Time, nonce, statement, bends.
 *
 * @example
 * ```ts
 * import { createAwsAuthority, mintAwsNitroTpm } from "@casemate/casemate/lab";
 *
 * const now = new Date("2026-11-21T00:00:00Z");
 * const nonce = crypto.getRandomValues(new Uint8Array(32));
 * const { files } = await mintAwsNitroTpm(await createAwsAuthority(now), { now, nonce });
 * if (files["document"] === undefined) throw new Error("no attestation document");
 * ```
 */
export async function mintAwsNitroTpm(
  authority: AwsAuthority,
  options: MintAwsNitroTpmOptions,
): Promise<MintedAws> {
  const answered = await answerOf(options);
  const { binding: nonce, registers } = answered;
  const { now, bends = {} } = options;
  const document = await mintDocument(authority, { now, nonce, registers }, bends);
  const files = {
    ...documentFiles(document),
    ...await identityFiles(authority, now, bends),
  };
  return {
    files,
    ...travelling("aws-nitro-tpm", answered, files),
    root: document.root,
    document,
  };
}

/**
 * Mints an attestation document.
 *
 * @param authority Who signs.
 * @param options What it says.
 * @param bends Changes.
 */
export function mintDocument(
  { nitro }: AwsAuthority,
  options: MintNitroOptions,
  bends: AwsBends,
): Promise<MintedNitro> {
  const { document } = bends;
  return mintNitro(nitro, { ...options, ...(document === undefined ? {} : { bends: document }) });
}

/**
 * A document and its lists by their roles.
 *
 * @param minted The document.
 */
export function documentFiles({ document, der }: MintedNitro): FilesByRole {
  return { document, documentCrls: [der.rootCrl, der.regionCrl] };
}

/**
 * An identity document and what belongs to it by their roles.
 *
 * @param authority Who signs.
 * @param now When.
 * @param bends Changes.
 */
export async function identityFiles(
  { region }: AwsAuthority,
  now: Date,
  { instance }: AwsBends,
): Promise<FilesByRole> {
  const { document, signature } = await mintIdentity(region, now, instance);
  return {
    identityDocument: document,
    identitySignature: signature,
    identityCert: region.certificate,
  };
}

/** Roles that a verifier has from elsewhere. */
const OF_VERIFIER: readonly string[] = ["documentCrls", "identityCert"];

/**
 * Statement and envelope of evidence.
 *
 * @param variant Id of the variant.
 * @param answered What the evidence answers.
 * @param files The evidence.
 */
export function travelling(
  variant: string,
  { statement }: Answered,
  files: FilesByRole,
): Pick<MintedAws, "statement" | "envelope"> {
  if (statement === null) return { statement, envelope: null };
  const sent = Object.entries(files).filter(([role]) => !OF_VERIFIER.includes(role));
  return { statement, envelope: writeEnvelope(variant, statement, Object.fromEntries(sent)) };
}

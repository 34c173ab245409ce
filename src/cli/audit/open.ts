/**
 * Opens an audit bundle and verifies it again with what the command line states.
 *
 * @module
 */

import { toHex } from "../../core/bytes.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import { InputError } from "../../core/errors.ts";
import type { PublicKey } from "../../core/signing_key.ts";
import type { AuditBundle } from "../../audit/bundle.ts";
import { confirmBundle, type Confirmed, type Known } from "../../audit/confirm.ts";
import { MAX_BUNDLE_BYTES } from "../../audit/limits.ts";
import { readBundle } from "../../audit/read.ts";
import { wordOf } from "../../audit/word.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import { readOwnerKeys } from "../collateral/key_files.ts";
import { POLICY_DIGEST_FLAG } from "./flags.ts";
import type { Context } from "../context.ts";
import { readHexFlag } from "../input/expectation.ts";
import { fileName, FileReader } from "../input/files.ts";
import { type Given, renamed } from "../input/given.ts";
import { readMoment } from "../input/moment.ts";
import { readOwn } from "../kinds/own.ts";
import { AT_FLAG, LAB_ROOT_FLAG, NONCE_FLAG } from "../verify_flags.ts";

/** The argument, as errors name it. */
export const ARGUMENT = "FILE";

/** A bundle that was verified again. */
export interface Opened extends Confirmed {
  /** The bundle. */
  readonly bundle: AuditBundle;
  /** Technology of the evidence. */
  readonly technology: AnyTechnology;
  /** What is only the word of who wrote it. */
  readonly word: readonly string[];
  /** Moment that was asked for instead of the bundle's own. */
  readonly at: Date | undefined;
}

/**
 * Reads a bundle; nothing is verified.
 *
 * @param reader Reads files.
 * @param path Path; `-` is standard input.
 * @throws {InputError} `audit.malformed`, `audit.version`, `input.wrong_kind` and those of files.
 */
export async function readBundleFile(reader: FileReader, path: string): Promise<AuditBundle> {
  const place = { flag: ARGUMENT, limit: MAX_BUNDLE_BYTES, kinds: ["audit-bundle"] };
  return await readOwn(reader, path, place, ({ bytes }) => {
    try {
      return readBundle(bytes, fileName(path));
    } catch (cause) {
      throw cause instanceof InputError ? renamed(cause, cause.message, ARGUMENT) : cause;
    }
  });
}

/**
 * Reads a bundle and verifies it again.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} naming the argument or the flag to look at.
 * @throws {RejectedError} `audit.differs` and others where it is not confirmed.
 */
export async function openBundle(
  { host }: Context,
  path: string,
  given: Given,
): Promise<Opened> {
  const reader = new FileReader(host.files);
  const at = given.text(AT_FLAG);
  const known: Known = {
    ...(at === undefined ? {} : { at: readMoment(at, `--${AT_FLAG}`) }),
    ...hexOf(given),
    ...await ownerOf(given, reader),
    labRoots: await rootsOf(given, reader),
  };
  const bundle = await readBundleFile(reader, path);
  const confirmed = await confirmNamed(bundle, known, host.build.version);
  return {
    ...confirmed,
    bundle,
    technology: technologyOf(confirmed.result.variant),
    word: wordOf(bundle, known),
    at: known.at,
  };
}

/** What the verifier cannot take is the bundle's fault: its flags are not those of this command line. */
async function confirmNamed(
  bundle: AuditBundle,
  known: Known,
  version: string,
): Promise<Confirmed> {
  try {
    return await confirmBundle(inlineEngine, bundle, known, version);
  } catch (cause) {
    throw cause instanceof InputError ? renamed(cause, cause.message, ARGUMENT) : cause;
  }
}

function technologyOf(variant: string): AnyTechnology {
  const technology = technologies.find(({ id }) => id === variant);
  if (technology === undefined) throw new RangeError(`${variant} was verified and is not known`);
  return technology;
}

const POLICY_DIGEST = { min: 32, max: 32 };
const NONCE = { min: 1, max: 1024 };

function hexOf(given: Given): Pick<Known, "policyDigest" | "nonce"> {
  const read = (flag: string, length: typeof NONCE): string | undefined => {
    const text = given.text(flag);
    return text === undefined ? undefined : toHex(readHexFlag(text, `--${flag}`, length));
  };
  const policyDigest = read(POLICY_DIGEST_FLAG, POLICY_DIGEST);
  const nonce = read(NONCE_FLAG, NONCE);
  return {
    ...(policyDigest === undefined ? {} : { policyDigest }),
    ...(nonce === undefined ? {} : { nonce }),
  };
}

async function ownerOf(given: Given, reader: FileReader): Promise<{ owner?: PublicKey }> {
  const [owner] = await readOwnerKeys(given, reader);
  return owner === undefined ? {} : { owner };
}

async function rootsOf(given: Given, reader: FileReader): Promise<readonly Uint8Array[]> {
  const roots: Uint8Array[] = [];
  for (const path of given.texts(LAB_ROOT_FLAG)) {
    roots.push((await reader.read(`--${LAB_ROOT_FLAG}`, path)).bytes);
  }
  return roots;
}

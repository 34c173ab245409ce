/**
 * What files of evidence need of vendors.
 *
 * @module
 */

import { inlineEngine } from "../../core/crypto_inline.ts";
import { CasemateError } from "../../core/errors.ts";
import type { Shown } from "../../core/shown.ts";
import type { CollateralItem } from "../../evidence/collateral.ts";
import { itemOfKey } from "../../evidence/collateral_items.ts";
import type { AnyTechnology, FilesByRole } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import { reasonOf } from "../explain.ts";
import { isEndorsement } from "../input/endorsements.ts";
import { openEnvelopeFile } from "../input/envelope_file.ts";
import { fileName, type FileReader, type GivenFile } from "../input/files.ts";
import { flagError, renamed } from "../input/given.ts";
import { recognise, unknownKind } from "../input/recognise.ts";
import { titleOf } from "../input/title.ts";
import { CARRIER_KINDS } from "../input/show_envelope.ts";

/** The argument, as errors name it. */
const ARGUMENT = "FILE";

/** Evidence, and whose it is. */
export interface Evidence {
  /** Its technology. */
  readonly technology: AnyTechnology;
  /** Its files. */
  readonly files: FilesByRole;
}

/**
 * Opens evidence: an envelope, or one file that says by itself what it is.
 *
 * @param reader Reads files.
 * @param path Path; `-` is standard input.
 * @throws {InputError} `input.wrong_kind` where it is none.
 */
export async function openEvidence(reader: FileReader, path: string): Promise<Evidence> {
  const file = await reader.read(ARGUMENT, path);
  const shown = await recogniseNamed(file);
  if (shown !== null && CARRIER_KINDS.includes(shown.kind)) return await openCarrier(file);
  const bare = shown === null ? null : bareEvidence(shown, file);
  if (bare !== null) return bare;
  const usedBy = shown?.usedBy ?? null;
  const goes = usedBy === null ? "" : `; ${usedBy} takes that`;
  const what = shown === null ? unknownKind(file.bytes) : titleOf(shown) + goes;
  const message = `Cannot say what ${
    fileName(path)
  } needs: it is no evidence; it seems to be ${what}`;
  throw flagError("input.wrong_kind", message, ARGUMENT);
}

async function openCarrier(file: GivenFile): Promise<Evidence> {
  const { variant, files } = await openEnvelopeFile(inlineEngine, file);
  const technology = technologies.find(({ id }) => id === variant);
  if (technology !== undefined) return { technology, files };
  const message = `Cannot use ${fileName(file.path)}: it is of ${JSON.stringify(variant)}`;
  throw flagError("envelope.variant", message, ARGUMENT);
}

/** A file that some technology needs stands for its evidence; what else is missing, the technology says. */
function bareEvidence({ usedBy }: Shown, { bytes }: GivenFile): Evidence | null {
  const [, command, flag] = /^casemate evidence verify (\S+) --(\S+)$/.exec(usedBy ?? "") ?? [];
  const technology = technologies.find((one) => one.command === command);
  const input = technology?.files.find((one) => one.flag === flag);
  if (technology === undefined || input === undefined || isEndorsement(input)) return null;
  return { technology, files: { [input.role]: input.multiple ? [bytes] : bytes } };
}

async function recogniseNamed({ path, bytes }: GivenFile): ReturnType<typeof recognise> {
  try {
    return await recognise(inlineEngine, bytes);
  } catch (cause) {
    if (!(cause instanceof CasemateError)) throw cause;
    throw renamed(cause, `Cannot use ${fileName(path)}: ${reasonOf(cause)}`, ARGUMENT);
  }
}

/**
 * The item of a key.
 *
 * @param key The key.
 * @param flag What it was given to.
 * @throws {InputError} `collateral.unknown_key`
 */
export function itemOfGivenKey(key: string, flag: string): CollateralItem {
  const item = itemOfKey(key);
  if (item !== null) return item;
  const message = `Cannot use the key ${JSON.stringify(key)}: no vendor has such a thing`;
  throw flagError("collateral.unknown_key", message, flag);
}

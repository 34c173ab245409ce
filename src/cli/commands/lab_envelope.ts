/**
 * `casemate lab envelope VARIANT`: writes lab evidence of a variant as a node
 * would send it, and beside it what verifies it.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import type { Host } from "../../core/ports.ts";
import { NONCE_BYTES } from "../../evidence/statement/binding.ts";
import type { VariantId } from "../../evidence/variants/facts.ts";
import { LAB_STATEMENT, LAB_VARIANTS, labAuthorities, mintVariant } from "../../lab/mod.ts";
import type { Context } from "../context.ts";
import { readHexFlag } from "../input/expectation.ts";
import { flagError, type Given } from "../input/given.ts";
import {
  ENVELOPE_NAMES,
  envelopeFiles,
  envelopeLine,
  type Piece,
  piecesLine,
  piecesOf,
  type WrittenEnvelope,
} from "../lab/envelope_lines.ts";
import { refuseExisting, writeFiles } from "../lab/files.ts";
import { readFolder } from "../lab/options.ts";
import { sayMinted } from "../lab/say.ts";
import { commandLine } from "../../report/command_line.ts";

/**
 * Mints, writes, and prints the command line that verifies.
 *
 * @param context The machine.
 * @param name The variant.
 * @param given The flags.
 * @throws {InputError} naming the flag.
 */
export async function mintEnvelope(
  { host }: Context,
  name: string,
  given: Given,
): Promise<void> {
  const variant = variantOf(name);
  const folder = readFolder(given.text("out"));
  const { nonce, bytes } = readNonce(given);
  await refuseExisting(host, folder, ENVELOPE_NAMES, false);
  const now = host.clock.now();
  host.terminal.err("Making the lab's keys, which takes some seconds...\n");
  const question = { now, nonce: bytes, statement: LAB_STATEMENT };
  const minted = await mintVariant(variant, labAuthorities(now), question);
  const pieces = piecesOf(folder, minted);
  const apart = Object.fromEntries(pieces.map((piece) => [piece.name, piece]));
  await refuseExisting(host, folder, namesOf(pieces), false);
  await writeFiles(host, { ...envelopeFiles(folder, minted, now), ...apart });
  const written = { folder, minted, nonce, pieces };
  sayMinted(host, folder, envelopeLine(written));
  sayMore(host, written);
}

function namesOf(pieces: readonly Piece[]): Readonly<Record<string, string>> {
  return Object.fromEntries(pieces.map(({ name }) => [name, name]));
}

/** The nonce as it is typed, and as bytes. */
function readNonce(given: Given): { readonly nonce: string; readonly bytes: Uint8Array } {
  const nonce = given.text("nonce");
  if (nonce === undefined) {
    throw flagError("input.missing", "Cannot mint without --nonce (32 bytes in hex)", "--nonce");
  }
  const bytes = readHexFlag(nonce, "--nonce", { min: NONCE_BYTES, max: NONCE_BYTES });
  if (bytes.some((byte) => byte !== 0)) return { nonce, bytes };
  const message = "Cannot use --nonce: expected bytes that nobody could know before, got zeros";
  throw flagError("input.value", message, "--nonce");
}

/** What else can be tried with the files. */
function sayMore({ terminal }: Host, written: WrittenEnvelope): void {
  const path = `${written.folder}/${ENVELOPE_NAMES.envelope}`;
  const show = commandLine([["casemate", "evidence", "show", path]], terminal.width);
  const pieces = commandLine(piecesLine(written), terminal.width);
  terminal.out(`\nSee what is in it:\n\n${show}\n`);
  terminal.out(`\nOr verify the same from files of its own:\n\n${pieces}\n`);
}

function variantOf(name: string): VariantId {
  const variant = LAB_VARIANTS.find((id) => id === name);
  if (variant !== undefined) return variant;
  const near = nearest(name, LAB_VARIANTS);
  const hint = near === undefined
    ? `known are ${LAB_VARIANTS.join(", ")}`
    : `did you mean ${near}?`;
  throw flagError(
    "input.unknown",
    `Cannot mint ${JSON.stringify(name)}: no such variant; ${hint}`,
    "VARIANT",
  );
}

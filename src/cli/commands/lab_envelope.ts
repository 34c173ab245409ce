/**
 * `casemate lab envelope VARIANT`: writes lab evidence of a variant as a node
 * would send it, and beside it what verifies it.
 *
 * @module
 */

import type { Host } from "../../core/ports.ts";
import { NONCE_BYTES } from "../../evidence/statement/binding.ts";
import type { VariantId } from "../../evidence/variants/facts.ts";
import { nearest } from "../../core/decode.ts";
import { technologies } from "../../evidence/registry.ts";
import {
  LAB_STATEMENT,
  LAB_VARIANTS,
  labAuthorities,
  type MintedVariant,
  mintVariant,
} from "../../lab/mod.ts";
import type { Context } from "../context.ts";
import { endorsementInputs } from "../input/endorsements.ts";
import { readHexFlag } from "../input/expectation.ts";
import { flagError, type Given } from "../input/given.ts";
import { type NewFile, newFile, refuseExisting, writeFiles } from "../lab/files.ts";
import { sayMinted } from "../lab/say.ts";
import type { CommandPart } from "../output/command_line.ts";

/** Names of the files that every variant has. */
const NAMES = {
  envelope: "envelope.json",
  statement: "statement.json",
  policy: "policy.json",
  reference: "reference.json",
  roots: "lab-roots.pem",
} as const;

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
  const folder = given.text("out");
  if (folder === undefined) {
    throw flagError("input.missing", "Cannot mint without --out (folder to write to)", "--out");
  }
  const nonce = given.text("nonce");
  if (nonce === undefined) {
    throw flagError("input.missing", "Cannot mint without --nonce (32 bytes in hex)", "--nonce");
  }
  const bytes = readHexFlag(nonce, "--nonce", { min: NONCE_BYTES, max: NONCE_BYTES });
  await refuseExisting(host, folder, NAMES, false);
  const now = host.clock.now();
  host.terminal.err("Making the lab's keys, which takes some seconds...\n");
  const question = { now, nonce: bytes, statement: LAB_STATEMENT };
  const minted = await mintVariant(variant, labAuthorities(now), question);
  const pieces = piecesOf(folder, minted);
  await writeFiles(host, { ...filesOf(folder, minted), ...pieces });
  sayMinted(host, folder, verifyLine(folder, minted, nonce, Object.values(pieces)));
  sayPieces(host, minted);
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

function filesOf(folder: string, minted: MintedVariant): Readonly<Record<string, NewFile>> {
  const { variant, policy, reference } = minted;
  const text = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
  return {
    envelope: newFile(folder, NAMES.envelope, minted.envelope),
    statement: newFile(folder, NAMES.statement, minted.statement),
    policy: newFile(
      folder,
      NAMES.policy,
      text({ version: 1, admitVariants: [variant], [variant]: policy }),
    ),
    reference: newFile(folder, NAMES.reference, text({ version: 1, [variant]: reference })),
    roots: newFile(folder, NAMES.roots, minted.roots),
  };
}

/** A file apart, with the flag that takes it. */
interface Piece extends NewFile {
  readonly flag: string;
  readonly role: string;
}

/** Evidence and endorsements one by one, as the flags of the variant take them. */
function piecesOf(folder: string, { variant, files }: MintedVariant): Record<string, Piece> {
  const inputs = technologies.find(({ id }) => id === variant)?.files ?? [];
  const pieces = inputs.flatMap(({ role, flag }): readonly Piece[] => {
    const file = files[role];
    if (file === undefined) return [];
    const all = file instanceof Uint8Array ? [file] : file;
    return all.map((bytes, i) => ({
      ...newFile(folder, `${flag}${all.length > 1 ? `-${i + 1}` : ""}.bin`, bytes),
      flag,
      role,
    }));
  });
  return Object.fromEntries(pieces.map((piece) => [piece.path, piece]));
}

/** The command line as a user types it. */
function verifyLine(
  folder: string,
  { envelope, files }: MintedVariant,
  nonce: string,
  pieces: readonly Piece[],
): readonly CommandPart[] {
  const sent = new TextDecoder().decode(envelope);
  const flags = endorsementInputs().map(({ flag }) => flag);
  const apart = pieces.filter(({ flag, role }) =>
    flags.includes(flag) && files[role] !== undefined && !sent.includes(`"${role}"`)
  );
  return [
    ["casemate", "evidence", "verify", `${folder}/${NAMES.envelope}`],
    ["--nonce", nonce],
    ["--audience", LAB_STATEMENT.audience],
    ["--cluster-id", LAB_STATEMENT.clusterId],
    ["--policy", `${folder}/${NAMES.policy}`],
    ["--reference", `${folder}/${NAMES.reference}`],
    ...apart.map(({ flag, path }): CommandPart => [`--${flag}`, path]),
    ["--lab-root", `${folder}/${NAMES.roots}`],
  ];
}

function sayPieces({ terminal }: Host, { variant }: MintedVariant): void {
  const command = technologies.find(({ id }) => id === variant)?.command ?? variant;
  terminal.out(
    `\nThe same files stand there one by one, for casemate evidence verify ${command} --statement\n`,
  );
}

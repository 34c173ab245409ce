/**
 * Lab evidence of a variant file by file, and the command lines that verify it.
 *
 * @module
 */

import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import type { VariantId } from "../../evidence/variants/facts.ts";
import { LAB_STATEMENT, labReference, type MintedVariant } from "../../lab/mod.ts";
import { endorsementInputs } from "../input/endorsements.ts";
import type { CommandPart } from "../../report/command_line.ts";
import { type NewFile, newFile } from "./files.ts";

/** Names of the files that every variant has. */
export const ENVELOPE_NAMES = {
  envelope: "envelope.json",
  statement: "statement.json",
  policy: "policy.json",
  reference: "reference.json",
  roots: "lab-roots.pem",
} as const;

/** Where the evidence lies, and what it answers. */
export interface WrittenEnvelope {
  /** The folder. */
  readonly folder: string;
  /** What was minted. */
  readonly minted: MintedVariant;
  /** The nonce, hex. */
  readonly nonce: string;
  /** Its files one by one. */
  readonly pieces: readonly Piece[];
}

/**
 * What every variant has: envelope, statement, policy, reference values, roots.
 *
 * @param folder The folder.
 * @param minted What was minted.
 * @param now When it was minted.
 */
export function envelopeFiles(
  folder: string,
  minted: MintedVariant,
  now: Date,
): Readonly<Record<string, NewFile>> {
  const { variant, policy, reference } = minted;
  const text = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
  return {
    envelope: newFile(folder, ENVELOPE_NAMES.envelope, minted.envelope),
    statement: newFile(folder, ENVELOPE_NAMES.statement, minted.statement),
    policy: newFile(
      folder,
      ENVELOPE_NAMES.policy,
      text({ version: 1, admitVariants: [variant], [variant]: policy }),
    ),
    reference: newFile(
      folder,
      ENVELOPE_NAMES.reference,
      text(labReference(variant, reference, now)),
    ),
    roots: newFile(folder, ENVELOPE_NAMES.roots, minted.roots),
  };
}

/** A file apart, with the flag that takes it. */
export interface Piece extends NewFile {
  /** Its name in the folder. */
  readonly name: string;
  /** The flag, without dashes. */
  readonly flag: string;
  /** Its role. */
  readonly role: string;
}

/**
 * Evidence and endorsements one by one, as the flags of the variant take them.
 *
 * @param folder The folder.
 * @param minted What was minted.
 */
export function piecesOf(folder: string, { variant, files }: MintedVariant): readonly Piece[] {
  const inputs = technologyOf(variant)?.files ?? [];
  return inputs.flatMap(({ role, flag }): readonly Piece[] => {
    const file = files[role];
    if (file === undefined) return [];
    const all = file instanceof Uint8Array ? [file] : file;
    return all.map((bytes, i) => {
      const name = `${flag}${all.length > 1 ? `-${i + 1}` : ""}.${endingOf(bytes)}`;
      return { ...newFile(folder, name, bytes), name, flag, role };
    });
  });
}

function technologyOf(variant: VariantId): AnyTechnology | undefined {
  return technologies.find(({ id }) => id === variant);
}

/** What a file is, as the end of its name says it. */
function endingOf(bytes: Uint8Array): string {
  const start = new TextDecoder().decode(bytes.subarray(0, 11));
  return start.startsWith("{") ? "json" : start === "-----BEGIN " ? "pem" : "bin";
}

/**
 * The command line that takes the envelope, as a user types it.
 *
 * @param written Where it lies, and what it answers.
 */
export function envelopeLine(written: WrittenEnvelope): readonly CommandPart[] {
  const { folder, minted: { envelope }, pieces } = written;
  const sent = new TextDecoder().decode(envelope);
  const flags = endorsementInputs().map(({ flag }) => flag);
  const apart = pieces.filter(({ flag, role }) =>
    flags.includes(flag) && !sent.includes(`"${role}"`)
  );
  return [
    ["casemate", "evidence", "verify", `${folder}/${ENVELOPE_NAMES.envelope}`],
    ...apart.map(({ flag, path }): CommandPart => [`--${flag}`, path]),
    ...termsOf(written),
  ];
}

/**
 * The command line that takes the same file by file.
 *
 * @param written Where it lies, and what it answers.
 */
export function piecesLine(written: WrittenEnvelope): readonly CommandPart[] {
  const { folder, minted: { variant }, pieces } = written;
  return [
    ["casemate", "evidence", "verify", technologyOf(variant)?.command ?? variant],
    ...pieces.map(({ flag, path }): CommandPart => [`--${flag}`, path]),
    ["--statement", `${folder}/${ENVELOPE_NAMES.statement}`],
    ...termsOf(written),
  ];
}

function termsOf({ folder, nonce }: WrittenEnvelope): readonly CommandPart[] {
  return [
    ["--nonce", nonce],
    ["--audience", LAB_STATEMENT.audience],
    ["--cluster-id", LAB_STATEMENT.clusterId],
    ["--policy", `${folder}/${ENVELOPE_NAMES.policy}`],
    ["--reference", `${folder}/${ENVELOPE_NAMES.reference}`],
    ["--lab-root", `${folder}/${ENVELOPE_NAMES.roots}`],
  ];
}

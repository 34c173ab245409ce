/**
 * Puts pieces into the roles of a technology.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";
import type { AnyTechnology, FileInput, FilesByRole } from "../evidence/evidence.ts";
import { aboutKind, type Piece } from "./kinds.ts";

/** A piece in a role. */
export interface Placed {
  /** The role. */
  readonly role: string;
  /** The piece. */
  readonly piece: Piece;
}

/** Pieces as evidence of one technology. */
export interface Assignment {
  /** The technology. */
  readonly technology: AnyTechnology;
  /** Files by role. */
  readonly files: FilesByRole;
  /** Which piece went where, in the order of the roles. */
  readonly placed: readonly Placed[];
  /** What is still needed; none where it can be verified. */
  readonly missing: readonly FileInput[];
  /** Roles for which there are several pieces and room for one. */
  readonly contested: readonly string[];
  /** Why it cannot be verified for another reason; null where there is none. */
  readonly problem: string | null;
}

/**
 * Puts pieces into the roles of a technology.
 *
 * @param technology The technology.
 * @param pieces The pieces.
 * @param base Files that are there already, as those of an envelope; pieces of vendors go before them.
 */
export function assignTo(
  technology: AnyTechnology,
  pieces: readonly Piece[],
  base: FilesByRole = {},
): Assignment {
  const isOpen = (piece: Piece, role: string): boolean =>
    base[role] === undefined || aboutKind(piece.kind).vendor === true;
  const placed = technology.files.flatMap(({ role }): readonly Placed[] =>
    pieces.filter((piece) => roleOf(technology, piece) === role && isOpen(piece, role))
      .map((piece) => ({ role, piece }))
  );
  const contested = technology.files.filter(({ role, multiple }) =>
    !multiple && placed.filter((one) => one.role === role).length > 1
  ).map(({ role }) => role);
  const files = { ...base, ...filesOf(technology, placed) };
  return { technology, files, placed, contested, ...lacking(technology, files) };
}

function roleOf({ files }: AnyTechnology, { kind }: Piece): string | undefined {
  return aboutKind(kind).roles.find((role) => files.some((input) => input.role === role));
}

function filesOf({ files }: AnyTechnology, placed: readonly Placed[]): FilesByRole {
  const entries = files.flatMap(({ role, multiple }) => {
    const own = placed.filter((one) => one.role === role).map(({ piece }) => piece.bytes);
    const [first] = own;
    if (first === undefined) return [];
    return [[role, multiple && own.length > 1 || isList(role) ? own : first] as const];
  });
  return Object.fromEntries(entries);
}

/** A quote alone is given as one file, as most who write requests do; the other roles that are multiple are lists. */
function isList(role: string): boolean {
  return /^(?:.*[cC]rls|akCertIssuers|.*Roots)$/.test(role);
}

/** What the technology itself says is missing. */
function lacking(
  { files: inputs, readFiles }: AnyTechnology,
  files: FilesByRole,
): Pick<Assignment, "missing" | "problem"> {
  const needed = inputs.filter(({ role, required }) => required && files[role] === undefined);
  if (needed.length > 0) return { missing: needed, problem: null };
  try {
    readFiles(files);
    return { missing: [], problem: null };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const roles = (error.fields["missing"] ?? error.fields["role"] ?? "").split(", ");
    const missing = inputs.filter(({ role, flag }) => roles.includes(role) || roles.includes(flag));
    return error.code === "input.missing" && missing.length > 0
      ? { missing, problem: null }
      : { missing: [], problem: error.message };
  }
}

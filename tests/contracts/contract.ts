/**
 * What a technology tells the contract suite, so that its evidence can be bent.
 *
 * @module
 */

import type { Verdict } from "../../mod.ts";
import type { TechnologyId } from "../../src/evidence/registry.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import type { Vector } from "../vectors.ts";

/** A field that a signature covers. */
export interface SignedField {
  /** File that holds it. */
  readonly role: string;
  /** Name in its specification. */
  readonly field: string;
  /** Offset of its first byte. */
  readonly at: number;
  /** Bytes. */
  readonly length: number;
  /** Codes that a bit flipped in it may give: its own rule's, or the signature's. */
  readonly codes: readonly string[];
}

/** What differs from a vector. */
export interface Change {
  /** Files in place of the vector's. */
  readonly files?: FilesByRole;
  /** The technology's section of the policy, in place of the vector's. */
  readonly section?: Readonly<Record<string, unknown>>;
  /** Keys of the policy that are left out. */
  readonly without?: readonly string[];
  /** Lab roots in place of the vector's. */
  readonly labRoots?: readonly Uint8Array[];
  /** Days later, or earlier. */
  readonly days?: number;
}

/** A change, and what it must come to. */
export interface Bend {
  /** What is wrong. */
  readonly what: string;
  /** The change. */
  readonly change: Change;
  /** Verdict, by default `rejected`. */
  readonly verdict?: "rejected" | "unavailable" | "platform-only";
  /** Code. */
  readonly code: string;
}

/** What comes of a file that is not whole: the code, or verdict and code as `trusted: null` where it is no refusal. */
export interface Damage {
  /** Its last byte is missing. */
  readonly short: string;
  /** One byte follows. */
  readonly long: string;
  /** It is empty. */
  readonly empty: string;
}

/** Files that are given together or not at all. */
export interface Together {
  /** Their roles. */
  readonly roles: readonly string[];
  /** Roles of files that belong to them, and may be left out. */
  readonly beside: readonly string[];
  /** What comes of evidence without any of them. */
  readonly absent: { readonly verdict: Verdict; readonly code: string };
}

/** The same evidence in another form. */
export interface Form {
  /** What is different. */
  readonly what: string;
  /** The files. */
  readonly files: FilesByRole;
}

/** What the suite must know of a technology. */
export interface Contract {
  /** Technologies that it consists of: what only their codes say is tested where they stand alone. */
  readonly parts?: readonly TechnologyId[];
  /** Fields of a vector that signatures cover. */
  readonly signed: (vector: Vector) => readonly SignedField[];
  /** What comes of damaged files, by role. */
  readonly damage: Readonly<Record<string, Damage>>;
  /** The same of a vector whose files are of another form. */
  readonly damageOf?: (vector: Vector) => Readonly<Record<string, Damage>>;
  /** Files that are given together or not at all; none where each stands for itself. */
  readonly together: readonly Together[];
  /** Forms of a vector's files that make no difference. */
  readonly forms: (vector: Vector) => readonly Form[];
  /** Code of evidence that is judged 40 years later. */
  readonly expired: string;
  /** Code of evidence that is judged 40 years earlier. */
  readonly notYet: string;
  /** These two codes of a vector that has others; null where nothing in it begins or ends. */
  readonly validityOf?: (vector: Vector) => Pick<Contract, "expired" | "notYet"> | null;
  /** Files that no vector has, each with the reason. */
  readonly absent?: Readonly<Record<string, string>>;
  /** Code of another nonce. */
  readonly otherNonce: string;
  /** The same of a vector that has another. */
  readonly otherNonceOf?: (vector: Vector) => string;
  /** Name of the vector that is bent further. */
  readonly base: string;
  /** Further bends of it. */
  readonly bends: (base: Vector, vectors: ReadonlyMap<string, Vector>) => readonly Bend[];
  /** Files that are damaged and only shown. */
  readonly shown: readonly {
    readonly what: string;
    readonly bytes: Uint8Array;
    readonly code: string;
  }[];
}

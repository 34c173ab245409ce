/**
 * What evidence needs beside itself, as requests and the reading of answers.
 * Nothing here asks anybody: `src/collateral` does, or who holds a bundle.
 *
 * @module
 */

import type { Engine } from "../core/crypto.ts";
import type { FilesByRole } from "./files_by_role.ts";

/** Who hands collateral out. */
export type CollateralService = "amd-kds" | "intel-pcs" | "intel-certificates" | "azure-thim";

/** What a source answered. */
export interface CollateralAnswer {
  /** Body. */
  readonly body: Uint8Array;
  /** Headers that belong to the content, by lowercase name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What an answer is read with. */
export interface CollateralContext {
  /** Verification engine. */
  readonly engine: Engine;
  /** The current time. */
  readonly now: Date;
  /** Lab roots, PEM or DER; empty on the vendor path. */
  readonly labRoots: readonly Uint8Array[];
  /** Contents of what the item `needs`, in that order; empty where it needs nothing. */
  readonly needed: readonly CollateralContent[];
}

/** An answer that was read and authenticated. */
export interface CollateralContent {
  /** Files, by role of the technology that asked. */
  readonly files: FilesByRole;
  /** Since when it holds: notBefore, thisUpdate, issueDate. */
  readonly issued: Date;
  /** Until when: notAfter, nextUpdate; the earliest of several. */
  readonly expires: Date;
  /** Number that only grows from issue to issue, decimal: of a list, of a TCB recovery; null where there is none. */
  readonly sequence: string | null;
  /** SHA-256 of the root certificate that it stands under, hex: what a lab issued says nothing of what the vendor did. */
  readonly root: string;
}

/** One thing that a vendor hands out. */
export interface CollateralItem {
  /** Stable name, wherever it is fetched: service, path and parameters, at most 400 characters of `[A-Za-z0-9/?=&._-]`. */
  readonly key: string;
  /** What it is, for a person. */
  readonly title: string;
  /** What kind of thing it is. */
  readonly kind: "certificate" | "chain" | "crl" | "tcb-info" | "qe-identity";
  /** Who hands it out. */
  readonly service: CollateralService;
  /** Path and query below the service's address, with a slash in front. Never taken from evidence: made of integers and hex that were read from it. */
  readonly path: string;
  /** Headers of the request, beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Lowercase names of the answer's headers that belong to the content. */
  readonly keepHeaders: readonly string[];
  /** Most bytes of the body. */
  readonly maxBytes: number;
  /** Whether it never changes, so that it is asked for again only when it expires. */
  readonly immutable: boolean;
  /** Roles of the evidence's own files that it stands for. Where it can change, none of them is used that was not established as this thing. */
  readonly roles: readonly string[];
  /** Name of what it is an issue of, where several addresses give the same: what was seen at one counts at all. The key where absent. */
  readonly document?: string;
  /** Name of a series whose things hold only together, as those of one TCB recovery: their numbers must be the same. */
  readonly series?: string;
  /** What must be had before an answer can be read, as the chain above a leaf; absent where nothing must. */
  readonly needs?: readonly CollateralItem[];
  /** What is asked for where the source says that it has no such thing (404), one after the other; absent where nothing is. */
  readonly instead?: readonly CollateralItem[];
  /**
   * Reads an answer and establishes that the vendor (or a lab that is trusted) made it, and that it is what was asked for.
   *
   * @throws {RejectedError | InputError} where it is not.
   */
  readonly read: (
    answer: CollateralAnswer,
    context: CollateralContext,
  ) => Promise<CollateralContent>;
  /**
   * The answer as the evidence itself brought it, to stand in where nobody can be asked and to be held against what
   * was seen; null where it brought none. Absent where evidence never brings it.
   */
  readonly brought?: (files: FilesByRole) => CollateralAnswer | null;
}

/** What collateral is asked for with. */
export interface CollateralQuestion {
  /** Verification engine, which reads the evidence. */
  readonly engine: Engine;
  /** Files of the evidence, by role, with what was obtained so far. */
  readonly files: FilesByRole;
  /** Which TCB recovery of Intel's is asked for: the usual one, the one that is published early, or one by its number; absent asks for the usual one. */
  readonly tcbRecovery?: "standard" | "early" | number;
  /** Whether the machine that asks is the one that the evidence is of, so that its own metadata service knows its certificates. */
  readonly onThisMachine?: boolean;
}

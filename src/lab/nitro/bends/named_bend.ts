/**
 * A bend with a name, so that the command line and the vectors can ask for it.
 *
 * @module
 */

import type { LabKey } from "../../lab_key.ts";
import type { NitroCaName } from "../hierarchy.ts";
import type { NitroBends, NitroKeys } from "../options.ts";

/** Files of a minted document. */
export type NitroFile = "document" | "rootCrl" | "regionCrl";

/** What a bend is made from. */
export interface NitroBendContext {
  /** Moment of issue. */
  readonly now: Date;
  /** Keys of instance and document. */
  readonly keys: NitroKeys;
  /** Keys of the authority. */
  readonly authority: Readonly<Record<NitroCaName, { readonly key: LabKey }>>;
}

/** A document with one thing wrong. */
export interface NamedNitroBend {
  /** What is wrong. */
  readonly says: string;
  /** Code with which verification refuses it. */
  readonly code: string;
  /** Files that it is in. */
  readonly files: readonly NitroFile[];
  /** The changes. */
  readonly bends: (context: NitroBendContext) => NitroBends | Promise<NitroBends>;
}

/** Bends by name. */
export type NamedNitroBends = Readonly<Record<string, NamedNitroBend>>;

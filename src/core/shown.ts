/**
 * A description of a file for a person, and for JSON.
 *
 * @module
 */

/** One field. */
export interface ShownRow {
  /** Name as its specification has it. */
  readonly name: string;
  /** Value as text, with unit. */
  readonly value: string;
  /** What the value means, if that is not plain. */
  readonly meaning?: string;
}

/** A group of fields. */
export interface ShownSection {
  /** Heading. */
  readonly title: string;
  /** The fields. */
  readonly rows: readonly ShownRow[];
}

/** What a file is and holds. Nothing of it is verified. */
export interface Shown {
  /** Stable name of the kind, as `snp-report`. */
  readonly kind: string;
  /** What it is, one line. */
  readonly title: string;
  /** Flag that takes it, as `casemate evidence verify snp --report`; null where none does. */
  readonly usedBy: string | null;
  /** The fields. */
  readonly sections: readonly ShownSection[];
}

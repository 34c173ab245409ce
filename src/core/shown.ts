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

/** Many things of one kind, each with the same facts. */
export interface ShownTable {
  /** What the facts are called; the last is the longest, and wraps. */
  readonly columns: readonly string[];
  /** For each thing its facts, as many as there are columns. */
  readonly rows: readonly (readonly string[])[];
}

/** A group of fields. */
export interface ShownSection {
  /** Heading. */
  readonly title: string;
  /** The fields. */
  readonly rows: readonly ShownRow[];
  /** A table below the fields. */
  readonly table?: ShownTable;
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

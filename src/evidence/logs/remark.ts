/**
 * What is noticed about a log, beside what it says: as data, for whoever judges it.
 *
 * @module
 */

/** Kinds of remarks. */
export type RemarkKind =
  | "sha1-only"
  | "data-not-covered"
  | "variable-not-covered"
  | "unknown-type"
  | "no-action-digest"
  | "separator-missing"
  | "separator-repeated"
  | "separator-error"
  | "separator-type"
  | "separator-digest"
  | "variable-repeated"
  | "variable-changed"
  | "variable-malformed"
  | "command-line-ambiguous"
  | "command-line-unmatched"
  | "sections-ambiguous"
  | "boot-services-ambiguous";

/** One thing that was noticed. */
export interface Remark {
  /** Kind. */
  readonly kind: RemarkKind;
  /** Register that it is about; null where it is about none. */
  readonly register: number | null;
  /** Number of the event; null where it is about none, or about several. */
  readonly event: number | null;
}

/** Something found in a log, and what was noticed on the way. */
export interface Found<T> {
  /** What was found. */
  readonly found: T;
  /** What was noticed. */
  readonly remarks: readonly Remark[];
}

/** What each kind means, for a person. */
export const REMARKS: Readonly<Record<RemarkKind, string>> = {
  "sha1-only": "The log has no bank of SHA-256 or better: it proves nothing",
  "data-not-covered": "The data do not hash to the digest, as those of this type must",
  "variable-not-covered":
    "The data do not hash to the digest; known of variables in genuine logs, and not believed",
  "unknown-type": "The type is not known",
  "no-action-digest": "An event that extends nothing has a digest, as one whose type was changed",
  "separator-missing": "Nothing marks where the firmware handed over: nothing is read as its word",
  "separator-repeated": "The firmware handed over twice: nothing is read behind the first time",
  "separator-error": "The firmware says that it failed while it measured: nothing is read",
  "separator-type": "An event of another type was extended as a separator, and counts as one",
  "separator-digest": "An event says that it is a separator, and was not extended as one",
  "variable-repeated": "A variable of Secure Boot was measured more than once: none is chosen",
  "variable-changed": "A variable of Secure Boot was measured again after the firmware handed over",
  "variable-malformed": "A variable of Secure Boot cannot be read",
  "command-line-ambiguous": "There are several kernel command lines: none is chosen",
  "command-line-unmatched": "A kernel command line belongs to no command that boots a kernel",
  "sections-ambiguous":
    "Sections of a unified kernel image are repeated or not in their order: none is believed",
  "boot-services-ambiguous":
    "The end of boot services was measured more than once, or out of order",
};

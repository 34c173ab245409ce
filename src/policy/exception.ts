/**
 * Settings of a policy that are weaker than the default.
 *
 * @module
 */

/** A setting of the policy that is weaker than the default, and what that costs. */
export interface Exception {
  /** Key of the policy, dotted, as `sev-snp.debug`. */
  readonly key: string;
  /** The value, in short, as the policy says it. */
  readonly value: string;
  /** What it costs, one sentence without full stop. */
  readonly costs: string;
  /** Last day on which it counts, in UTC; null where it has no end. */
  readonly until: string | null;
  /** Whether that day was over, so that the default counted instead. */
  readonly ended: boolean;
  /** Why it is there, as the policy says; null where it says nothing. */
  readonly because: string | null;
}

/**
 * An exception in one line, to stand before a verdict.
 *
 * @param exception The exception.
 */
export function saysException({ key, value, costs, until, ended, because }: Exception): string {
  const why = because === null ? "" : `: ${because}`;
  if (ended) return `${key}: ${value} ended on ${until}, so that the default counts${why}`;
  const end = until === null ? "without an end" : `until ${until}`;
  return `${key}: ${value} – ${costs} (${end}${why})`;
}

/** Most items of a value that are written out. */
const MAX_ITEMS = 4;
/** Longest item, characters: a digest's beginning tells it from others. */
const MAX_ITEM = 24;

/**
 * A value of a policy in a few words.
 *
 * @param value The value, as it was read.
 */
export function inShort(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return listed(value.map(inShort));
  if (typeof value !== "object") return cut(String(value));
  return listed(Object.entries(value).map(([name, inner]) => `${cut(name)} ${inShort(inner)}`));
}

function listed(items: readonly string[]): string {
  if (items.length === 0) return "none";
  const more = items.length - MAX_ITEMS;
  const shown = items.slice(0, MAX_ITEMS).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function cut(text: string): string {
  return text.length > MAX_ITEM ? `${text.slice(0, MAX_ITEM - 1)}…` : text;
}

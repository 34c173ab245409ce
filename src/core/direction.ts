/**
 * Which values of a setting are weaker than others, and what they cost.
 *
 * Each function here makes the direction of one kind of setting; `policy
 * explain`, `lint` and `diff` and the exceptions of a result live by it.
 *
 * @module
 */

/** What a change of a setting does to what is demanded. */
export type Change = "same" | "stronger" | "weaker" | "other";

/** Which values of a setting are weaker than others. */
export interface Direction<T> {
  /**
   * What a value costs, one sentence without capital and full stop; null where it
   * is not weaker than the default. Absent where no value can be.
   */
  costs?(value: T): string | null;
  /** Why a value demands nothing though it is written, one sentence; null where it demands something. Absent where each does. */
  idle?(value: T): string | null;
  /** Last day of a value that has an end in itself, UTC; null where it has none. */
  ends?(value: T): string | null;
  /** What changing one value into another does; absent where nothing is known of that. */
  compare?(from: T, to: T): Change;
}

/**
 * Of words, from the strongest to the weakest.
 *
 * @param steps What each word costs; null for the default and what is stronger.
 */
export function ladder<T extends string | boolean>(
  steps: Readonly<Record<`${T}`, string | null>>,
): Direction<T> {
  const table = new Map<string, string | null>(Object.entries(steps));
  const order = [...table.keys()];
  const place = (value: T): number => order.indexOf(`${value}`);
  const compare = (from: T, to: T): Change => byNumber(place(to), place(from));
  if ([...table.values()].every((costs) => costs === null)) return { compare };
  return { compare, costs: (value) => table.get(`${value}`) ?? null };
}

/** The larger the stronger. */
function byNumber(from: number, to: number): Change {
  return from === to ? "same" : to > from ? "stronger" : "weaker";
}

type Listed<T> = readonly T[] | null;

/**
 * Of lists of what is let through, by default what is strictest.
 *
 * @param base The default; null in a document stands for it as well.
 * @param costs What each further item costs.
 * @param free Items that let nothing through.
 */
export function admits<T>(
  base: readonly T[],
  costs: (item: T) => string,
  free: readonly T[] = [],
): Direction<Listed<T>> {
  const counted = (value: Listed<T>): readonly T[] => missing(value ?? base, free);
  return {
    costs(value) {
      const further = missing(counted(value), base).map(costs);
      return further.length === 0 ? null : [...new Set(further)].join("; ");
    },
    compare: (from, to) => bySets(counted(to), counted(from)),
  };
}

/**
 * Of lists of what must be there: each item is one demand more.
 *
 * @param base The default.
 * @param costs What each item costs that is left out of it.
 */
export function needs<T>(base: readonly T[], costs: (item: T) => string): Direction<readonly T[]> {
  return {
    costs(value) {
      const left = missing(base, value).map(costs);
      return left.length === 0 ? null : [...new Set(left)].join("; ");
    },
    compare: bySets,
  };
}

/** Of lists of values that alone are accepted; null: whichever. */
export function pins<T>(): Direction<Listed<T>> {
  return { compare: pinned((from, to) => bySets(to, from)) };
}

/** Of lists of values that are refused; null: none. */
export function refuses<T>(): Direction<Listed<T>> {
  return { compare: (from, to) => bySets(from ?? [], to ?? []) };
}

/** Of one value that is demanded; null: whichever. */
export function fixes<T>(): Direction<T | null> {
  return { compare: pinned(() => "other") };
}

/**
 * Of a lower bound; null: none.
 *
 * @param weigh What a value weighs, the more the stronger.
 */
export function floors<T>(weigh: (value: T) => number): Direction<T | null> {
  const height = (value: T | null): number => value === null ? 0 : Math.max(0, weigh(value));
  return {
    compare: (from, to) => byNumber(height(from), height(to)),
    idle: (value) => value !== null && weigh(value) <= 0 ? "nothing is below this" : null,
  };
}

/** Nothing demanded is weaker than something; of two demands the inner comparison decides. */
function pinned<T>(inner: (from: T, to: T) => Change) {
  return (from: T | null, to: T | null): Change => {
    if (sameData(from, to)) return "same";
    if (from === null) return "stronger";
    return to === null ? "weaker" : inner(from, to);
  };
}

/**
 * Of demands by name, as bits or registers: what has no name is not demanded.
 *
 * @param inner Direction of one demand.
 * @param unnamed What the absence of a name means: nothing is demanded, or everything of it is refused.
 */
export function byName<T>(
  inner: Direction<T>,
  unnamed: "any" | "refused" = "any",
): Direction<Readonly<Record<string, T>>> {
  const named = (from: T | undefined, to: T | undefined): Change => {
    if (from === undefined || to === undefined) {
      return (from === undefined) === (unnamed === "any") ? "stronger" : "weaker";
    }
    return sameData(from, to) ? "same" : inner.compare?.(from, to) ?? "other";
  };
  return {
    idle: (value) => {
      const reasons = Object.values(value).map((one) => inner.idle?.(one) ?? null);
      return reasons.find((reason) => reason !== null) ?? null;
    },
    compare(from, to) {
      const names = new Set([...Object.keys(from), ...Object.keys(to)]);
      return together([...names].map((name) => named(from[name], to[name])));
    },
  };
}

/**
 * A direction of values that may also be null, which demands nothing.
 *
 * @param inner Direction of the values.
 */
export function orNone<T>(inner: Direction<T>): Direction<T | null> {
  return {
    compare: pinned((from, to) => inner.compare?.(from, to) ?? "other"),
    idle: (value) => value === null ? null : inner.idle?.(value) ?? null,
  };
}

/**
 * What several changes come to.
 *
 * @param changes The changes.
 */
export function together(changes: readonly Change[]): Change {
  const kinds = new Set(changes.filter((change) => change !== "same"));
  const [only = "same"] = kinds;
  return kinds.size > 1 ? "other" : only;
}

/** More items are stronger. */
function bySets<T>(from: readonly T[], to: readonly T[]): Change {
  const gone = missing(from, to).length > 0;
  const come = missing(to, from).length > 0;
  return gone && come ? "other" : gone ? "weaker" : come ? "stronger" : "same";
}

/** Items of one list that another has not. */
function missing<T>(of: readonly T[], from: readonly T[]): readonly T[] {
  const known = new Set(from.map((item) => JSON.stringify(item)));
  return of.filter((item) => !known.has(JSON.stringify(item)));
}

function sameData(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

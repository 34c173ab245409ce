/**
 * A kind of input that is fuzzed: what is made of it, and what must hold.
 *
 * @module
 */

import fc from "fast-check";

/** Files by name, as they are kept of a counterexample. */
export type NamedFiles = Readonly<Record<string, Uint8Array>>;

/** One execution. */
export interface Execution {
  /** How it ended: a code, a verdict or another word. */
  readonly end: string;
  /** Bytes that were looked at. */
  readonly bytes: number;
  /** Time that it took of the processor, without that of making the input. */
  readonly milliseconds: number;
  /** Does it once more, and says how long that took. */
  readonly again: () => Promise<number>;
  /** The input. */
  readonly files: NamedFiles;
}

/** A property that did not hold, with the very bytes over which it did not. */
export class Finding extends Error {
  /** Name of the class. */
  override readonly name = "Finding";
  /** The input. */
  readonly files: NamedFiles;

  /**
   * @param cause What was thrown.
   * @param files The input.
   */
  constructor(cause: unknown, files: NamedFiles) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.files = files;
  }
}

/** How a property is run. */
export interface RunWith {
  /** Seed of all that is made. */
  readonly seed: number;
  /** Most executions. */
  readonly runs: number;
  /** Path to a counterexample, to go there at once. */
  readonly path?: string;
  /** Milliseconds after which no execution is started. */
  readonly limit?: number;
}

/** A property that did not hold, and how to get there again. */
export interface Counterexample {
  /** Seed and path of fast-check. */
  readonly seed: number;
  /** Where among all that comes of the seed. */
  readonly path: string;
  /** What was done, as data. */
  readonly given: string;
  /** What was thrown. */
  readonly error: unknown;
}

/** A kind of input. */
export interface Kind {
  /** Name, for `--only`. */
  readonly id: string;
  /** What it is, for a person. */
  readonly says: string;
  /**
   * Runs its property.
   *
   * @param options Seed and amount.
   * @param seen Told of each execution; what it throws is a finding.
   */
  readonly run: (
    options: RunWith,
    seen: (execution: Execution) => void | Promise<void>,
  ) => Promise<Counterexample | null>;
}

/** What a kind is made of. */
export interface Making<T> {
  /** Name. */
  readonly id: string;
  /** What it is. */
  readonly says: string;
  /** What fast-check makes, and shrinks; plain data. */
  readonly given: () => Promise<fc.Arbitrary<T>>;
  /** Makes the input of it and judges it; throws where a property does not hold. */
  readonly judge: (given: T) => Promise<Execution>;
}

/**
 * Makes a kind.
 *
 * @param making What it is made of.
 */
export function kindOf<T>({ id, says, given, judge }: Making<T>): Kind {
  return {
    id,
    says,
    async run({ seed, runs, path, limit }, seen) {
      const property = fc.asyncProperty(await given(), async (one) => await seen(await judge(one)));
      const details = await fc.check(property, {
        seed,
        numRuns: runs,
        ...(path === undefined ? {} : { path }),
        ...(limit === undefined ? {} : { interruptAfterTimeLimit: limit }),
      });
      const { counterexample, counterexamplePath, errorInstance } = details;
      if (!details.failed || counterexample === null) return null;
      return {
        seed: details.seed,
        path: counterexamplePath ?? "0",
        given: fc.stringify(counterexample),
        error: errorInstance,
      };
    },
  };
}

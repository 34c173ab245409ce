/**
 * What a stage of the contract comes to: an exit code, an object for standard
 * output where there is one, and a sentence for people.
 *
 * @module
 */

/** Exit codes of the contract. */
export const EXITS = { accepted: 0, rejected: 10, unsupported: 20, malformed: 30 } as const;

/** One of them. */
export type Exit = (typeof EXITS)[keyof typeof EXITS];

/** What goes out. */
export interface Answer {
  /** Exit code of the process. */
  readonly exit: Exit;
  /** What standard output gets; null for nothing, since the contract has no form for what was not judged. */
  readonly output: object | null;
  /** What standard error gets: one sentence, for people alone. */
  readonly says: string;
}

/** What a stage judged. */
export type Judged<Code extends string> =
  | { readonly accepted: true; readonly outputs: object }
  | { readonly accepted: false; readonly code: Code; readonly says: string };

/** The input could not be judged: it is not of the contract's form, or asks for what is not built. */
export class NotJudged extends Error {
  /** Name of the class, which survives minification. */
  override readonly name = "NotJudged";
  /** Exit code. */
  readonly exit: typeof EXITS.unsupported | typeof EXITS.malformed;

  /**
   * @param exit Exit code.
   * @param message What is wrong or missing.
   * @param options What caused it.
   */
  constructor(
    exit: typeof EXITS.unsupported | typeof EXITS.malformed,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.exit = exit;
  }
}

/**
 * Input that is not of the contract's form.
 *
 * @param message What is wrong.
 * @param cause What was met.
 */
export function malformed(message: string, cause?: unknown): NotJudged {
  return new NotJudged(EXITS.malformed, message, cause === undefined ? {} : { cause });
}

/**
 * Something that is not built, or that lacks a file which the contract leaves to the program.
 *
 * @param message What it is.
 */
export function unsupported(message: string): NotJudged {
  return new NotJudged(EXITS.unsupported, message);
}

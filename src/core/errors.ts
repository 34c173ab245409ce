/**
 * The errors that a caller can act on. Codes are stable; messages are not.
 *
 * `TypeError` and `RangeError` mean that the calling code is wrong.
 *
 * @module
 */

/** What explains an error, as text by name: `expected`, `actual`, `file`, `certificate`, ... */
export type ErrorFields = Readonly<Record<string, string>>;

/** How an error is described beside its message. */
export interface ErrorDetails {
  /** Stable code, as `snp.signature_mismatch`. */
  readonly code: string;
  /** Fields that explain it; no secrets, no whole evidence. */
  readonly fields?: ErrorFields;
  /** What caused it. */
  readonly cause?: unknown;
}

/** Common shape of the four errors below. */
export abstract class CasemateError extends Error {
  /** Stable code, as `snp.signature_mismatch`. */
  readonly code: string;
  /** Fields that explain the error. */
  readonly fields: ErrorFields;

  /**
   * Describes a failure.
   *
   * @param message One sentence: what failed, then actual and expected.
   * @param details Code, fields and cause.
   */
  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.fields = details.fields ?? {};
  }
}

/** The operator's configuration, flag or file is wrong. Exit code 2. */
export class InputError extends CasemateError {
  /** Name of the class, which survives minification. */
  override readonly name = "InputError";
}

/** Trust was examined and refused. Exit code 3, or 6 where the code's class is `platform-only`. */
export class RejectedError extends CasemateError {
  /** Name of the class, which survives minification. */
  override readonly name = "RejectedError";
}

/** Trust could not be examined. Exit code 4. */
export class UnavailableError extends CasemateError {
  /** Name of the class, which survives minification. */
  override readonly name = "UnavailableError";
  /** Whether trying again later can help. */
  readonly retryable: boolean;

  /**
   * Describes what was not to be had.
   *
   * @param message One sentence: what was not to be had.
   * @param details Code, fields, cause, and whether trying again can help.
   */
  constructor(message: string, details: ErrorDetails & { readonly retryable: boolean }) {
    super(message, details);
    this.retryable = details.retryable;
  }
}

/** An action on a cluster or cloud failed; says what was done and what remains. Exit code 5. */
export class OperationError extends CasemateError {
  /** Name of the class, which survives minification. */
  override readonly name = "OperationError";
}

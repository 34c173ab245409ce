/**
 * Records of the store as values of a form.
 *
 * @module
 */

import { InputError, OperationError } from "../../core/errors.ts";
import { type Message, readMessage } from "../../protocol/message.ts";
import type { StoreRecord } from "./store.ts";

/** A record that was read, and where it stood. */
export interface Kept<T> {
  /** Value. */
  readonly value: T;
  /** Key. */
  readonly key: string;
  /** Revision. */
  readonly revision: string;
}

/**
 * Reads a record.
 *
 * @param form Its form.
 * @param record The record.
 * @throws {OperationError} `store.record`
 */
export function readKept<T extends object>(form: Message<T>, record: StoreRecord): Kept<T> {
  const { key, revision } = record;
  try {
    return { value: readMessage(form, record.value), key, revision };
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw badRecord(key, cause.message, cause);
  }
}

/**
 * Says that the store holds what this version cannot have written.
 *
 * @param key Key of the record.
 * @param reason What is wrong.
 * @param cause What was thrown.
 */
export function badRecord(key: string, reason: string, cause?: unknown): OperationError {
  return new OperationError(`Cannot use the store's record ${key}: ${reason}`, {
    code: "store.record",
    fields: { key, reason },
    cause,
  });
}

/**
 * How an agent says that it did not do what was asked (protocol §5.5).
 *
 * @module
 */

import { object, required, text } from "../core/decode.ts";
import type { Message } from "./message.ts";

/** A failure. */
export interface Failure {
  /** Stable code. */
  readonly code: string;
  /** One sentence, without secrets. */
  readonly message: string;
}

/** Body of an answer with a status from 400. */
export const FAILURE: Message<Failure> = {
  name: "failure",
  form: object<Failure>({
    code: required(text("[a-z0-9_]+(?:\\.[a-z0-9_]+)?", "a code"), "Stable code"),
    message: required(text("[^\\u0000-\\u001f]{1,2000}", "a sentence"), "What happened"),
  }),
};

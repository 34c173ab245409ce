/**
 * The long form of a setting that weakens a default: its value, its last day,
 * and why it is there.
 *
 * @module
 */

/** One line of at most 200 characters; none that controls a terminal or turns the direction of writing. */
export const REASON_PATTERN =
  "[ -~\\u00a0-\\u061b\\u061d-\\u1fff\\u2010-\\u2027\\u2030-\\u205e\\u2070-\\ud7ff\\uf900-\\ufefe\\uff00-\\ufffd]{1,200}";

/**
 * JSON Schema of a value that may stand in the long form.
 *
 * @param value Schema of the value itself.
 */
export function datedSchema(
  value: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    anyOf: [value, {
      type: "object",
      additionalProperties: false,
      required: ["value"],
      properties: {
        value,
        until: {
          type: "string",
          format: "date",
          description: "Last day on which the value counts, UTC; then the default does",
        },
        because: {
          type: "string",
          pattern: `^(?:${REASON_PATTERN})$`,
          description: "Why it is there, one line for a person",
        },
      },
    }],
  };
}

/**
 * How much is tried: a little in `deno task test`, all in `deno task vectors:crypto`.
 *
 * @module
 */

/** Names the amount to the tests: `full`, or absent. */
export const AMOUNT = "CASEMATE_VECTORS";

/** Whether all is tried. */
export const isFull: boolean = Deno.env.get(AMOUNT) === "full";

/**
 * A number of tries.
 *
 * @param few In `deno task test`, so that it stays quick.
 * @param all In `deno task vectors:crypto`.
 */
export function tries(few: number, all: number): number {
  return isFull ? all : few;
}

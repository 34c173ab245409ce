/**
 * How much is asked in other runtimes: all in `deno task runtimes`, less in `deno task test`.
 *
 * @module
 */

/** Whether every case is asked. */
export const isFull: boolean = Deno.env.get("CASEMATE_RUNTIMES") === "full";

/** Of refused vectors and of turned bits, each how-manieth is asked. */
export const SHARE: number = isFull ? 1 : 3;

/**
 * How much is asked in other runtimes: all in `deno task runtimes`, less in `deno task test`.
 *
 * @module
 */

/** Of refused vectors and of turned bits, each how-manieth is asked. */
export const SHARE: number = Deno.env.get("CASEMATE_RUNTIMES") === "full" ? 1 : 12;

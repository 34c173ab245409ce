/**
 * How much is asked in other runtimes: all in `deno task runtimes`, less in `deno task test`.
 *
 * @module
 */

/** Whether all is asked, with keys that each runtime makes itself. */
export const FULL: boolean = Deno.env.get("CASEMATE_RUNTIMES") === "full";

/** Of refused vectors and of turned bits, each how-manieth is asked. */
export const SHARE: number = FULL ? 1 : 12;

/** Each how-manieth case the portable engine is asked about, too. */
export const PORTABLE_SHARE: number = FULL ? 3 : 12;

/** Each how-manieth case both engines are asked about at once. */
export const BOTH_SHARE: number = FULL ? 24 : 48;

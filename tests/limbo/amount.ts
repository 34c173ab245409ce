/**
 * How much is tried: all in `deno task limbo`, less in `deno task test`.
 *
 * @module
 */

/** Whether all is tried, and OpenSSL asked about all. */
export const isFull: boolean = Deno.env.get("CASEMATE_LIMBO") === "full";

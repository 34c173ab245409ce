/**
 * The lab's TEE: chips, and the service that a guest asks.
 *
 * @module
 */

export * from "./chip.ts";
export * from "./service.ts";

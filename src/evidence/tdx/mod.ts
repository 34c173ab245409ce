/**
 * Intel TDX: quotes of trust domains.
 *
 * @module
 */

export type { TdxCode } from "./codes.ts";

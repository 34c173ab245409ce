/**
 * Files as a caller has them.
 *
 * @module
 */

/** Files by role; those of one role that can be several as a list. */
export type FilesByRole = Readonly<Record<string, Uint8Array | readonly Uint8Array[] | undefined>>;

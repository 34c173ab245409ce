/**
 * The TPM that is meant where none is named.
 *
 * @module
 */

/** The kernel's first TPM, behind its resource manager, which tidies up behind each program. */
export const DEFAULT_DEVICE = "/dev/tpmrm0";

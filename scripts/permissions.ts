/**
 * What the command line may do, compiled into the binary: all. It is a node's
 * agent as well, and Deno hands the kernel's files (`/dev/tpmrm0`, `/proc`,
 * `/sys`) to nobody who lacks a single permission, whatever paths are allowed.
 *
 * @module
 */

/** Flags for `deno run` and `deno compile`. */
export const PERMISSIONS: readonly string[] = ["--no-prompt", "--allow-all"];

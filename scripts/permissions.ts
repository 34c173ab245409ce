/**
 * What the command line may do, compiled into the binary. It reads and writes
 * the files that it is given and its cache, asks the vendors' services where it is
 * told to (the operator can name mirrors, so no list of hosts stands here), and
 * starts no program.
 *
 * @module
 */

/** Variables that are read: our own, those of the terminal and of the cache's folder, and what commander and yaml ask for. */
const ENVIRONMENT: readonly string[] = [
  "CASEMATE_BUILD",
  "CASEMATE_DEBUG",
  "CLICOLOR_FORCE",
  "FORCE_COLOR",
  "HOME",
  "LOG_STREAM",
  "LOG_TOKENS",
  "NO_COLOR",
  "TERM",
  "XDG_CACHE_HOME",
];

/** Flags for `deno run` and `deno compile`. */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  // Whose the cache's folder must be.
  "--allow-sys=uid",
  `--allow-env=${ENVIRONMENT.join(",")}`,
];

/**
 * No memory of this process goes to a file when it crashes: it holds keys.
 *
 * @module
 */

/** RLIMIT_CORE (bits/resource.h; the same on x86-64 and arm64). */
const CORE = 4;

/**
 * Soft and hard limits, bytes, the first that is allowed. Rather not 0, which a program that takes dumps from the kernel's pipe does not heed; at 1
 * the kernel gives it none either, and no file either, as a page does not fit (core(5), `do_coredump`). Who may not
 * raise a hard limit of 0 keeps it.
 */
const LIMITS = [1n, 0n] as const;

/**
 * Withholds core dumps for good, of this process and all that it starts.
 *
 * @returns Whether it was done: Linux alone, with its C library.
 */
export function withholdCores(): boolean {
  if (Deno.build.os !== "linux") return false;
  const libc = load();
  if (libc === null) return false;
  try {
    const { setrlimit } = libc.symbols;
    return LIMITS.some((limit) => setrlimit(CORE, new BigUint64Array([limit, limit])) === 0);
  } finally {
    libc.close();
  }
}

const SYMBOLS = { setrlimit: { parameters: ["i32", "buffer"], result: "i32" } } as const;

/** Without its library or the right to use it the program goes on, and says that cores are not withheld. */
function load(): Deno.DynamicLibrary<typeof SYMBOLS> | null {
  // Who started it without that right is not asked for it.
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return null;
  try {
    return Deno.dlopen("libc.so.6", SYMBOLS);
  } catch {
    return null;
  }
}

/**
 * Whether a process may open as many files as it needs.
 *
 * @module
 */

/** A file that is there wherever this runs, and is nobody's: the program's own may be none that can be opened by its path. */
const FILE = Deno.build.os === "windows" ? "NUL" : "/dev/null";

/** What else is open: the cache, connections to vendors, the program itself. */
const BESIDE = 100;

/**
 * Tries it. A server that meets the limit later takes no connection ever again (Deno 2.9), and
 * nobody can be asked for the limit itself.
 *
 * @param connections Connections that it shall hold.
 * @returns Whether there is room for them.
 */
export function hasRoomFor(connections: number): boolean {
  const opened: Deno.FsFile[] = [];
  try {
    for (let count = 0; count < connections + BESIDE; count++) {
      opened.push(Deno.openSync(FILE));
    }
    return true;
  } catch (error) {
    if (error instanceof Error && /too many open files|os error 24/i.test(error.message)) {
      return false;
    }
    throw error;
  } finally {
    for (const file of opened) file.close();
  }
}

/**
 * The pages of `docs/examples`.
 *
 * @module
 */

/** Where they are. */
export const PAGES: URL = new URL("../../docs/examples/", import.meta.url);

/** Their names, in their order. */
export function pageNames(): readonly string[] {
  return Array.from(Deno.readDirSync(PAGES), ({ name }) => name).sort();
}

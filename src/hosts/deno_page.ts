/**
 * The web page as it was built beside the sources.
 *
 * @module
 */

import type { Page } from "../core/ports.ts";

/** Where `deno task page` puts it. */
const BUILT = new URL("../../dist/", import.meta.url);

/** Reads the page; null where it was not built. */
export async function readBuiltPage(): Promise<Page | null> {
  try {
    const [html, policy] = await Promise.all([
      Deno.readFile(new URL("verify.html", BUILT)),
      Deno.readTextFile(new URL("verify.policy.txt", BUILT)),
    ]);
    return { html, policy: policy.trim() };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Licences of the works of others that are in the page.
 *
 * @module
 */

import { byId, put } from "./dom.ts";
import { markup } from "../report/markup.ts";
import { partOf } from "./engine.ts";

/** Unpacks them and writes them where somebody opened their place. */
export async function drawNotices(): Promise<void> {
  const text = new TextDecoder().decode(await partOf(3));
  put(byId("texts", HTMLElement), markup`${text}`);
}

/**
 * What a report's markup may consist of.
 *
 * @module
 */

const TAGS =
  "article|body|br|circle|code|dd|details|div|dl|dt|em|footer|h1|h2|h3|head|header|html|i|li|mark|meta|ol|p|path|pre|section|small|span|strong|style|summary|svg|table|tbody|td|th|thead|title|tr|ul";

const ATTRIBUTES =
  "aria-hidden|aria-label|aria-labelledby|charset|class|content|cx|cy|d|data-label|fill|focusable|http-equiv|id|lang|name|open|r|scope|stroke|stroke-dasharray|stroke-linecap|stroke-linejoin|stroke-width|viewBox";

/** A tag as this program writes them. */
const TAG = new RegExp(
  `<!doctype html>|</(?:${TAGS})>|<(?:${TAGS})(?:\\s+(?:${ATTRIBUTES})(?:="[^"<>]*")?)*\\s*/?>`,
  "g",
);

/**
 * What looks like markup and is none that this program writes.
 *
 * @param page The page.
 */
export function tagsOutside(page: string): readonly string[] {
  const rest = page.replace(/<style>[^<]*<\/style>/, "").replace(TAG, "");
  return [...rest.matchAll(/.{0,30}[<>].{0,30}/gs)].map(([found]) => found);
}

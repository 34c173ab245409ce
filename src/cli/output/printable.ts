/**
 * Text that came from elsewhere, made safe for a terminal: the same as for a page.
 *
 * @module
 */

export { printable, printableData, printableJson } from "../../core/printable.ts";

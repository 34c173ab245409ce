/**
 * `casemate version`: which program this is.
 *
 * @module
 */

import type { Context, Format } from "../context.ts";
import { printableJson } from "../output/printable.ts";

/**
 * Says version, kind of build and runtime.
 *
 * @param context The machine.
 * @param format Form of the answer.
 */
export function tellVersion({ host }: Context, format: Format): void {
  const { version, kind, runtime } = host.build;
  const text = format === "json"
    ? printableJson({ v: 1, version, build: kind, runtime })
    : `casemate ${version} (${kind}, ${runtime})`;
  host.terminal.out(`${text}\n`);
}

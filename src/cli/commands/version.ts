/**
 * `casemate version`: which program this is, and whose works are in it.
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
 * @param withNotices Whether licences and notices are said too; as text in place of the rest.
 */
export async function tellVersion(
  { host }: Context,
  format: Format,
  withNotices: boolean,
): Promise<void> {
  const { version, kind, runtime } = host.build;
  const notices = withNotices ? (await import("../notices.ts")).NOTICES : null;
  if (format === "json") {
    const said = { v: 1, version, build: kind, runtime, ...(notices === null ? {} : { notices }) };
    return host.terminal.out(`${printableJson(said)}\n`);
  }
  host.terminal.out(notices ?? `casemate ${version} (${kind}, ${runtime})\n`);
}

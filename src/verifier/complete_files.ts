/**
 * Files of evidence with collateral in their places.
 *
 * @module
 */

import { isBytes } from "../core/bytes.ts";
import type { AnyTechnology, FilesByRole } from "../evidence/evidence.ts";
import type { Outcome } from "./complete_item.ts";

/**
 * Which files can be verified, the best first: all that was got in its place;
 * what the evidence has, without what is older than was seen; the evidence alone.
 *
 * @param technology Which roles take several files.
 * @param files Files of the evidence.
 * @param outcomes What came of each thing that it needs.
 */
export function choicesOf(
  technology: Pick<AnyTechnology, "files">,
  files: FilesByRole,
  outcomes: readonly Outcome[],
): readonly FilesByRole[] {
  const got = gotFiles(technology, outcomes);
  const dropped = outcomes.flatMap((outcome) => outcome.dropped);
  const own = without(files, dropped);
  return [{ ...own, ...got }, own, without(own, Object.keys(got))];
}

/** What was got, by role; where a role takes several files, those of all things of it. */
function gotFiles(
  technology: Pick<AnyTechnology, "files">,
  outcomes: readonly Outcome[],
): FilesByRole {
  const got = new Map<string, Uint8Array[]>();
  for (const { content } of outcomes) {
    for (const [role, given] of Object.entries(content?.files ?? {})) {
      const further = given === undefined ? [] : isBytes(given) ? [given] : given;
      got.set(role, [...got.get(role) ?? [], ...further]);
    }
  }
  const several = technology.files.filter(({ multiple }) => multiple).map(({ role }) => role);
  return Object.fromEntries(
    [...got].map(([role, all]) => [role, several.includes(role) ? all : all.at(-1)]),
  );
}

function without(files: FilesByRole, roles: readonly string[]): FilesByRole {
  return Object.fromEntries(Object.entries(files).filter(([role]) => !roles.includes(role)));
}

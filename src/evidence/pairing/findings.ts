/**
 * Findings of a part, as the pairing tells them.
 *
 * @module
 */

import type { Finding, Root } from "../finding.ts";

/** What a pairing changes about the findings of a part. */
export interface Told {
  /** Whose word the part rests on here; absent leaves what the technology said. */
  readonly root?: Root;
  /** Ids of findings that the pairing judges itself. */
  readonly without?: readonly string[];
  /** Ids of findings that need not be pinned here, since something else says it: where they are open, the verdict does not depend on them. */
  readonly optional?: readonly string[];
  /** Titles by id, where a value says something else here than alone. */
  readonly titles?: Readonly<Record<string, string>>;
}

/**
 * Findings of a part, as the pairing tells them. A mismatch stays one.
 *
 * @param findings The findings.
 * @param told What changes.
 */
export function tell(
  findings: readonly Finding[],
  { root, without = [], optional = [], titles = {} }: Told,
): readonly Finding[] {
  return findings.filter(({ id }) => !without.includes(id)).map((finding) => {
    const open = optional.includes(finding.id) && finding.kind === "unchecked";
    return {
      ...finding,
      title: titles[finding.id] ?? finding.title,
      ...(root === undefined ? {} : { root }),
      ...(open ? { required: false, code: null } : {}),
    };
  });
}

/**
 * Whether a policy fits together: the variants that it admits, the roots that it
 * accepts, and the sections that it has.
 *
 * @module
 */

import type { AnyTechnology } from "../evidence/evidence.ts";
import type { Root } from "../evidence/finding.ts";
import { rootsOf } from "./needs.ts";
import { DEFAULT_ROOTS, type WholePolicy } from "./policy.ts";
import { isObject } from "./settle.ts";
import type { Remark } from "./remark.ts";

/**
 * Remarks on what is admitted. A remark with the code `needed` says that what
 * its key lets through, each admitted variant needs.
 *
 * @param whole The policy.
 * @param technologies Technologies whose sections are known.
 */
export function admissionRemarks(
  { read, document }: WholePolicy,
  technologies: readonly AnyTechnology[],
): readonly Remark[] {
  const written = isObject(document) ? Object.keys(document) : [];
  const admitted = technologies.filter(({ id }) =>
    read.admitVariants?.includes(id) ?? written.includes(id)
  );
  return [
    ...admitted.flatMap((technology) => technologyRemarks(technology, { read, document })),
    ...(read.admitVariants === null ? [] : [
      ...unreachable(read.admitVariants, technologies, written),
      ...unneededRoots(read.acceptRoots, admitted, written),
      ...unneededRisk(admitted, written),
    ]),
  ];
}

type Read = Pick<WholePolicy, "read" | "document">;

function technologyRemarks(
  technology: AnyTechnology,
  { read, document }: Read,
): readonly Remark[] {
  const { id, references } = technology;
  const missing = rootsOf(technology).filter((root) => !read.acceptRoots.includes(root));
  const rootless: readonly Remark[] = missing.map((root) => ({
    level: "warning",
    code: "root-missing",
    key: "acceptRoots",
    says: `without ${root}, evidence of ${id} is never trusted, whatever it shows`,
  }));
  if (references.some((key) => hasPath(document, [id, ...key.split(".")]))) return rootless;
  return [...rootless, {
    level: "note",
    code: "pins-nothing",
    key: id,
    says:
      "nothing here pins what runs, so that without reference values beside it no verdict is better than platform-only",
  }];
}

function hasPath(value: unknown, [name = "", ...rest]: readonly string[]): boolean {
  if (!isObject(value) || !Object.hasOwn(value, name)) return false;
  const inner = new Map<string, unknown>(Object.entries(value)).get(name);
  return rest.length === 0 || hasPath(inner, rest);
}

function unreachable(
  admits: readonly string[],
  technologies: readonly AnyTechnology[],
  written: readonly string[],
): readonly Remark[] {
  return technologies.filter(({ id }) => written.includes(id) && !admits.includes(id))
    .map(({ id }) => ({
      level: "warning",
      code: "unreachable",
      key: id,
      says: `${id} is not admitted, so that nothing of its section counts`,
    }));
}

function unneededRoots(
  accepted: readonly Root[],
  admitted: readonly AnyTechnology[],
  written: readonly string[],
): readonly Remark[] {
  if (!written.includes("acceptRoots")) return [];
  const needed = admitted.flatMap(rootsOf);
  const unneeded = accepted.filter((root) => !needed.includes(root));
  const further = accepted.filter((root) => !DEFAULT_ROOTS.includes(root));
  const remarks: readonly Remark[] = unneeded.map((root) => ({
    level: "warning",
    code: "root-unneeded",
    key: "acceptRoots",
    says: `no admitted variant needs ${root}`,
  }));
  if (unneeded.length > 0 || further.length === 0) return remarks;
  return [{
    level: "note",
    code: "needed",
    key: "acceptRoots",
    says: `what is admitted rests on ${further.join(" and ")}, for as long as it is admitted`,
  }];
}

function unneededRisk(
  admitted: readonly AnyTechnology[],
  written: readonly string[],
): readonly Remark[] {
  const needed = admitted.some(({ productLines }) => productLines.length > 0);
  if (!written.includes("acceptCompromised") || needed) return [];
  return [{
    level: "warning",
    code: "risk-unneeded",
    key: "acceptCompromised",
    says: "no admitted variant runs on such a line",
  }];
}

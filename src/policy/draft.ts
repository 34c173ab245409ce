/**
 * The smallest policy with which evidence of a variant can be trusted.
 *
 * @module
 */

import type { AnyTechnology } from "../evidence/evidence.ts";
import type { Root } from "../evidence/finding.ts";
import { comment } from "./comment.ts";
import { demandsOf } from "./needs.ts";
import { DEFAULT_ROOTS, rootCost } from "./policy.ts";
import { keyAt } from "./settings.ts";

/**
 * Writes the policy as YAML, with comments. What only the owner can know stands
 * in comments, too, so that the file is a policy as it is.
 *
 * @param technology The variant; or what is none and stands alone, as a TPM.
 */
export function draftPolicy(technology: AnyTechnology): string {
  const demands = demandsOf(technology);
  const { id, title, references, facts } = technology;
  const own = facts?.policyKeys ?? [];
  const keys = [...own, ...references];
  return [
    ...comment(
      `Policy for ${title}. What is not written here has its strict default; casemate policy explain FILE --variant ${id} shows all.`,
    ),
    "version: 1",
    "",
    ...comment("Evidence of another variant is refused, whatever it proves."),
    `admitVariants: [${id}]`,
    ...rootLines(id, demands.roots),
    "",
    ...comment(`Nothing is trusted unless these are pinned: ${demands.pinned.join(", ")}.`),
    ...comment(
      `Reference values in a file of their own are best for what runs (casemate reference new ${id}); else take the # away from what you know. A key stands in one of the two files.`,
    ),
    `# ${id}:`,
    ...keyLines(technology, keys),
    "",
  ].join("\n");
}

function rootLines(id: string, roots: readonly Root[]): readonly string[] {
  const further = roots.filter((root) => !DEFAULT_ROOTS.includes(root));
  if (further.length === 0) return [];
  const costs = further.map((root) => `${root}: ${rootCost(root)}`).join("; ");
  return [
    "",
    ...comment(`No verdict on ${id} does with less than these roots. What that costs – ${costs}.`),
    `acceptRoots: [${roots.join(", ")}]`,
  ];
}

/** Keys of parts stand below the part. */
function keyLines({ policy }: AnyTechnology, keys: readonly string[]): readonly string[] {
  let part = "";
  return keys.flatMap((key) => {
    const [first = "", inner] = key.split(".");
    const says = keyAt(policy, key)?.says ?? "";
    if (inner === undefined) return keyLine(first, says, "#   ");
    const head = first === part ? [] : [`#   ${first}:`];
    part = first;
    return [...head, ...keyLine(inner, says, "#     ")];
  });
}

function keyLine(name: string, says: string, indent: string): readonly string[] {
  return [...comment(says, indent), `${indent}${name}: …`];
}

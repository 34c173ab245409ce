/**
 * What the policy lets through beyond the defaults, for one verification.
 *
 * @module
 */

import type { AnyTechnology, Rooted } from "../evidence/evidence.ts";
import { type Exception, saysException } from "../policy/exception.ts";
import type { Policy } from "../policy/policy.ts";
import { technologies } from "../evidence/registry.ts";

/**
 * Exceptions that count for a technology: its own and those of the whole policy.
 *
 * @param policy The policy.
 * @param technology Technology of the evidence.
 */
export function exceptionsFor(
  { exceptions }: Pick<Policy, "exceptions">,
  { id, productLines }: Pick<AnyTechnology, "id" | "productLines">,
): readonly Exception[] {
  const others = technologies.map((one) => one.id).filter((one) => one !== id);
  return exceptions.filter(({ key }) => {
    if (key === COMPROMISED && productLines.length === 0) return false;
    return !others.some((other) => key.startsWith(`${other}.`));
  });
}

const COMPROMISED = "acceptCompromised";

/**
 * What must be said before the verdict: the exceptions, then what the root says.
 *
 * @param exceptions Those that count.
 * @param rooted Whose word the evidence rests on, and what it says of that.
 * @param asked Whether lab evidence was asked for by giving its root, which the verdict says.
 */
export function warningsOf(
  exceptions: readonly Exception[],
  { warnings }: Pick<Rooted, "warnings">,
  asked: boolean,
): readonly string[] {
  const told = exceptions.filter(({ key, ended }) => {
    if (key === "allowLab") return !asked;
    // Where it made a difference, the root says it, with the line that it is of.
    return key !== COMPROMISED || ended;
  });
  return [...told.map(saysException), ...warnings];
}

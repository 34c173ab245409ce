/**
 * Puts a variant together from the technologies that it consists of: policies,
 * flags, steps, codes and claims of the parts, each once.
 *
 * @module
 */

import type { CodeEntry } from "../../core/code_entry.ts";
import type { Operations } from "../../core/portable/engine.ts";
import type { AnyTechnology, Check, Claim, FileInput, PolicyFlag } from "../evidence.ts";
import { PAIRING_CODES } from "./codes.ts";

/** A technology in its place: as in the envelope and in the policy. */
export interface Part {
  /** `tee` or `vtpm`. */
  readonly member: "tee" | "vtpm";
  /** The technology. */
  readonly technology: AnyTechnology;
}

/**
 * Flags of the parts, which set keys inside of the parts' sections.
 *
 * @param parts The parts.
 */
export function flagsOf(parts: readonly Part[]): readonly PolicyFlag[] {
  return parts.flatMap(({ member, technology }) =>
    technology.flags.map((flag) => ({ ...flag, key: `${member}.${flag.key}` }))
  );
}

/**
 * Reference values of the parts.
 *
 * @param parts The parts.
 */
export function referencesOf(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ member, technology }) =>
    technology.references.map((key) => `${member}.${key}`)
  );
}

/**
 * Steps of the parts, then those of the pairing.
 *
 * @param parts The parts.
 * @param own Steps of the pairing.
 */
export function checksOf(parts: readonly Part[], own: readonly Check[]): readonly Check[] {
  return [...parts.flatMap(({ technology }) => technology.checks), ...own];
}

/**
 * Codes of the parts and of the pairing.
 *
 * @param parts The parts.
 * @param own Further tables.
 */
export function codesOf(
  parts: readonly Part[],
  ...own: readonly Readonly<Record<string, CodeEntry>>[]
): Readonly<Record<string, CodeEntry>> {
  const tables = [...parts.map(({ technology }) => technology.codes), PAIRING_CODES, ...own];
  return Object.fromEntries(tables.flatMap((table) => Object.entries<CodeEntry>(table)));
}

/**
 * Files of the parts, but for some.
 *
 * @param parts The parts.
 * @param without Roles of files that the pairing has from elsewhere.
 */
export function filesOf(parts: readonly Part[], without: readonly string[]): readonly FileInput[] {
  const all = parts.flatMap(({ technology }) => technology.files);
  const seen = new Set<string>(without);
  return all.filter(({ role }) => !seen.has(role) && seen.add(role));
}

/** What is proven, and what never is. */
export interface Proves {
  /** Claims. */
  readonly yes: readonly Claim[];
  /** What is never proven. */
  readonly no: readonly string[];
}

/**
 * Claims of the parts, but for those that rest on a finding which the pairing
 * judges otherwise, and those of the pairing.
 *
 * @param parts The parts.
 * @param own Claims of the pairing.
 * @param without Ids of findings that the pairing judges otherwise.
 */
export function provesOf(
  parts: readonly Part[],
  own: Proves,
  without: readonly string[],
): Proves {
  const yes = parts.flatMap(({ technology }) => technology.proves.yes).filter(({ needs }) =>
    !needs.some((id) => without.includes(id))
  );
  return { yes: [...yes, ...own.yes], no: own.no };
}

/**
 * Operations of the portable engine for all parts and what else the pairing needs.
 *
 * @param parts The parts.
 * @param own Loads further operations.
 */
export function portableOf(
  parts: readonly Part[],
  ...own: readonly (() => Promise<Operations>)[]
): () => Promise<Operations> {
  return async () => {
    const loaded = await Promise.all([
      ...parts.map(({ technology }) => technology.portable?.() ?? {}),
      ...own.map((load) => load()),
    ]);
    return Object.assign({}, ...loaded);
  };
}

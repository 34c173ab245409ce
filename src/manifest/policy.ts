/**
 * What follows from a manifest for whoever judges evidence of its members.
 *
 * @module
 */

import { isPlain } from "../core/decode.ts";
import { technologies } from "../evidence/registry.ts";
import type { SignedReference } from "../policy/reference/signed.ts";
import type { Manifest, NodeGroup } from "../protocol/manifest.ts";
import { admittedBy } from "./contradiction.ts";
import type { ManifestReferences } from "./references.ts";

/** What evidence of a variant may be held against: it must meet one of these whole. */
export interface Standard {
  /** Account at the provider that it must name; empty where none is demanded. */
  readonly account: string;
  /** Version of the image. */
  readonly version: string;
  /** Policy document, for a request. */
  readonly policy: Readonly<Record<string, unknown>>;
  /** Reference values, for a request. */
  readonly reference: SignedReference;
}

/**
 * Variants that a manifest admits.
 *
 * @param manifest The manifest.
 */
export function variantsOf({ policy }: Manifest): readonly string[] {
  return admittedBy(policy);
}

/**
 * The policy document under which a manifest's members of a variant and account are judged.
 *
 * @param manifest The manifest.
 * @param variant Variant of the evidence.
 * @param account Account that the evidence must name; empty for none.
 */
export function policyOf(
  { policy }: Manifest,
  variant: string,
  account: string,
): Readonly<Record<string, unknown>> {
  const key = technologies.find(({ id }) => id === variant)?.accountKey;
  if (key === undefined || account === "") return policy;
  return { ...policy, [variant]: { ...sectionOf(policy[variant]), [key]: account } };
}

function sectionOf(section: unknown): object {
  return typeof section === "object" && section !== null && isPlain(section) ? section : {};
}

/**
 * All that evidence of a variant may be held against, the newest image first:
 * each image of it, with each account of its groups.
 *
 * @param manifest The manifest.
 * @param references Its reference values.
 * @param variant Variant that the evidence says it is of.
 * @returns None where the manifest has no such image.
 */
export function standardsOf(
  manifest: Manifest,
  references: ManifestReferences,
  variant: string,
): readonly Standard[] {
  const groups = manifest.groups.filter((group) => group.variant === variant);
  // Of one without a demand last: else it would be met by what meets a demand.
  const accounts = [...new Set(groups.map(({ account }) => account))].sort().reverse();
  const images = manifest.images.filter((image) => image.variant === variant).reverse();
  return accounts.flatMap((account) =>
    images.flatMap(({ version, reference }): readonly Standard[] => {
      const signed = references.get(reference);
      if (signed === undefined) return [];
      const policy = policyOf(manifest, variant, account);
      return [{ account, version, policy, reference: signed }];
    })
  );
}

/**
 * Groups that a machine may be assigned to, by what was proven of it.
 *
 * @param manifest The manifest.
 * @param proven Variant of its evidence, and the account that this names.
 */
export function groupsFor(
  { groups }: Manifest,
  { variant, account }: { readonly variant: string; readonly account: string },
): readonly NodeGroup[] {
  return groups.filter((group) => group.variant === variant && group.account === account);
}

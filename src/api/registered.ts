/**
 * The policies under which a service signs tokens.
 *
 * @module
 */

import { InputError } from "../core/errors.ts";
import type { AnyTechnology, FilesByRole } from "../evidence/evidence.ts";
import type { Root } from "../evidence/finding.ts";
import { technologies } from "../evidence/registry.ts";
import { type Policy, readPolicy } from "../policy/policy.ts";
import type { ReferenceDocument } from "../policy/reference/document.ts";
import { readReference } from "../policy/reference/read.ts";
import { SignedReference } from "../policy/reference/signed.ts";
import { policyIdOf } from "../results/ear.ts";
import { documentDigest } from "../verifier/digests.ts";
import { readReferenceFor } from "../verifier/reference.ts";
import type { RegisteredPolicy } from "./parts.ts";

/** A registered policy as clients are told of it. */
export interface PolicyEntry {
  /** `sha256:` and its digest; what a request names it by, and tokens. */
  readonly digest: string;
  /** The reference values that go with it; null where there are none. */
  readonly reference: ReferenceEntry | null;
  /** Roots that a verdict may need. */
  readonly acceptRoots: readonly Root[];
  /** Variants that are admitted; null where the request decides. */
  readonly admitVariants: readonly string[] | null;
  /** What tokens say of genuine evidence that is not enough. */
  readonly platformOnly: Policy["tokens"]["platformOnly"];
  /** Settings that are weaker than the defaults, dotted. */
  readonly exceptions: readonly string[];
}

/** Reference values as clients are told of them. */
export interface ReferenceEntry {
  /** `sha256:` and their digest. */
  readonly digest: string;
  /** Release that they are of; null where they say none. */
  readonly release: string | null;
  /** SHA-256 of the key that signed them; null where nobody did. */
  readonly owner: string | null;
}

/** Registered policies by their names in tokens. */
export type Registered = ReadonlyMap<string, RegisteredPolicy>;

/**
 * Reads the registered policies once, so that a service with a wrong one does not begin.
 *
 * @param policies The policies.
 * @throws {InputError} what is wrong with one; `input.conflict` where one is there twice.
 */
export function registerPolicies(policies: readonly RegisteredPolicy[]): Registered {
  const known = new Map<string, RegisteredPolicy>();
  policies.forEach((registered, i) => {
    const name = `registered policy ${i + 1}`;
    const policy = readPolicy(registered.policy, technologies, name);
    refuseNotBelieved(registered.believed ?? {}, name);
    refuseUnfitting(registered.reference, policy);
    const id = policyIdOf(documentDigest(policy.plain));
    if (known.has(id)) throw conflict(name, id);
    known.set(id, registered);
  });
  return known;
}

/**
 * What clients are told of the registered policies.
 *
 * @param registered The policies.
 * @param now Moment for which they are read: settings with an end may have ended.
 */
export function policyEntries(registered: Registered, now: Date): readonly PolicyEntry[] {
  return [...registered].map(([digest, { policy, reference }]) => {
    const { acceptRoots, admitVariants, tokens, exceptions } = readPolicy(
      policy,
      technologies,
      digest,
      now,
    );
    return {
      digest,
      reference: reference === undefined ? null : referenceOf(reference),
      acceptRoots,
      admitVariants,
      platformOnly: tokens.platformOnly,
      exceptions: exceptions.filter(({ ended }) => !ended).map(({ key }) => key),
    };
  });
}

function referenceOf(reference: unknown): ReferenceEntry {
  const { plain, release } = documentOf(reference);
  const owner = reference instanceof SignedReference ? reference.owner : null;
  return { digest: policyIdOf(documentDigest(plain)), release, owner };
}

/** What the policy and the reference values say of one variant must go together; that shows only where both are read. */
function refuseUnfitting(reference: unknown, policy: Policy): void {
  if (reference === undefined) return;
  const { sets } = documentOf(reference);
  const all: readonly AnyTechnology[] = technologies;
  const named = all.filter(({ id }) =>
    sets.some(({ sections }) => (sections.get(id) ?? []).length > 0)
  );
  for (const technology of named) readReferenceFor(reference, policy, technology);
}

function documentOf(reference: unknown): ReferenceDocument {
  const document = reference instanceof SignedReference ? reference.document : reference;
  return readReference(document, technologies);
}

/**
 * Roles of files that are believed as they are.
 *
 * @param technology Whose files they are.
 */
export function believedRoles({ files }: Pick<AnyTechnology, "files">): readonly string[] {
  return files.filter(({ believed }) => believed === true).map(({ role }) => role);
}

function refuseNotBelieved(believed: FilesByRole, name: string): void {
  const all: readonly AnyTechnology[] = technologies;
  const roles = new Set(all.flatMap(believedRoles));
  const other = Object.keys(believed).find((role) => !roles.has(role));
  if (other === undefined) return;
  const known = [...roles].join(", ");
  throw new InputError(`Cannot use ${name}: no root is called ${other}; known are ${known}`, {
    code: "input.unknown",
    fields: { policy: name, role: other },
  });
}

function conflict(name: string, digest: string): InputError {
  return new InputError(`Cannot use ${name}: another one has the same content, ${digest}`, {
    code: "input.conflict",
    fields: { policy: name, digest },
  });
}

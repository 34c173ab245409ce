/**
 * What a verdict was reached from, by digest, so that who reads a result can
 * tell which policy, which reference values and which evidence it is about.
 *
 * @module
 */

import { toHex } from "../core/bytes.ts";
import { canonicalJson, type CanonicalValue } from "../core/canonical_json.ts";
import { labelledHash, listField, plainHash } from "../core/labelled_hash.ts";
import type { Digests } from "../results/result.ts";

/** What is digested: files by role, and documents as plain data that was read already. */
interface Inputs {
  readonly variant: string;
  readonly statement: Uint8Array | undefined;
  readonly files: Readonly<Record<string, unknown>>;
  readonly policy: unknown;
  readonly reference: unknown;
}

/**
 * Digests of evidence, policy and reference values.
 *
 * @param inputs Variant, statement, files by role, and both documents as plain data.
 */
export function digestsOf({ variant, statement, files, policy, reference }: Inputs): Digests {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const items = Object.keys(files).sort().flatMap((role) =>
    filesOf(files[role]).flatMap((file) => [text(role), file])
  );
  const nothing = new Uint8Array();
  const fields = [text(variant), statement ?? nothing, listField(items)];
  return {
    evidence: toHex(labelledHash("sha256", "casemate/evidence/v1", ...fields)),
    policy: documentDigest(policy ?? { version: 1 }),
    reference: reference === undefined ? null : documentDigest(reference),
  };
}

function filesOf(given: unknown): readonly Uint8Array[] {
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  return all.filter((file) => file instanceof Uint8Array);
}

/**
 * Digest of a policy or of reference values: SHA-256 over their canonical JSON
 * (RFC 8785), hex. YAML and JSON of the same content have the same digest.
 *
 * @param document Plain data, of which `readPolicy` or `readReference` took all.
 */
export function documentDigest(document: unknown): string {
  return toHex(plainHash("sha256", canonicalJson(plainOf(document))));
}

/** As JSON has it: a member that is undefined is none, for who reads the document as well. */
function plainOf(value: unknown): CanonicalValue {
  if (Array.isArray(value)) return Array.from(value, plainOf);
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, plainOf(member)]));
  }
  // Who calls has read it strictly: what is left is text, a whole number, yes, no or null.
  return value as CanonicalValue;
}

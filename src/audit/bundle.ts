/**
 * Audit bundles: everything that went into a verification and what came out of
 * it, in one file, so that anybody can come to the same result again, offline.
 *
 * @module
 */

import { canonicalJson } from "../core/canonical_json.ts";
import { InputError } from "../core/errors.ts";
import { MAX_BUNDLE_BYTES } from "./limits.ts";
import type { Result } from "../results/result.ts";
import type { Request } from "../verifier/request.ts";
import { plainOf } from "./plain.ts";
import { type SignedValues, type WrittenRequest, writtenRequest } from "./written.ts";

/** What `kind` says in a bundle. */
export const BUNDLE_KIND = "casemate-audit";

/** A bundle, read. Nothing in it is verified: it is the word of who wrote it. */
export interface AuditBundle {
  /** Version of Casemate that wrote it. */
  readonly casemate: string;
  /** What was verified, and by what. */
  readonly request: WrittenRequest;
  /** What came of it, as plain data. */
  readonly result: Readonly<Record<string, unknown>>;
}

/** What a bundle is written with. */
export interface BundleOptions {
  /** Version of Casemate. */
  readonly casemate: string;
  /** Signed reference values as they were given; needed where the request has such. */
  readonly signed?: SignedValues;
}

/**
 * Writes a bundle.
 *
 * @param request What was verified.
 * @param result What came of it.
 * @param options Version, and signed reference values.
 * @returns Canonical JSON (RFC 8785).
 * @throws {InputError} `input.too_large` where it would be larger than any that is read.
 * @throws {RangeError} where the request has signed reference values and they are not given.
 */
export function writeBundle(
  request: Request,
  result: Result,
  { casemate, signed }: BundleOptions,
): Uint8Array<ArrayBuffer> {
  const bytes = canonicalJson(plainOf({
    v: 1,
    kind: BUNDLE_KIND,
    casemate,
    request: writtenRequest(request, signed),
    result,
  }));
  if (bytes.length <= MAX_BUNDLE_BYTES) return bytes;
  const fields = { expected: `at most ${MAX_BUNDLE_BYTES} bytes`, actual: `${bytes.length} bytes` };
  throw new InputError(
    `Cannot write the audit bundle: it has ${fields.actual}, ${fields.expected}`,
    { code: "input.too_large", fields },
  );
}

/**
 * A request as a bundle has it: files in base64, bytes that somebody types in hex.
 *
 * @module
 */

import { isBytes, toBase64, toHex } from "../core/bytes.ts";
import { type EngineChoice, ENGINES } from "../verifier/engines.ts";
import type { Request } from "../verifier/request.ts";
import type { Profile } from "../results/result.ts";
import { SignedReference } from "../policy/reference/signed.ts";

/** Signed reference values as they were given. */
export interface SignedValues {
  /** The file, a DSSE envelope. */
  readonly envelope: Uint8Array;
  /** The key that was given for it, DER of SubjectPublicKeyInfo. */
  readonly key: Uint8Array;
}

/** A request as a bundle has it. */
export interface WrittenRequest {
  /** Technology of the evidence. */
  readonly variant: string;
  /** Files by role, base64. */
  readonly files: Readonly<Record<string, string | readonly string[]>>;
  /** The statement, base64; null without one. */
  readonly statement: string | null;
  /** What the evidence must answer: `nonce` and `reportData` in hex, all else as it is; null where nothing was said. */
  readonly expect: Readonly<Record<string, string>> | null;
  /** The policy; null is that of strict defaults. */
  readonly policy: unknown;
  /** Reference values that nobody signed; null without. */
  readonly reference: unknown;
  /** Reference values that somebody signed, base64; null without. */
  readonly signedReference: { readonly envelope: string; readonly key: string } | null;
  /** Where collateral came from. */
  readonly collateral: unknown;
  /** Moment for which it was judged, ISO 8601, UTC. */
  readonly time: string;
  /** Lab roots, base64. */
  readonly labRoots: readonly string[];
  /** How much was examined. */
  readonly profile: Profile;
  /** Which engine verified. */
  readonly engine: EngineChoice;
}

/**
 * A request as a bundle has it.
 *
 * @param request The request; `examine` has taken it.
 * @param signed Signed reference values as they were given.
 * @throws {RangeError} where the request has signed reference values and they are not given.
 */
export function writtenRequest(request: Request, signed?: SignedValues): WrittenRequest {
  const { reference } = request;
  const isSigned = reference instanceof SignedReference;
  if (isSigned && signed === undefined) {
    throw new RangeError("Cannot write an audit bundle: the signed reference values are missing");
  }
  return {
    variant: request.variant,
    files: writtenFiles(request.evidence),
    statement: request.statement === undefined ? null : toBase64(request.statement),
    expect: request.expect === undefined ? null : writtenExpectation(request.expect),
    policy: request.policy ?? null,
    reference: isSigned ? null : reference ?? null,
    signedReference: isSigned && signed !== undefined
      ? { envelope: toBase64(signed.envelope), key: toBase64(signed.key) }
      : null,
    collateral: request.collateral ?? [],
    time: request.now.toISOString(),
    labRoots: (request.labRoots ?? []).map(toBase64),
    profile: request.profile ?? "full",
    engine: request.engine ?? ENGINES[0] ?? "wasm",
  };
}

function writtenFiles(evidence: object): WrittenRequest["files"] {
  const files: readonly (readonly [string, unknown])[] = Object.entries(evidence);
  return Object.fromEntries(files.flatMap(([role, file]) => {
    const written = writtenFile(file);
    return written === undefined ? [] : [[role, written] as const];
  }));
}

function writtenFile(file: unknown): string | readonly string[] | undefined {
  if (isBytes(file)) return toBase64(file);
  return Array.isArray(file) ? file.filter(isBytes).map(toBase64) : undefined;
}

function writtenExpectation(expect: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(expect).flatMap(([name, value]: readonly [string, unknown]) =>
      isBytes(value) ? [[name, toHex(value)]] : typeof value === "string" ? [[name, value]] : []
    ),
  );
}

/**
 * What is to be verified, and the strict reading of it.
 *
 * @module
 */

import { nearest } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import type { AnyTechnology, FilesByRole, Freshness, Technology } from "../evidence/evidence.ts";
import { technologies, type TechnologyId } from "../evidence/registry.ts";
import { type Policy, readPolicy } from "../policy/policy.ts";
import type { Profile } from "./result.ts";

/** What ties the evidence to a question, as a caller states it. */
export type Expectation =
  /** The report data, whole. */
  | { readonly reportData: Uint8Array }
  /** A nonce, which the attester zero-padded to the length of the report data. */
  | { readonly nonce: Uint8Array }
  /** Nothing; the verdict is then at most `platform-only`. */
  | { readonly freshness: "none" };

/** Files that a technology takes. */
export type FilesOf<T> = T extends Technology<string, infer Files, infer _Proven, infer _Policy>
  ? Files
  : never;

/** What is to be verified, for one technology. */
export interface RequestFor<T extends { readonly id: string }> {
  /** Technology of the evidence. */
  readonly variant: T["id"];
  /** The evidence and its endorsements. */
  readonly evidence: FilesOf<T>;
  /** What the evidence must answer; may be left out with the profile `crypto-only` alone. */
  readonly expect?: Expectation;
  /** A policy as plain data, in the form of a policy file; absent means the strict defaults. */
  readonly policy?: unknown;
  /** Moment at which everything must be valid. */
  readonly now: Date;
  /** How much is examined; default `full`. */
  readonly profile?: Profile;
  /** Lab roots, PEM or DER; with them, lab evidence can end in `lab-trusted`. */
  readonly labRoots?: readonly Uint8Array[];
}

/** What is to be verified. */
export type Request = {
  [I in TechnologyId]: RequestFor<Extract<(typeof technologies)[number], { readonly id: I }>>;
}[TechnologyId];

/** A request after its strict reading. */
export interface Job {
  readonly technology: AnyTechnology;
  readonly files: object;
  readonly freshness: Freshness;
  readonly policy: Policy;
  readonly now: Date;
  readonly labRoots: readonly Uint8Array[];
  readonly profile: Profile;
}

/**
 * Reads a request.
 *
 * @param request What a caller gave; may be anything where the caller is not typed.
 * @throws {InputError} naming what is missing, empty or of the wrong form.
 * @throws {RangeError} when `now` is no moment.
 */
export function readRequest(request: Request): Job {
  const technology = technologyOf(request.variant);
  if (!(request.now instanceof Date) || !(request.now.getTime() >= 0)) {
    throw new RangeError("Cannot verify: `now` is not a Date from 1970 on");
  }
  const profile = request.profile ?? "full";
  return {
    technology,
    files: technology.readFiles(filesOf(technology, request.evidence)),
    freshness: readExpectation(request.expect, technology.reportDataBytes, profile),
    policy: readPolicy(request.policy, technologies, "given"),
    now: request.now,
    labRoots: request.labRoots ?? [],
    profile,
  };
}

/** A file that nothing would look at must not seem to have been looked at. */
function filesOf(technology: AnyTechnology, evidence: object): FilesByRole {
  const roles = technology.files.map(({ role }) => role);
  const unknown = Object.keys(evidence).find((role) => !roles.includes(role));
  if (unknown === undefined) return Object.fromEntries(Object.entries(evidence));
  const near = nearest(unknown, roles);
  const meant = near === undefined ? `known are ${roles.join(", ")}` : `did you mean ${near}`;
  throw new InputError(`Cannot verify: no file is called ${unknown}; ${meant}`, {
    code: "input.unknown",
    fields: { role: unknown },
  });
}

function technologyOf(id: string): AnyTechnology {
  const technology = technologies.find((candidate) => candidate.id === id);
  if (technology !== undefined) return technology;
  const known = technologies.map((candidate) => candidate.id).join(", ");
  throw new InputError(`Cannot verify ${id}: known are ${known}`, {
    code: "input.unknown",
    fields: { variant: id },
  });
}

/** An expectation that is absent, empty or of the wrong length is an error, never a wish to skip the check. */
function readExpectation(
  expect: Expectation | undefined,
  length: number,
  profile: Profile,
): Freshness {
  if (expect === undefined) {
    if (profile === "crypto-only") return { kind: "none" };
    throw new InputError(
      'Cannot verify: give `expect` as reportData, nonce or {freshness: "none"}',
      { code: "input.missing" },
    );
  }
  const stated = Object.keys(expect);
  if (stated.length > 1) {
    const fields = { actual: stated.join(", ") };
    throw new InputError("Cannot verify: `expect` must state exactly one expectation", {
      code: "input.conflict",
      fields,
    });
  }
  if ("freshness" in expect && expect.freshness === "none") return { kind: "none" };
  const [kind, bytes] = "nonce" in expect
    ? ["nonce", expect.nonce] as const
    : ["report-data", "reportData" in expect ? expect.reportData : undefined] as const;
  const wanted = kind === "nonce" ? `1 to ${length} bytes` : `${length} bytes`;
  const fits = bytes instanceof Uint8Array && bytes.length <= length &&
    bytes.length >= (kind === "nonce" ? 1 : length);
  if (fits) return { kind, bytes };
  const fields = {
    expected: wanted,
    actual: bytes instanceof Uint8Array ? `${bytes.length} bytes` : "no bytes",
  };
  throw new InputError(`Cannot verify: ${kind} must have ${wanted}, got ${fields.actual}`, {
    code: "input.value",
    fields,
  });
}

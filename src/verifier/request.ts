/**
 * What is to be verified, and the strict reading of it.
 *
 * @module
 */

import { isBytes } from "../core/bytes.ts";
import { nearest, shortened } from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import { MAX_FILE_BYTES } from "../core/limits.ts";
import type { AnyTechnology, FilesByRole, Technology } from "../evidence/evidence.ts";
import { technologies, type TechnologyId } from "../evidence/registry.ts";
import { type Policy, readPolicy } from "../policy/policy.ts";
import { checkEngine, type EngineChoice, ENGINES } from "./engines.ts";
import { type Expectation, type Question, readExpectation } from "./expectation.ts";
import { readReferenceFor, type Reference } from "./reference.ts";
import type { CollateralUsed, Digests, Profile } from "../results/result.ts";
import { readCollateralUsed } from "./collateral_used.ts";
import { digestsOf } from "./digests.ts";

const PROFILES: readonly Profile[] = ["full", "crypto-only"];

/** Most files of one kind; each technology takes fewer. */
const MAX_FILES = 64;

/** The last moment that certificates and results can write, ms since 1970 (RFC 5280 §4.1.2.5.2, RFC 3339). */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

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
  /** What the node states of itself, exact bytes, where the evidence is bound to that (protocol §4). */
  readonly statement?: Uint8Array;
  /** What the evidence must answer; may be left out with the profile `crypto-only` alone. */
  readonly expect?: Expectation;
  /** A policy as plain data, in the form of a policy file; absent means the strict defaults. */
  readonly policy?: unknown;
  /** Reference values: what should run, as plain data in the form of a reference file, or what `readSignedReference` gave. */
  readonly reference?: unknown;
  /** Where the endorsements in the evidence came from, as `completeFiles` says it: for the result alone, it decides nothing. */
  readonly collateral?: readonly CollateralUsed[];
  /** Moment at which everything must be valid. */
  readonly now: Date;
  /** How much is examined; default `full`. */
  readonly profile?: Profile;
  /** Lab roots, PEM or DER; with them, lab evidence can end in `lab-trusted`. */
  readonly labRoots?: readonly Uint8Array[];
  /** Which engine verifies; default `wasm`. */
  readonly engine?: EngineChoice;
}

/** What is to be verified. */
export type Request = {
  [I in TechnologyId]: RequestFor<Extract<(typeof technologies)[number], { readonly id: I }>>;
}[TechnologyId];

/** What is to be verified, for the technology of an id. */
export type RequestOf<Id extends TechnologyId> = Extract<Request, { readonly variant: Id }>;

/** A request after its strict reading. */
export interface Job {
  readonly technology: AnyTechnology;
  readonly files: object;
  readonly question: Question;
  readonly policy: Policy;
  readonly reference: Reference | null;
  readonly now: Date;
  readonly labRoots: readonly Uint8Array[];
  readonly profile: Profile;
  readonly engine: EngineChoice;
  readonly digests: Digests;
  readonly collateral: readonly CollateralUsed[];
}

/**
 * Reads a request, and keeps nothing of it that its caller can change while it is judged.
 *
 * @param request What a caller gave; may be anything where the caller is not typed.
 * @throws {InputError} naming what is missing, empty or of the wrong form.
 * @throws {RangeError} when `now` is no moment.
 */
export function readRequest(request: Request): Job {
  const technology = technologyOf(request);
  const now = readNow(request.now);
  const profile = readProfile(request.profile);
  const statement = readStatementFile(request.statement);
  const files = filesOf(technology, request.evidence);
  const policy = readPolicy(request.policy, technologies, "given", now);
  const believed = technology.filesOfPolicy?.(policy.sections[technology.id], files) ?? {};
  const taken = technology.readFiles({ ...files, ...believed });
  const question = readExpectation(request.expect, statement, technology, profile);
  const reference = readReferenceFor(request.reference, policy, technology);
  return {
    technology,
    files: taken,
    question,
    policy,
    reference,
    now,
    labRoots: readLabRoots(request.labRoots),
    profile,
    engine: readEngine(request.engine, technology),
    digests: digestsOf({
      variant: technology.id,
      statement,
      files,
      policy: policy.plain,
      reference: reference?.document.plain,
    }),
    collateral: readCollateralUsed(request.collateral),
  };
}

function readStatementFile(statement: unknown): Uint8Array | undefined {
  if (statement === undefined) return undefined;
  if (!isBytes(statement)) throw wrong("statement", "bytes");
  return keptFile(statement, "statement");
}

function readNow(now: unknown): Date {
  const time = timeOf(now);
  if (time >= 0 && time <= LAST_MOMENT) return new Date(time);
  throw new RangeError("Cannot verify: `now` is not a Date from 1970 to 9999");
}

/** Milliseconds since 1970; NaN where there are none, as of a proxy of a Date. */
function timeOf(now: unknown): number {
  if (!(now instanceof Date)) return NaN;
  try {
    return Date.prototype.getTime.call(now);
  } catch (error) {
    if (error instanceof TypeError) return NaN;
    throw error;
  }
}

function readEngine(engine: unknown, technology: AnyTechnology): EngineChoice {
  const known = ENGINES.find((name) => name === (engine ?? "wasm"));
  if (known === undefined) throw wrong("engine", ENGINES.join(", "));
  checkEngine(known, technology);
  return known;
}

function readProfile(profile: unknown): Profile {
  const known = PROFILES.find((name) => name === (profile ?? "full"));
  if (known !== undefined) return known;
  throw wrong("profile", PROFILES.join(" or "));
}

/** One file alone would be taken for a list of its bytes. */
function readLabRoots(roots: unknown): readonly Uint8Array[] {
  const files = keptFiles(roots ?? [], "labRoots");
  if (Array.isArray(files) && files.every(isBytes)) return files;
  throw wrong("labRoots", "a list of files");
}

function wrong(name: string, expected: string): InputError {
  return new InputError(`Cannot verify: \`${name}\` is not ${expected}`, {
    code: "input.value",
    fields: { field: name, expected },
  });
}

/** A file that nothing would look at must not seem to have been looked at. */
function filesOf(technology: AnyTechnology, evidence: unknown): FilesByRole {
  if (typeof evidence !== "object" || evidence === null) throw wrong("evidence", "an object");
  const roles = technology.files.map(({ role }) => role);
  const unknown = Object.keys(evidence).find((role) => !roles.includes(role));
  if (unknown === undefined) {
    const files = Object.entries(evidence).map(([role, file]) => [role, keptFiles(file, role)]);
    return Object.fromEntries(files);
  }
  const near = nearest(unknown, roles);
  const meant = near === undefined ? `known are ${roles.join(", ")}` : `did you mean ${near}`;
  const role = shortened(unknown);
  throw new InputError(`Cannot verify: no file is called ${role}; ${meant}`, {
    code: "input.unknown",
    fields: { role },
  });
}

/** A copy of a file or of a list of files; what is neither is left for the technology to refuse. */
function keptFiles(given: unknown, role: string): unknown {
  if (isBytes(given)) return keptFile(given, role);
  if (!Array.isArray(given)) return given;
  if (given.length > MAX_FILES) throw wrong(role, `a list of at most ${MAX_FILES} files`);
  return Array.from(
    given,
    (file: unknown) => isBytes(file) ? keptFile(file, role) : file,
  );
}

function keptFile(file: Uint8Array, role: string): Uint8Array {
  if (file.length <= MAX_FILE_BYTES) return copyOf(file);
  const fields = { role, limit: `${MAX_FILE_BYTES} bytes`, actual: `${file.length} bytes` };
  throw new InputError(`Cannot verify: ${role} has more than ${fields.limit}`, {
    code: "input.too_large",
    fields,
  });
}

/** Bytes of its own; none where the given ones were moved elsewhere. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? new Uint8Array() : new Uint8Array(bytes);
}

function technologyOf(request: unknown): AnyTechnology {
  if (typeof request !== "object" || request === null) throw wrong("request", "an object");
  const id: unknown = "variant" in request ? request.variant : undefined;
  const technology = technologies.find((candidate) => candidate.id === id);
  if (technology !== undefined) return technology;
  const known = technologies.map((candidate) => candidate.id).join(", ");
  // What is no text need not have one.
  const variant = typeof id === "string" ? shortened(id) : typeof id;
  throw new InputError(`Cannot verify ${variant}: known are ${known}`, {
    code: "input.unknown",
    fields: { variant },
  });
}

/**
 * `casemate evidence verify TECHNOLOGY`: verifies evidence and shows the verdict.
 *
 * Everything that differs between technologies comes from the registry.
 *
 * @module
 */

import { inlineEngine } from "../../core/crypto_inline.ts";
import { InputError } from "../../core/errors.ts";
import type { AnyTechnology, FileInput, FilesByRole } from "../../evidence/evidence.ts";
import { type EngineChoice, ENGINES } from "../../verifier/engines.ts";
import type { CollateralMissing } from "../../verifier/complete.ts";
import { examine } from "../../verifier/examine.ts";
import type { Request } from "../../verifier/request.ts";
import type { Profile, Result } from "../../results/result.ts";
import { allCodes } from "../code_table.ts";
import type { Kept } from "../audit/keep.ts";
import type { Completed } from "../collateral/complete.ts";
import type { Context } from "../context.ts";
import { checkTokenFlags, TOKEN_FLAG } from "../token/flags.ts";
import { exitCodeOf } from "../exit_codes.ts";
import { readFormat } from "../format.ts";
import { readExpectation } from "../input/expectation.ts";
import { canBeFetched, FETCH_HINT, isCompleted } from "../collateral/asked.ts";
import { FileReader, type GivenFile } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { readMoment } from "../input/moment.ts";
import { readGivenPolicy, readGivenReference } from "../input/policy.ts";
import { withTermsFlag } from "../input/terms_error.ts";
import { describeFiles, refuseBadRoots, refuseWrongKinds, withFlag } from "../input/wrong_kind.ts";
import { printable, printableJson } from "../output/printable.ts";
import { renderResult } from "../output/verdict.ts";
import {
  AT_FLAG,
  AUDIT_FLAG,
  ENGINE_FLAG,
  HTML_FLAG,
  LAB_ROOT_FLAG,
  OUTPUT_FLAG,
  PROFILE_FLAG,
  STATEMENT_FLAG,
} from "../verify_flags.ts";

/** Files of one flag. */
export interface Inputs {
  readonly input: FileInput;
  readonly files: readonly GivenFile[];
}

/**
 * Verifies.
 *
 * @param context The machine.
 * @param technology Technology of the evidence.
 * @param given The flags.
 * @throws {InputError} naming the flag to look at.
 */
export async function verifyEvidence(
  context: Context,
  technology: AnyTechnology,
  given: Given,
): Promise<void> {
  const { request, files, missing } = await readJob(context, technology, given);
  const result = await examineNamed(request, technology, given, files);
  const refused = result.claims === null;
  // A disagreement must be told, whatever the files are.
  const differ = result.code === "engine.disagreement";
  if (refused && !differ) await refuseWrongKinds(inlineEngine, technology, files);
  const seen = refused ? await describeFiles(inlineEngine, files) : [];
  const kept = await keep(context, given, { request, result, technology });
  answer(context, result, given, { technology, files: seen, kept, missing });
}

/** Files that were written about a verification, with what they are. */
export type KeptFiles = readonly (readonly [string, string])[];

/**
 * Writes what `--audit`, `--html` and `--token` ask for; nothing of it is loaded where nobody asks.
 *
 * @param context The machine.
 * @param given The flags.
 * @param done The verification.
 */
export async function keep(context: Context, given: Given, done: Kept): Promise<KeptFiles> {
  return [...await keepRecords(context, given, done), ...await keepSigned(context, given, done)];
}

async function keepRecords(context: Context, given: Given, done: Kept): Promise<KeptFiles> {
  const asked = [AUDIT_FLAG, HTML_FLAG].some((flag) => given.maybe(flag) !== undefined);
  if (!asked) return [];
  const { keepVerification } = await import("../audit/keep.ts");
  return await keepVerification(context, given, done);
}

async function keepSigned(context: Context, given: Given, done: Kept): Promise<KeptFiles> {
  if (given.maybe(TOKEN_FLAG) === undefined) return [];
  const { keepToken } = await import("../token/keep.ts");
  return await keepToken(context, given, done);
}

/** What a result is told with beside its own. */
export interface Told {
  /** Technology of the evidence. */
  readonly technology: AnyTechnology;
  /** What the files seem to be, where the evidence was refused. */
  readonly files: readonly (readonly [string, string])[];
  /** What was written about the verification. */
  readonly kept: KeptFiles;
  /** Collateral that was not to be had. */
  readonly missing: readonly CollateralMissing[];
}

/**
 * Tells a result and sets the exit code.
 *
 * @param context The machine.
 * @param result What a verification said.
 * @param given The flags.
 * @param told Technology and files.
 */
export function answer(
  context: Context,
  result: Result,
  given: Given,
  told: Told,
): void {
  context.finish(exitCodeOf(result));
  const { terminal } = context.host;
  const { technology, files, kept } = told;
  const missing = told.missing.map(({ title, error }) => ({
    title,
    why: `${error.message} (${error.code})`,
  }));
  if (readFormat(given.text(OUTPUT_FLAG)) === "json") {
    for (const { why } of missing) terminal.err(`${printable(why)}\n`);
    return terminal.out(`${printableJson(result)}\n`);
  }
  terminal.out(renderResult(result, { technology, codes: allCodes(), terminal, files, missing }));
  for (const [what, path] of kept) terminal.out(`\nWrote the ${what} ${printable(path)}\n`);
}

/** What the command line asks for, and the files of the evidence. */
interface Job {
  readonly request: Request;
  readonly files: readonly GivenFile[];
  readonly missing: readonly CollateralMissing[];
}

/** Reads flags first, then files: a wrong flag is told before anything is waited for. */
async function readJob(context: Context, technology: AnyTechnology, given: Given): Promise<Job> {
  refuseMissing(technology, given);
  const stated = given.maybe(STATEMENT_FLAG) !== undefined;
  const reader = new FileReader(context.host.files);
  const terms = await readTerms(context, technology, given, { reader, stated });
  const statements = stated ? await readAll(STATEMENT_FLAG, given, reader) : [];
  const [statement] = statements;
  const inputs = await readInputs(technology, given, reader);
  const { missing, ...completed } = await complete(context, given, reader, {
    technology,
    evidence: byRole(inputs),
    terms,
  });
  const request = requestOf({
    ...terms,
    variant: technology.id,
    ...completed,
    ...(statement === undefined ? {} : { statement: statement.bytes }),
  });
  return { request, files: [...inputs.flatMap((input) => input.files), ...statements], missing };
}

/** Evidence, and how it will be verified. */
export interface Incomplete {
  /** Its technology. */
  readonly technology: AnyTechnology;
  /** Its files. */
  readonly evidence: FilesByRole;
  /** Time and lab roots. */
  readonly terms: Terms;
}

/**
 * Completes evidence with collateral where the flags say so; nothing of it is loaded where they do not.
 *
 * @param context The machine.
 * @param given The flags.
 * @param reader Reads files.
 * @param incomplete The evidence.
 */
export async function complete(
  { host }: Context,
  given: Given,
  reader: FileReader,
  { technology, evidence, terms }: Incomplete,
): Promise<Completed> {
  if (!isCompleted(given)) return { evidence, collateral: [], missing: [] };
  const { now, labRoots = [] } = terms;
  const { completeEvidence } = await import("../collateral/complete.ts");
  return await completeEvidence(host, given, reader, { technology, evidence, now, labRoots });
}

/** All of a request but the evidence. */
export type Terms = Omit<Request, "evidence" | "variant">;

/** How the terms are read. */
export interface TermsOptions {
  /** Reads files, standard input once. */
  readonly reader: FileReader;
  /** Whether the evidence comes with a statement. */
  readonly stated: boolean;
}

/**
 * Reads question, policy, reference values, time, roots, profile and engine.
 *
 * @param context The machine.
 * @param technology Technology of the evidence.
 * @param given The flags.
 * @param options How.
 * @throws {InputError} naming the flag to look at.
 */
export async function readTerms(
  { host }: Context,
  technology: AnyTechnology,
  given: Given,
  { reader, stated }: TermsOptions,
): Promise<Terms> {
  checkTokenFlags(given);
  const profile = readProfile(given);
  const optional = profile === "crypto-only";
  const expect = readExpectation(given, { ...technology, stated, optional });
  const at = given.text(AT_FLAG);
  const now = at === undefined ? host.clock.now() : readMoment(at, `--${AT_FLAG}`);
  const policy = await readGivenPolicy(given, technology, reader);
  const reference = await readGivenReference(given, reader);
  const roots = await readAll(LAB_ROOT_FLAG, given, reader);
  await refuseBadRoots(inlineEngine, roots);
  const labRoots = roots.map(({ bytes }) => bytes);
  const asked = { ...(expect === undefined ? {} : { expect }), ...reference };
  return { policy, now, profile, labRoots, engine: readEngine(given), ...asked };
}

/** All flags that are missing, at once. */
function refuseMissing(technology: AnyTechnology, given: Given): void {
  const elsewhere = isCompleted(given);
  const isElsewhere = ({ role }: FileInput): boolean => canBeFetched(technology, role);
  const missing = technology.files.filter((input) =>
    input.required && !given.has(input.flag) && !(elsewhere && isElsewhere(input))
  );
  if (missing.length === 0) return;
  const flags = missing.map(({ flag }) => `--${flag}`).join(", ");
  const wanted = missing.map(({ flag, says }) => `--${flag} (${says})`).join(" and ");
  const hint = missing.some(isElsewhere) ? FETCH_HINT : "";
  throw flagError(
    "input.missing",
    `Cannot verify evidence of ${technology.title} without ${wanted}${hint}`,
    flags,
  );
}

function readProfile(given: Given): Profile {
  return given.text(PROFILE_FLAG) === "crypto-only" ? "crypto-only" : "full";
}

function readEngine(given: Given): EngineChoice {
  return ENGINES.find((engine) => engine === given.text(ENGINE_FLAG)) ?? "wasm";
}

/**
 * Reads the files of a technology's flags.
 *
 * @param technology The technology.
 * @param given The flags.
 * @param reader Reads files.
 */
export async function readInputs(
  technology: Pick<AnyTechnology, "files">,
  given: Given,
  reader: FileReader,
): Promise<readonly Inputs[]> {
  const inputs: Inputs[] = [];
  for (const input of technology.files) {
    inputs.push({ input, files: await readAll(input.flag, given, reader) });
  }
  return inputs;
}

async function readAll(
  flag: string,
  given: Given,
  reader: FileReader,
): Promise<readonly GivenFile[]> {
  const single = given.text(flag);
  const paths = single === undefined ? given.texts(flag) : [single];
  const files: GivenFile[] = [];
  for (const path of paths) files.push(await reader.read(`--${flag}`, path));
  return files;
}

/**
 * Files by role.
 *
 * @param inputs The files of each flag.
 */
export function byRole(inputs: readonly Inputs[]): FilesByRole {
  return Object.fromEntries(inputs.map(({ input, files }) => {
    const bytes: readonly Uint8Array[] = files.map((file) => file.bytes);
    return [input.role, input.multiple ? bytes : bytes[0]];
  }));
}

/**
 * A request whose types only the registry knows; the verifier reads each part of it strictly.
 *
 * @param request Variant, files and terms.
 */
export function requestOf(
  request: Omit<Request, "evidence" | "variant"> & {
    readonly variant: string;
    readonly evidence: object;
  },
): Request {
  return request as Request;
}

/** Examines; what is wrong with a file is told with its flag. */
async function examineNamed(
  request: Request,
  technology: AnyTechnology,
  given: Given,
  files: readonly GivenFile[],
): Promise<Result> {
  try {
    return await examine(inlineEngine, request);
  } catch (caught) {
    const error = withTermsFlag(caught, technology, given);
    if (!(error instanceof InputError) || error.fields["flag"] !== undefined) throw error;
    await refuseWrongKinds(inlineEngine, technology, files);
    throw await withFlag(inlineEngine, error, technology, files);
  }
}

/**
 * `casemate evidence verify ENVELOPE`: verifies evidence with its statement.
 *
 * @module
 */

import { inlineEngine } from "../../core/crypto_inline.ts";
import { InputError } from "../../core/errors.ts";
import type { Envelope } from "../../evidence/envelope/envelope.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import { technologies } from "../../evidence/registry.ts";
import { examine } from "../../verifier/examine.ts";
import type { Request } from "../../verifier/request.ts";
import type { Result } from "../../results/result.ts";
import type { Context } from "../context.ts";
import { endorsementInputs, VARIANT_IDS } from "../input/endorsements.ts";
import { ENVELOPE, openEnvelopeFile, readEnvelopeFile } from "../input/envelope_file.ts";
import { fileName, FileReader, type GivenFile } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";
import { seemsToBe } from "../input/recognise.ts";
import { withTermsFlag } from "../input/terms_error.ts";
import { describeFiles, refuseWrongKinds, withFlag } from "../input/wrong_kind.ts";
import { VARIANT_FLAG } from "../verify_flags.ts";
import type { CollateralMissing } from "../../verifier/complete.ts";
import { FETCH_HINT } from "../collateral/asked.ts";
import {
  answer,
  byRole,
  complete,
  type Inputs,
  keep,
  readInputs,
  readTerms,
  requestOf,
} from "./evidence_verify.ts";

/** An envelope, and what was given beside it. */
interface Job {
  readonly technology: AnyTechnology;
  readonly envelope: Envelope;
  readonly file: GivenFile;
  readonly given: Given;
  readonly beside: readonly GivenFile[];
  readonly missing: readonly CollateralMissing[];
}

/**
 * Verifies an envelope, a CMW record or a certificate that carries one.
 *
 * @param context The machine.
 * @param path Path; `-` is standard input.
 * @param given The flags.
 * @throws {InputError} naming the argument or the flag to look at.
 */
export async function verifyEnvelope(
  context: Context,
  path: string | undefined,
  given: Given,
): Promise<void> {
  if (path === undefined) throw noEnvelope();
  const reader = new FileReader(context.host.files);
  const file = await readEnvelopeFile(reader, path);
  const envelope = await openEnvelopeFile(inlineEngine, file);
  const technology = technologyOf(envelope, given);
  const terms = await readTerms(context, technology, given, { reader, stated: true });
  const added = await readAdded(technology, given, reader);
  const evidence = { ...envelope.files, ...byRole(added) };
  const incomplete = { technology, evidence, terms };
  const { missing, ...completed } = await complete(context, given, reader, incomplete);
  const { statement } = envelope;
  const request = requestOf({ ...terms, variant: technology.id, ...completed, statement });
  const beside = added.flatMap(({ files }) => files);
  await examineAndAnswer(context, request, { technology, envelope, file, given, beside, missing });
}

async function examineAndAnswer(context: Context, request: Request, job: Job): Promise<void> {
  const { technology, given, beside, missing } = job;
  const result = await examineNamed(request, job);
  const refused = result.claims === null;
  // A disagreement must be told, whatever the files are.
  const differ = result.code === "engine.disagreement";
  if (refused && !differ) await refuseWrongKinds(inlineEngine, technology, beside);
  const files = refused ? await describe(job) : [];
  const kept = await keep(context, given, { request, result, technology });
  answer(context, result, given, { technology, files, kept, missing });
}

function noEnvelope(): InputError {
  const message = `Cannot verify: give an envelope, or say what the files are of: ${
    technologies.map(({ command }) => command).join(", ")
  }`;
  return flagError("input.missing", message, ENVELOPE);
}

function technologyOf({ variant }: Envelope, given: Given): AnyTechnology {
  const wanted = given.text(VARIANT_FLAG);
  const technology = technologies.find(({ id, facts }) => id === variant && facts !== undefined);
  if (technology === undefined) {
    const message = `Cannot verify an envelope of ${JSON.stringify(variant)}: known are ${
      VARIANT_IDS.join(", ")
    }`;
    throw flagError("envelope.variant", message, ENVELOPE);
  }
  if (wanted === undefined || wanted === variant) return technology;
  const message =
    `Cannot use the envelope: it is of ${variant}, and --${VARIANT_FLAG} says ${wanted}`;
  throw flagError("input.conflict", message, `--${VARIANT_FLAG}`);
}

/** Endorsements and roots that were given; those that the variant does not take would be looked at by nothing. */
async function readAdded(
  technology: AnyTechnology,
  given: Given,
  reader: FileReader,
): Promise<readonly Inputs[]> {
  const inputs = await readInputs({ files: endorsementInputs() }, given, reader);
  const added = inputs.filter(({ files }) => files.length > 0);
  const taken = technology.files.map(({ flag }) => flag);
  const other = added.find(({ input }) => !taken.includes(input.flag))?.input.flag;
  if (other === undefined) return added;
  const fitting = endorsementInputs().filter(({ flag }) => taken.includes(flag));
  const known = fitting.length === 0
    ? "nothing is taken beside it"
    : `beside it go ${fitting.map(({ flag }) => `--${flag}`).join(", ")}`;
  const message = `Cannot use --${other} with evidence of ${technology.id}: ${known}`;
  throw flagError("input.conflict", message, `--${other}`);
}

async function examineNamed(request: Request, job: Job): Promise<Result> {
  try {
    return await examine(inlineEngine, request);
  } catch (caught) {
    const { technology, given, beside } = job;
    const error = withTermsFlag(caught, technology, given);
    if (!(error instanceof InputError) || error.fields["flag"] !== undefined) throw error;
    await refuseWrongKinds(inlineEngine, technology, beside);
    throw await inEnvelope(error, job);
  }
}

/** What is wrong with a file beside the envelope is told with its flag, all else with the envelope's name. */
async function inEnvelope(error: InputError, job: Job): Promise<InputError> {
  const { file, technology, beside } = job;
  const flagged = await withFlag(inlineEngine, error, technology, beside);
  const flag = flagged.fields["flag"];
  if (beside.some((one) => one.flag === flag)) return flagged;
  const canAdd = endorsementInputs().some((input) => `--${input.flag}` === flag);
  const isMissing = error.code === "input.missing";
  const hint = canAdd && technology.collateral !== undefined ? FETCH_HINT : "";
  const where = !isMissing ? "" : canAdd ? ` in it, nor as ${flag}${hint}` : " in it";
  return new InputError(
    `Cannot use ${fileName(file.path)}: ${clauseOf(error)}${where}`,
    {
      code: error.code,
      fields: { ...error.fields, flag: isMissing && canAdd ? `${ENVELOPE}, ${flag}` : ENVELOPE },
      cause: error,
    },
  );
}

/** A sentence of the verifier as the end of another. */
function clauseOf({ message }: InputError): string {
  const problem = /^Cannot [^:]+: (.+)$/s.exec(message)?.[1];
  return problem ?? message;
}

/** What the evidence in the envelope seems to be, and what is beside it. */
async function describe(
  { envelope, beside }: Job,
): Promise<readonly (readonly [string, string])[]> {
  const given = beside.map(({ flag }) => flag);
  const replaced = new Set(
    endorsementInputs().filter(({ flag }) => given.includes(`--${flag}`)).map(({ role }) => role),
  );
  const rows: (readonly [string, string])[] = [];
  for (const [role, file] of Object.entries(envelope.files)) {
    // What was given beside the envelope went before it.
    if (file === undefined || replaced.has(role)) continue;
    const all = file instanceof Uint8Array ? [file] : file;
    for (const one of all) rows.push([role, await seemsToBe(inlineEngine, one)]);
  }
  return [...rows, ...await describeFiles(inlineEngine, beside)];
}

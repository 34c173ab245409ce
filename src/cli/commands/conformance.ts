/**
 * `casemate conformance STAGE`: the contract by which verifiers are compared.
 *
 * Standard output is the contract's, and so are the exit codes; what people
 * read goes to standard error.
 *
 * @module
 */

import {
  type Answer,
  capabilities,
  EXITS,
  runStage,
  type Settings,
  STAGE_NAMES,
} from "../../conformance/mod.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import { nearest } from "../../core/decode.ts";
import { CasemateError, InputError } from "../../core/errors.ts";
import { MAX_FILE_BYTES } from "../../core/limits.ts";
import { describeCertificates } from "../../core/x509.ts";
import type { Context } from "../context.ts";
import { AMD_CHAIN_FLAG, TCB_CHAIN_FLAG } from "../conformance/flags.ts";
import { flagError, type Given } from "../input/given.ts";
import { printableData, printableJson } from "../output/printable.ts";

/** The word that asks what is built. */
const CAPABILITIES = "capabilities";

/**
 * Runs a stage, or says what is built.
 *
 * @param context The machine.
 * @param stage `capabilities`, or a stage of the contract.
 * @param given Flags: certificates for inputs that bring none.
 * @throws {InputError} for a word that the contract does not know, or a file that is no chain.
 */
export async function runConformance(
  context: Context,
  stage: string,
  given: Given,
): Promise<void> {
  const { terminal, clock, build } = context.host;
  if (stage === CAPABILITIES) {
    return terminal.out(`${printableJson(capabilities(build.version))}\n`);
  }
  refuseUnknown(stage);
  const settings: Settings = {
    engine: inlineEngine,
    now: clock.now(),
    amdChains: await readChains(context, AMD_CHAIN_FLAG, given),
    tcbChains: await readChains(context, TCB_CHAIN_FLAG, given),
  };
  tell(context, await answerTo(context, stage, settings));
}

/** Standard input is the contract's, and so is the exit code where there is too much of it. */
async function answerTo(
  { host: { files } }: Context,
  stage: string,
  settings: Settings,
): Promise<Answer> {
  try {
    return await runStage(stage, await files.read("-", MAX_FILE_BYTES), settings);
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== "input.too_large") throw error;
    const answer = await runStage(stage, new Uint8Array(), settings);
    return answer.exit === EXITS.malformed ? { ...answer, says: error.message } : answer;
  }
}

function tell({ host: { terminal }, finish }: Context, { exit, output, says }: Answer): void {
  if (output !== null) terminal.out(`${printableJson(output)}\n`);
  terminal.err(`${printableData({ says }).says}\n`);
  finish(exit);
}

function refuseUnknown(stage: string): void {
  if (STAGE_NAMES.includes(stage)) return;
  const known = [CAPABILITIES, ...STAGE_NAMES];
  const near = nearest(stage, known);
  const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean ${near}?`;
  const says = `Cannot run ${JSON.stringify(stage)}: no such stage; ${hint}`;
  throw flagError("input.unknown", says, "STAGE");
}

/** Read before standard input, so that a wrong file is told as what it is. */
async function readChains(
  { host: { files } }: Context,
  flag: string,
  given: Given,
): Promise<readonly Uint8Array[]> {
  return await Promise.all(
    given.texts(flag).map(async (path) => {
      const file = await files.read(path, MAX_FILE_BYTES);
      await describeCertificates(inlineEngine, file).catch((cause: unknown) => {
        if (!(cause instanceof CasemateError)) throw cause;
        throw new InputError(`Cannot use ${path} for --${flag}: ${cause.message}`, {
          code: "input.wrong_kind",
          fields: { ...cause.fields, flag: `--${flag}`, file: path },
          cause,
        });
      });
      return file;
    }),
  );
}

/**
 * The stages of the contract, and running one.
 *
 * @module
 */

import { type Answer, EXITS, type Judged, NotJudged } from "./answer.ts";
import { fullInput, type FullJudged, judgeFull } from "./full.ts";
import { hardwareInput, judgeHardware } from "./hardware.ts";
import { judgeMeasurement, measurementInput } from "./measurement.ts";
import { readInput } from "./read.ts";
import type { Settings } from "./settings.ts";
import { judgeSev } from "./sev.ts";
import { sevInput } from "./sev_input.ts";
import { judgeTdx } from "./tdx.ts";
import { tdxInput } from "./tdx_input.ts";

type Run = (input: Uint8Array, settings: Settings) => Promise<Judged<string> | FullJudged>;

/** Every stage of the contract; null for those that are not built. */
const STAGES: Readonly<Record<string, Run | null>> = {
  "verify-attestation-sev": (input, settings) => judgeSev(readInput(input, sevInput), settings),
  "verify-attestation-tdx": (input, settings) => judgeTdx(readInput(input, tdxInput), settings),
  "verify-measurement": (input) => judgeMeasurement(readInput(input, measurementInput)),
  "verify-hardware-measurements": (input) =>
    Promise.resolve(judgeHardware(readInput(input, hardwareInput))),
  "verify-full": (input, settings) => judgeFull(readInput(input, fullInput), settings),
  "verify-sigstore": null,
  "verify-attestation": null,
  "verify-tls-pinning": null,
  "verify-cert-binding": null,
  "verify-ehbp-key-binding": null,
  "attestation-hash": null,
  "ehbp-encrypt": null,
  "ehbp-decrypt": null,
};

/** Names of the stages, built or not. */
export const STAGE_NAMES: readonly string[] = Object.keys(STAGES);

/**
 * Runs a stage.
 *
 * @param stage One of {@linkcode STAGE_NAMES}; of any other it is said that it is not built.
 * @param input What was on standard input.
 * @param settings Engine, chains and time.
 */
export async function runStage(
  stage: string,
  input: Uint8Array,
  settings: Settings,
): Promise<Answer> {
  const run = Object.hasOwn(STAGES, stage) ? STAGES[stage] ?? null : null;
  if (run === null) {
    return { exit: EXITS.unsupported, output: null, says: `stage ${stage} is not built` };
  }
  try {
    return answerOf(stage, await run(input, settings));
  } catch (error) {
    if (!(error instanceof NotJudged)) throw error;
    return { exit: error.exit, output: null, says: error.message };
  }
}

function answerOf(stage: string, judged: Judged<string> | FullJudged): Answer {
  if (judged.accepted) {
    const output = { stage, accepted: true, outputs: judged.outputs };
    return { exit: EXITS.accepted, output, says: "accepted" };
  }
  const by = "by" in judged ? { stage: judged.by } : {};
  const rejection = { code: judged.code, ...by };
  return {
    exit: EXITS.rejected,
    output: { stage, accepted: false, rejection },
    says: judged.says,
  };
}

/**
 * Stage `verify-full`, as far as it is built: evidence that must have a pinned
 * measurement.
 *
 * @module
 */

import { type Decoder, object, oneOf, required } from "../core/decode.ts";
import { type Judged, unsupported } from "./answer.ts";
import { fingerprint, judgeMeasurement, type Measurement, measurement } from "./measurement.ts";
import { anything, maybe, schemaVersion } from "./read.ts";
import { judgeSev } from "./sev.ts";
import { type SevEvidenceInput, sevEvidenceInput } from "./sev_input.ts";
import type { Settings } from "./settings.ts";
import { judgeTdx } from "./tdx.ts";
import { type TdxPartInput, tdxPartInput } from "./tdx_input.ts";

/** Input of the stage. */
export interface FullInput {
  /** Version of the contract. */
  readonly schema_version: "1";
  /** Where the wanted measurement comes from. */
  readonly mode: "standard" | "bundle" | "pinned";
  /** A signed measurement, which is not read. */
  readonly sigstore: unknown;
  /** Evidence of SEV-SNP. */
  readonly attestation_sev: SevEvidenceInput | null;
  /** Evidence of TDX. */
  readonly attestation_tdx: TdxPartInput | null;
  /** Machines, for signed measurements. */
  readonly hardware_measurements: unknown;
  /** The measurement that the evidence must have. */
  readonly pinned_measurement: Measurement | null;
}

/** Reads it. */
export const fullInput: Decoder<FullInput> = object<FullInput>({
  schema_version: schemaVersion,
  mode: required(oneOf("standard", "bundle", "pinned"), "Where the measurement comes from"),
  sigstore: maybe(anything()),
  attestation_sev: maybe(sevEvidenceInput),
  attestation_tdx: maybe(tdxPartInput),
  hardware_measurements: maybe(anything()),
  pinned_measurement: maybe(measurement),
});

/** Which stage rejected it. */
export type FullStage =
  | "verify-attestation-sev"
  | "verify-attestation-tdx"
  | "verify-measurement"
  | "verify-full";

/** A judgement, and which stage made it. */
export type FullJudged = Judged<string> & { readonly by: FullStage };

/**
 * Judges evidence, then its measurement.
 *
 * @param input Evidence and the measurement that it must have.
 * @param settings Engine, chains and time.
 * @throws {NotJudged} for any other mode, and as the stages do.
 */
export async function judgeFull(input: FullInput, settings: Settings): Promise<FullJudged> {
  if (input.mode !== "pinned") throw unsupported(`mode ${input.mode}: Sigstore is not built yet`);
  const { pinned_measurement: pinned, attestation_sev: sev, attestation_tdx: tdx } = input;
  if (pinned === null) return lacking("pinned_measurement");
  if ((sev === null) === (tdx === null)) return lacking("one of attestation_sev, attestation_tdx");
  const evidence = await judgeEvidence(sev, tdx, settings);
  if (!evidence.accepted) return evidence;
  const found = measurementOf(evidence.outputs);
  const same = await judgeMeasurement({ source: pinned, target: found });
  if (!same.accepted) return { ...same, by: "verify-measurement" };
  return {
    accepted: true,
    by: "verify-full",
    outputs: {
      mode: input.mode,
      platform: sev === null ? "tdx" : "sev-snp",
      attestation_measurement: found,
      final_measurement_fingerprint_hex: await fingerprint(found),
    },
  };
}

async function judgeEvidence(
  sev: SevEvidenceInput | null,
  tdx: TdxPartInput | null,
  settings: Settings,
): Promise<FullJudged> {
  if (sev !== null) return { ...await judgeSev(sev, settings), by: "verify-attestation-sev" };
  if (tdx !== null) return { ...await judgePart(tdx, settings), by: "verify-attestation-tdx" };
  return lacking("evidence");
}

async function judgePart(
  { collateral, expiration_check_date_unix: stated, ...part }: TdxPartInput,
  settings: Settings,
): Promise<Judged<string>> {
  if (collateral === null) {
    throw unsupported("attestation_tdx brings no collateral, and nobody is asked for any");
  }
  const moment = { expiration_check_date_unix: stated ?? settings.now };
  return await judgeTdx({ ...part, ...moment, collateral }, settings);
}

function measurementOf(outputs: object): Measurement {
  return measurement.decode(
    Object.entries(outputs).find(([name]) => name === "measurement")?.[1],
    "",
  );
}

function lacking(what: string): FullJudged {
  return { accepted: false, code: "BUNDLE_MALFORMED", says: `lacks ${what}`, by: "verify-full" };
}

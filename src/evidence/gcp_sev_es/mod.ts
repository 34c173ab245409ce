/**
 * Google Cloud instances with SEV or SEV-ES: a vTPM whose key Google certifies,
 * and no report of the CPU that a stranger could check.
 *
 * @module
 */

import type { Technology, Verified } from "../evidence.ts";
import { gceCodesOf, OF_INSTANCE } from "../gce/checks.ts";
import { INSTANCE_CLAIMS, INSTANCE_FLAGS } from "../gce/proves.ts";
import { showGce } from "../gce/show.ts";
import { codesOf, flagsOf, type Part, portableOf, referencesOf } from "../pairing/parts.ts";
import {
  GCE_TPM_CHECKS,
  GCE_TPM_FILES,
  type GceTpmEvidence,
  type GceTpmFiles,
  readGceTpm,
  undoneOfGceTpm,
  verifyGceTpm,
} from "../tpm/gce.ts";
import { tpm } from "../tpm/mod.ts";
import type { TpmEvidence } from "../tpm/report.ts";
import { runtimeRegistersOf } from "../tpm/variant.ts";
import { VARIANTS } from "../variants/table.ts";
import { appraise, rootOf } from "./appraise.ts";
import { type GcpSevEsPolicy, gcpSevEsPolicy } from "./policy.ts";

export type { GceInstance } from "../gce/mod.ts";
export type { InstancePolicy } from "../gce/policy.ts";
export type { GceTpmEvidence, GceTpmFiles } from "../tpm/gce.ts";
export type { GcpSevEsPolicy } from "./policy.ts";

const FACTS = VARIANTS["gcp-sev-es"];
const PARTS: readonly Part[] = [{ member: "vtpm", technology: tpm }];

/** The variant `gcp-sev-es`. */
export const gcpSevEs: Technology<"gcp-sev-es", GceTpmFiles, GceTpmEvidence, GcpSevEsPolicy> = {
  id: "gcp-sev-es",
  command: "gcp-sev-es",
  title: FACTS.title,
  trustedMeans: "Measured",
  reportDataBytes: tpm.reportDataBytes,
  padsNonce: false,
  facts: FACTS,
  references: referencesOf(PARTS),
  productLines: [],
  files: GCE_TPM_FILES,
  flags: [...flagsOf(PARTS), ...INSTANCE_FLAGS],
  checks: GCE_TPM_CHECKS,
  codes: codesOf(PARTS, gceCodesOf(...OF_INSTANCE)),
  policy: gcpSevEsPolicy,
  proves: { yes: [...tpm.proves.yes, ...INSTANCE_CLAIMS], no: FACTS.provesNot },
  readFiles: readGceTpm,
  verify: async (engine, files, context) =>
    await verifyGceTpm(engine, files, context) as Verified<GceTpmEvidence>,
  undone: undoneOfGceTpm,
  root: rootOf,
  appraise,
  runtimeRegisters: ({ vtpm }) => runtimeRegistersOf(vtpm),
  machine: ({ vtpm }) => vtpm.key.spkiSha256,
  accountKey: "project",
  tell: ({ vtpm }) => tpm.tell?.(vtpm as Verified<TpmEvidence>) ?? [],
  show: showGce,
  portable: portableOf(PARTS, async () => (await import("../gce/portable/mod.ts")).operations),
};

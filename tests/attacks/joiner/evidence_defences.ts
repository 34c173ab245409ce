/**
 * The defences of whoever judges evidence, each switched off.
 *
 * @module
 */

import { labImageRegisters } from "../../../src/lab/machine/mod.ts";
import type { Weakening } from "../weaken.ts";
import { OWN_PROJECT } from "./lab.ts";
import { TPM_ALONE, VARIANT } from "./stating.ts";

const APPRAISER = "src/services/attest/appraiser.ts";

/** The report may hold anything. */
export const reportData: Weakening = {
  file: "src/evidence/judgement.ts",
  find: "return { ...base, holds: equal(wanted, given), expected: toHex(wanted), code };",
  replace: "return { ...base, holds: true, expected: actual, code };",
};

/** The quote may answer anything. */
export const qualifyingData: Weakening = {
  file: "src/evidence/tpm/appraise.ts",
  find: "holds: equal(wanted, fromHex(actual)),",
  replace: "holds: true,",
};

/** Registers may hold anything. */
export const registers: Weakening = {
  file: "src/evidence/tpm/what_runs.ts",
  find: "return actual !== null && accepted.includes(actual);",
  replace: "return actual !== null;",
};

/** The guest may have been launched for anybody. */
export const hostData: Weakening = {
  file: "src/evidence/snp/appraise.ts",
  find: "judgePinned(report.hostData, policy.hostData, {",
  replace: "judgePinned(report.hostData, null, {",
};

/** A statement may be of any cluster. */
export const cluster: Weakening = {
  file: "src/evidence/statement/appraise.ts",
  find: "expected: ({ clusterId }) => clusterId?.toLowerCase(),",
  replace: "expected: (_terms, _facts, statement) => statement.clusterId,",
};

/** The instance may be of any project. */
export const project: Weakening = {
  file: "src/evidence/gce/appraise.ts",
  find: "holds: project === null ? null : [projectId, projectNumber].includes(project),",
  replace: "holds: true,",
};

/** The register of the phase may hold anything. */
export const phaseRegister: Weakening = {
  file: "src/evidence/statement/phase.ts",
  find: "holds: differing === undefined,",
  replace: "holds: true,",
};

/** Any phase may ask to be admitted. */
export const phaseOfPurpose: Weakening = {
  file: "src/evidence/statement/appraise.ts",
  find: 'holds: !demanded || phase === "cluster",',
  replace: "holds: true,",
};

/** A statement may contradict itself. */
export const contradiction: Weakening = {
  file: "src/evidence/statement/read.ts",
  find: 'if (reason !== null) throw refuse("statement.inconsistent", { reason });',
  replace: "",
};

/** Roots that evidence brings along are believed. */
export const roots: Weakening = {
  file: APPRAISER,
  find: "    labRoots,\n    endorsements,",
  // Of ASK and ARK in one file the second, of issuers the last; lengths of these certificates have two bytes.
  replace: `    labRoots: [
      ...labRoots,
      ...[files["chainAskArk"], files["akCertIssuers"]?.at(-1)].filter((f) => f !== undefined)
        .map((f) => f.length > 4 + f[2] * 256 + f[3] ? f.slice(4 + f[2] * 256 + f[3]) : f),
    ],
    endorsements,`,
};

/** Whatever evidence brings no certificate of its key is said to be of the cluster's own project. */
export const instance: Weakening = {
  file: "src/evidence/tpm/gce.ts",
  find: "if (instance !== null) return { vtpm, instance };",
  replace: `return { vtpm, instance: instance ?? {
    zone: "z", projectNumber: "1", projectId: ${JSON.stringify(OWN_PROJECT)}, instanceId: "1",
    instanceName: "n", security: { version: "0", isProduction: true },
  } };`,
};

/** A key that nobody certifies is as good as one of the lab's. */
export const keyRoot: Weakening = {
  file: "src/evidence/tpm/appraise.ts",
  find: 'if (certificate === null) return { root: "none", warnings: [] };',
  replace: 'if (certificate === null) return { root: "lab", warnings: [] };',
};

/** Evidence of a variant that the manifest does not admit is held against registers alone. */
export const variant: Weakening = {
  file: APPRAISER,
  find: "const standards = standardsOf(newest, references, variant);",
  replace: `const standards = variant !== ${JSON.stringify(TPM_ALONE)}
    ? standardsOf(newest, references, variant)
    : [{
      account: ${JSON.stringify(OWN_PROJECT)}, version: "", reference: undefined,
      policy: { version: 1, admitVariants: [variant], [variant]: {
        project: ${JSON.stringify(OWN_PROJECT)},
        vtpm: { registers: ${JSON.stringify(await labImageRegisters())} },
      } },
    }];`,
};

/** Groups take evidence of any variant. */
export const variantOfGroup: Weakening = {
  file: "src/manifest/policy.ts",
  find: "return groups.filter((group) => group.variant === variant && group.account === account);",
  replace: `return groups.filter((group) =>
    group.variant === ${JSON.stringify(VARIANT)} && group.account === account);`,
};

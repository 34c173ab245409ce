/**
 * Policies that a vector of a TPM does not meet.
 *
 * @module
 */

import type { Vector } from "../vectors.ts";
import { vectorOf } from "./change.ts";
import type { Bend } from "./contract.ts";

type Section = Readonly<Record<string, unknown>>;

const OTHER = "ee".repeat(32);

/** The section of the vector's policy. */
function sectionOf({ policy }: Vector): Section {
  const [, section] = Object.entries(policy ?? {}).find(([key]) => key === "tpm") ?? [];
  return Object(section);
}

/** Its pinned registers with some more. */
function pinned(vector: Vector, more: Section): Section {
  const { sha256 } = Object(sectionOf(vector)["registers"]);
  return { registers: { sha256: { ...Object(sha256), ...more } } };
}

/**
 * Demands that a vector does not meet, each beside what its policy demands.
 *
 * @param base The vector.
 * @param vectors All of them.
 */
export function bendsOfPolicy(
  base: Vector,
  vectors: ReadonlyMap<string, Vector>,
): readonly Bend[] {
  const demands: readonly (readonly [code: string, demand: Section])[] = [
    ["tpm.register_mismatch", pinned(base, { 4: [OTHER] })],
    ["tpm.register_mismatch", pinned(base, { 7: [OTHER] })],
    ["tpm.register_not_quoted", pinned(base, { 23: [OTHER] })],
    ["tpm.selection_mismatch", { selection: ["sha256:4,11"] }],
    ["tpm.reset_mismatch", { resetCount: 8 }],
    ["tpm.reset_mismatch", { restartCount: 1 }],
    ["tpm.firmware_mismatch", { firmwareVersions: ["ee".repeat(8)] }],
    ["tpm.qualified_signer_mismatch", { qualifiedSigners: [`000b${OTHER}`] }],
    ["tpm.ak_name_mismatch", { akNames: [`000b${OTHER}`] }],
  ];
  const { registers: _, ...unpinned } = sectionOf(base);
  return [
    ...demands.map(([code, demand]): Bend => ({
      what: `a policy with ${JSON.stringify(demand).replaceAll(/[{}"]/g, "").slice(0, 30)}`,
      code,
      change: { section: { ...sectionOf(base), ...demand } },
    })),
    {
      what: "no register pinned",
      code: "tpm.registers_not_pinned",
      verdict: "platform-only",
      change: { section: unpinned },
    },
    ...ofLog(base, vectors),
  ];
}

/** What only a log can say. */
function ofLog(base: Vector, vectors: ReadonlyMap<string, Vector>): readonly Bend[] {
  const { files, labRoots, ...unlogged } = vectorOf(vectors, "no-log");
  return [
    {
      what: "no log, which its policy demands",
      code: "tpm.event_log_missing",
      verdict: "platform-only",
      change: { files: { eventLog: undefined } },
    },
    {
      what: `the files of ${unlogged.name} and a policy that demands Secure Boot`,
      code: "tpm.secure_boot_unknown",
      verdict: "platform-only",
      change: {
        files: { ...files, eventLog: undefined },
        labRoots,
        section: { ...sectionOf({ ...base, ...unlogged }), secureBoot: "require" },
      },
    },
  ];
}

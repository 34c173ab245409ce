/**
 * Attestation documents of a kind as the rest of the program sees them.
 *
 * @module
 */

import type { Technology } from "../evidence.ts";
import { appraise, NONCE_BYTES, rootOf } from "./appraise.ts";
import { NITRO_CHECKS } from "./checks.ts";
import { NITRO_CODES } from "./codes.ts";
import { NITRO_FILES, type NitroFiles, readFiles } from "./files.ts";
import type { NitroKind } from "./kind.ts";
import { type NitroPolicy, nitroPolicy } from "./policy.ts";
import { provesOf } from "./proves.ts";
import type { NitroEvidence } from "./report.ts";
import { show } from "./show.ts";
import { tell } from "./tell.ts";
import { verifyKind } from "./verify.ts";

/** Verification of documents of one kind. */
export type NitroTechnology<Id extends string> = Technology<
  Id,
  NitroFiles,
  NitroEvidence,
  NitroPolicy
>;

/**
 * Verification of documents of one kind.
 *
 * @param id Its id.
 * @param title Its name.
 * @param kind Kind of document.
 */
export function nitroTechnology<Id extends string>(
  id: Id,
  title: string,
  kind: NitroKind,
): NitroTechnology<Id> {
  return {
    id,
    command: id,
    title,
    trustedMeans: "Measured",
    reportDataBytes: NONCE_BYTES,
    padsNonce: false,
    references: ["registers"],
    productLines: [],
    files: NITRO_FILES,
    flags: [
      {
        flag: "pcr",
        key: "registers",
        value: "N=HEX",
        multiple: true,
        number: false,
        says: "accepted value of a register, 48 bytes, as 4=HEX",
      },
      {
        flag: "module",
        key: "modules",
        value: "ID",
        multiple: true,
        number: false,
        says: "accepted module or instance, as i-0123456789abcdef0",
      },
    ],
    checks: NITRO_CHECKS,
    codes: NITRO_CODES,
    policy: nitroPolicy(kind),
    proves: provesOf(kind),
    readFiles,
    verify: (engine, files, context) => verifyKind(engine, files, kind, context),
    undone: ({ documentCrls = [] }) => documentCrls.length === 0 ? ["nitro.revocation"] : [],
    root: rootOf,
    appraise,
    tell,
    show,
    portable: async () => (await import("./portable/mod.ts")).operations,
  };
}

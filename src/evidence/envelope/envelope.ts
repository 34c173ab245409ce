/**
 * Evidence as it travels: statement, hardware's word and TPM's word in one
 * document (protocol §4).
 *
 * @module
 */

import type { FilesByRole } from "../evidence.ts";
import { ENVELOPE_FORM, type EnvelopeForm, MAX_ENVELOPE_BYTES, type VtpmPart } from "./form.ts";
import { pcrsFile } from "./pcrs.ts";
import { decodeMembers, parseOr, refuse, refuseLarge } from "./refusal.ts";
import { envelopeJson } from "./write.ts";

/** An envelope, opened; nothing in it is verified, and no root is ever taken from it. */
export interface Envelope {
  /** Id of the variant that it says it is of; only selects among those that a policy admits. */
  readonly variant: string;
  /** Bytes of the statement, as they were bound. */
  readonly statement: Uint8Array;
  /** The files in it, by the roles of verification. */
  readonly files: FilesByRole;
}

/**
 * Reads an envelope, strictly. Whether its variant takes the files is the
 * variant's own business.
 *
 * @param bytes JSON in UTF-8, at most 512 KiB.
 * @throws {InputError} `envelope.syntax`, `envelope.version`, `envelope.member` (field `member`),
 * `input.too_large`
 *
 * @example
 * ```ts
 * import { readEnvelope, writeEnvelope } from "@casemate/casemate";
 *
 * const statement = new TextEncoder().encode("{}");
 * const report = new Uint8Array(1184);
 * const bytes = writeEnvelope("sev-snp", statement, { report });
 * console.log(readEnvelope(bytes).variant); // sev-snp
 * ```
 */
export function readEnvelope(bytes: Uint8Array): Envelope {
  refuseLarge(bytes, MAX_ENVELOPE_BYTES);
  const value = parseOr(bytes, "envelope.syntax");
  refuseVersion(value);
  const { variant, statement, tee, vtpm, instance } = decodeMembers(ENVELOPE_FORM, value);
  refuseAmbiguous({ tee, vtpm });
  const files = { ...tee, ...(vtpm === undefined ? {} : filesOf(vtpm)), ...instance };
  const given = Object.entries(files).filter(([, file]) => file !== undefined);
  return { variant, statement, files: Object.fromEntries(given) };
}

/**
 * Writes an envelope.
 *
 * @param variant Id of the variant.
 * @param statement Bytes of the statement.
 * @param files Evidence by the roles of verification; `tpmQuoteMsg` and `tpmQuoteSig` in the same
 * order, `pcrs` as JSON.
 * @returns JSON in UTF-8, in canonical form.
 * @throws {InputError} `envelope.member` where a role has no place in it or {@linkcode readEnvelope}
 * would refuse a member; `input.too_large`
 */
export function writeEnvelope(
  variant: string,
  statement: Uint8Array,
  files: FilesByRole,
): Uint8Array {
  const bytes = envelopeJson(variant, statement, files);
  readEnvelope(bytes);
  return bytes;
}

/** A later version may have other members; its number says more than the first that is not known. */
function refuseVersion(value: unknown): void {
  if (typeof value !== "object" || value === null || !("v" in value)) return;
  const { v } = value;
  if (typeof v !== "number" || v === 1) return;
  throw refuse("envelope.version", { expected: "1", actual: String(v) });
}

/** What could be taken in two ways. */
function refuseAmbiguous({ tee, vtpm }: Pick<EnvelopeForm, "tee" | "vtpm">): void {
  if (vtpm === undefined) return;
  if (tee?.["eventLog"] !== undefined && vtpm.eventLog !== undefined) {
    throw refuse("envelope.member", { member: "tee.eventLog", reason: "vtpm has an event log" });
  }
  const { eventLog: _, document, ...ofKey } = vtpm;
  const beside = Object.entries(ofKey).find(([, file]) => file !== undefined)?.[0];
  if (document === undefined || beside === undefined) return;
  const reason = "vtpm has a document in its place";
  throw refuse("envelope.member", { member: `vtpm.${beside}`, reason });
}

function filesOf({ quotes, pcrs, ...files }: VtpmPart): FilesByRole {
  const given = Object.entries(files).filter(([, file]) => file !== undefined);
  return {
    ...Object.fromEntries(given),
    tpmQuoteMsg: quotes?.map(({ msg }) => msg),
    tpmQuoteSig: quotes?.map(({ sig }) => sig),
    pcrs: pcrs === undefined ? undefined : pcrsFile(pcrs),
  };
}

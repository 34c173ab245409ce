/**
 * Puts files into the members of an envelope.
 *
 * @module
 */

import { toBase64url } from "../../core/base64url.ts";
import { isBytes } from "../../core/bytes.ts";
import type { FilesByRole } from "../evidence.ts";
import { canonicalJson, type CanonicalValue } from "../../core/canonical_json.ts";
import { ROLES, SEVERAL } from "./form.ts";
import { PCR_VALUES, pcrMembers } from "./pcrs.ts";
import { decodeMembers, parseOr, refuse } from "./refusal.ts";

type Members = Readonly<Record<string, CanonicalValue>>;

/**
 * The text of an envelope; that its members have their forms is for the reader to say.
 *
 * @param variant Id of the variant.
 * @param statement Bytes of the statement.
 * @param files Files by role.
 * @returns JSON in UTF-8, in canonical form.
 * @throws {InputError} `envelope.member`
 */
export function envelopeJson(
  variant: string,
  statement: Uint8Array,
  files: FilesByRole,
): Uint8Array {
  refuseOther("statement", [statement]);
  const remaining = new Remaining(files);
  const vtpm = vtpmOf(remaining);
  const [tee, instance] = [remaining.part(ROLES.tee), remaining.part(ROLES.instance)];
  remaining.finish();
  const parts = Object.entries({ tee, vtpm, instance }).filter(([, part]) => !isEmpty(part));
  const members = { v: 1, variant, statement: toBase64url(statement) };
  return canonicalJson({ ...members, ...Object.fromEntries(parts) });
}

function vtpmOf(remaining: Remaining): Members {
  const others = ROLES.vtpm.filter((role) => role !== "eventLog");
  const members = { ...quotesOf(remaining), ...pcrsOf(remaining), ...remaining.part(others) };
  // Without a TPM, an event log is the TD's.
  return isEmpty(members) ? members : { ...members, ...remaining.part(["eventLog"]) };
}

/** Messages and signatures that stand at the same place belong together. */
function quotesOf(remaining: Remaining): Members {
  const msgs = remaining.take("tpmQuoteMsg");
  const sigs = remaining.take("tpmQuoteSig");
  if (msgs.length !== sigs.length) {
    const reason = `there are ${msgs.length} messages and ${sigs.length} signatures`;
    throw refuse("envelope.member", { member: "vtpm.quotes", reason });
  }
  if (msgs.length === 0) return {};
  const quotes = msgs.map((msg, i) => ({
    msg: toBase64url(msg),
    sig: toBase64url(sigs[i] ?? new Uint8Array()),
  }));
  return { quotes };
}

function pcrsOf(remaining: Remaining): Members {
  const file = remaining.one("pcrs");
  if (file === undefined) return {};
  const values = decodeMembers(PCR_VALUES, parseOr(file, "envelope.member"));
  return { pcrs: pcrMembers(values) };
}

function isEmpty(members: Members): boolean {
  return Object.keys(members).length === 0;
}

/** Text would be written as zeros, by callers whose code is not typed. */
function refuseOther(member: string, files: unknown): void {
  if (Array.isArray(files) && files.every(isBytes)) return;
  throw refuse("envelope.member", { member, reason: "it is not bytes" });
}

/** Files that were not put anywhere yet. */
class Remaining {
  readonly #files: Map<string, readonly Uint8Array[]>;

  constructor(files: FilesByRole) {
    this.#files = new Map();
    for (const [role, file] of Object.entries(files)) {
      const list = file === undefined ? [] : isBytes(file) ? [file] : file;
      refuseOther(role, list);
      if (list.length > 0) this.#files.set(role, list);
    }
  }

  /** Files of a role; none where there are none. */
  take(role: string): readonly Uint8Array[] {
    const files = this.#files.get(role) ?? [];
    this.#files.delete(role);
    return files;
  }

  /** The file of a role of which there is at most one. */
  one(role: string): Uint8Array | undefined {
    const [file, ...more] = this.take(role);
    if (more.length === 0) return file;
    throw refuse("envelope.member", { member: role, reason: "there is more than one" });
  }

  /** Files of some roles as members. */
  part(roles: readonly string[]): Members {
    const members = roles.flatMap((role): [string, CanonicalValue][] => {
      if (SEVERAL.includes(role)) {
        const files = this.take(role);
        return files.length === 0 ? [] : [[role, files.map(toBase64url)]];
      }
      const file = this.one(role);
      return file === undefined ? [] : [[role, toBase64url(file)]];
    });
    return Object.fromEntries(members);
  }

  /** Demands that nothing is left. */
  finish(): void {
    for (const member of this.#files.keys()) {
      throw refuse("envelope.member", { member, reason: "an envelope has no place for it" });
    }
  }
}

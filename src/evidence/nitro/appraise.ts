/**
 * Judges a verified attestation document against a policy. Every check gives a finding.
 *
 * @module
 */

import { equal, fromHex, toHex } from "../../core/bytes.ts";
import type { AppraiseContext, Freshness, RootContext, Rooted, Verified } from "../evidence.ts";
import type { Finding } from "../finding.ts";
import { type Judgement, toFinding } from "../judgement.ts";
import type { NitroCode } from "./codes.ts";
import type { NitroPolicy } from "./policy.ts";
import type { NitroDocument, NitroEvidence } from "./report.ts";
import { judgeRegisters } from "./what_runs.ts";

/** Most bytes of a nonce in a document (AWS, "Verifying the root of trust" §3.2.2). */
export const NONCE_BYTES = 512;

/**
 * Judges a verified document.
 *
 * Freshness, registers, module and revocation are judged here; signature and
 * chain were established by `verify`. What the user data must be is for the
 * variants to say.
 *
 * @param proven What `verify` established.
 * @param policy The section, defaults filled in.
 * @param context Time and freshness.
 */
export function appraise(
  proven: Verified<NitroEvidence>,
  policy: NitroPolicy,
  context: AppraiseContext,
): readonly Finding[] {
  const { document } = proven;
  const judgements: readonly Judgement<NitroCode>[] = [
    judgeRevocation(proven, policy),
    judgeNonce(document.nonce, context.freshness),
    ...judgeRegisters(document, policy),
    judgeModule(document, policy),
    tellUserData(document),
  ];
  const { root } = rootOf(proven, context);
  return judgements.map((judgement) => toFinding(judgement, root));
}

/**
 * Whose word a verified document rests on: AWS's, whose hypervisor made it.
 *
 * @param proven What `verify` established.
 * @param _context Time and accepted risks; AWS's modules have no product lines.
 */
export function rootOf({ lab }: Verified<NitroEvidence>, _context: RootContext): Rooted {
  return { root: lab ? "lab" : "provider", warnings: [] };
}

function judgeRevocation(
  { revocationChecked, revocationLists }: NitroEvidence,
  { revocation }: NitroPolicy,
): Judgement<NitroCode> {
  const lists = revocationLists.map(({ issuer, nextUpdate }) => `${issuer} until ${nextUpdate}`);
  // Where no certificate names a list there is none to be had, and nothing was looked up.
  const none = revocationChecked && lists.length === 0;
  return {
    id: "nitro.revocation",
    title: "Key of the document not revoked",
    link: "chain",
    holds: revocationChecked && !none ? true : null,
    required: !none && (revocationChecked || revocation === "require"),
    expected: "the lists that the certificates name",
    actual: none
      ? "the certificates name no list"
      : lists.length === 0
      ? "no list was given"
      : `lists of ${lists.join("; ")}`,
    code: "nitro.revocation_not_checked",
    source: "RFC 5280 §6.3",
  };
}

/** The nonce itself, byte for byte: zeros behind it would be another question's. */
function judgeNonce(actual: string | null, freshness: Freshness): Judgement<NitroCode> {
  const base = {
    id: "nitro.nonce",
    title: "Document answers this question",
    link: "evidence",
    actual: actual === null ? "absent" : actual === "" ? "empty" : actual,
    source: "request",
  } as const;
  if (freshness.kind === "none") {
    return { ...base, holds: null, expected: null, code: "freshness.not_checked" };
  }
  const wanted = nonceOf(freshness);
  return {
    ...base,
    holds: actual !== null && equal(wanted, fromHex(actual)),
    expected: toHex(wanted),
    code: "nitro.nonce_mismatch",
  };
}

/** With a statement the document answers the binding as it is: the field has room for it (protocol §4). */
function nonceOf(freshness: Exclude<Freshness, { readonly kind: "none" }>): Uint8Array {
  switch (freshness.kind) {
    case "nonce":
    case "report-data":
      return freshness.bytes;
    case "pieces":
      return freshness.nonce;
    case "statement":
      return freshness.binding;
    default:
      return freshness satisfies never;
  }
}

/** A module is named whole, or by the instance that stands before its first word of its own. */
function judgeModule({ moduleId }: NitroDocument, { modules }: NitroPolicy): Judgement<NitroCode> {
  const named = (wanted: string): boolean =>
    moduleId === wanted || moduleId.startsWith(`${wanted}-`);
  return {
    id: "nitro.module",
    title: "Module",
    link: "platform",
    holds: modules === null ? null : modules.some(named),
    required: modules !== null,
    expected: modules === null ? null : modules.join(" or "),
    actual: moduleId,
    code: "nitro.module_mismatch",
  };
}

function tellUserData({ userData, publicKey }: NitroDocument): Judgement<NitroCode> {
  return {
    id: "nitro.user-data",
    title: "User data",
    link: "evidence",
    holds: null,
    required: false,
    expected: null,
    actual: [
      userData === null ? "no user data" : `user data ${userData}`,
      publicKey === null ? "no public key" : `public key ${publicKey}`,
    ].join(", "),
    code: null,
  };
}

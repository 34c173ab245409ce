/**
 * Signed documents of Intel's PCS (version 4): `{"tcbInfo": …, "signature": …}`
 * and `{"enclaveIdentity": …, "signature": …}`. The signature is over the text
 * of the first member, byte for byte.
 *
 * @module
 */

import type { CasemateError } from "../../../core/errors.ts";
import { fingerprintOf } from "../../../core/portable/digest.ts";
import type { EcdsaKey } from "../../../core/portable/ecdsa.ts";
import {
  bytes,
  type Members,
  moment,
  number,
  oneOf,
  readObject,
} from "../../../core/portable/json.ts";
import { Malformed, readOr } from "../../../core/malformed.ts";
import { momentText, type Window } from "../../../core/portable/moment.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import { utf8Of } from "../../../core/portable/values.ts";
import type { TdxCode } from "../codes.ts";
import type { SignedDocument } from "../report.ts";
import { refuseTdx } from "./refuse.ts";

/** Largest file, bytes. Intel's have up to 20 KiB. */
const MAX_BYTES = 128 * 1024;
/** What some editors put in front of a file; nobody signed it. */
const BYTE_ORDER_MARK = "\ufeff";

/** What belongs to a kind of document. */
export interface DocumentKind {
  /** Name for the person who gave the file. */
  readonly input: "tcb-info" | "qe-identity";
  /** Name of the signed member. */
  readonly member: string;
  /** Version of its form that is read. */
  readonly version: number;
  /** Code of another form. */
  readonly format: TdxCode;
  /** Code of a wrong signature. */
  readonly signature: TdxCode;
}

/** TCB info ("Get SGX TCB Info", "Get TDX TCB Info"). */
export const TCB_INFO: DocumentKind = {
  input: "tcb-info",
  member: "tcbInfo",
  version: 3,
  format: "tdx.tcb_info_format",
  signature: "tdx.tcb_info_signature",
};

/** QE identity ("Get SGX QE Identity", "Get TDX QE Identity"). */
export const QE_IDENTITY: DocumentKind = {
  input: "qe-identity",
  member: "enclaveIdentity",
  version: 2,
  format: "tdx.qe_identity_format",
  signature: "tdx.qe_identity_signature",
};

/** A file taken apart; its signature is not verified yet. */
export interface SignedText {
  /** The signed text as it stands in the file. */
  readonly text: string;
  /** R and S. */
  readonly signature: Uint8Array;
}

/** Head of a document, and when it is in force. */
export interface Head {
  /** What leaves the engine. */
  readonly document: SignedDocument;
  /** From issue to next update. */
  readonly window: Window;
}

/**
 * Refuses a document for its form.
 *
 * @param kind Kind of document.
 * @param reason What is wrong.
 */
export function refuseFormat({ format, input }: DocumentKind, reason: string): CasemateError {
  return refuseTdx(format, { input, reason });
}

/**
 * Refuses a file for its size alone.
 *
 * @param file The file.
 * @param input Its name for a person.
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export function checkSize(file: Uint8Array, input: string): void {
  if (file.length === 0) throw refuseCore("input.empty", { input });
  if (file.length <= MAX_BYTES) return;
  const sizes = { limit: `${MAX_BYTES} bytes`, actual: `${file.length} bytes` };
  throw refuseCore("input.too_large", { input, ...sizes });
}

/**
 * Text of a file, without a mark in front.
 *
 * @param file The file.
 * @throws {Malformed} where it is not UTF-8.
 */
export function textOf(file: Uint8Array): string {
  const text = utf8Of(file);
  if (text === undefined) throw new Malformed("it is not UTF-8");
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}

/**
 * Takes a file apart. The text is never written anew, since it would then differ
 * from what Intel signed.
 *
 * @param file The file.
 * @param kind What it must be.
 * @throws {RejectedError} `tdx.tcb_info_format`, `tdx.qe_identity_format`
 * @throws {InputError} `input.empty`, `input.too_large`
 */
export function splitDocument(file: Uint8Array, kind: DocumentKind): SignedText {
  checkSize(file, kind.input);
  return readOr(() =>
    readObject(textOf(file), (members): SignedText => ({
      text: members.text(kind.member),
      signature: members.need("signature", bytes(64)),
    })), (reason) => refuseFormat(kind, reason));
}

/**
 * Takes a file apart that a key has signed; gives the signed text.
 *
 * @param file The file.
 * @param kind What it must be.
 * @param key The key.
 * @throws {RejectedError} `tdx.tcb_info_*`, `tdx.qe_identity_*`
 * @throws {InputError} `input.*`
 */
export function verifyDocument(file: Uint8Array, kind: DocumentKind, key: EcdsaKey): string {
  const { text, signature } = splitDocument(file, kind);
  if (key.verifies(new TextEncoder().encode(text), signature)) return text;
  throw refuseTdx(kind.signature, { input: kind.input });
}

/**
 * Takes the members that every document has, but for its levels.
 *
 * @param members All members.
 * @param kind What it must be.
 * @param about The text that they stand in, and the ids that are known.
 * @throws {Malformed} where one is missing, of another type, or the version is another.
 */
export function takeHead<const Id extends string>(
  members: Members,
  kind: DocumentKind,
  about: { readonly text: string; readonly ids: readonly Id[] },
): Head & { readonly document: { readonly id: Id } } {
  const id = members.need("id", oneOf(...about.ids));
  const version = members.need("version", number(0xffff_ffff));
  if (version !== kind.version) throw new Malformed(`the version is not ${kind.version}`);
  const window = {
    from: members.need("issueDate", moment),
    until: members.need("nextUpdate", moment),
  };
  // It would never be in force.
  if (window.until < window.from) throw new Malformed("nextUpdate is before issueDate");
  return {
    window,
    document: {
      id,
      version,
      issueDate: momentText(window.from),
      nextUpdate: momentText(window.until),
      tcbEvaluationDataNumber: members.need("tcbEvaluationDataNumber", number(0xffff_ffff)),
      sha256: fingerprintOf(new TextEncoder().encode(about.text)),
    },
  };
}

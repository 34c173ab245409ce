/**
 * Bends TCB info and QE identity as JSON, and signs what comes out.
 *
 * @module
 */

import type { Bend, DocumentDescription, TdxBends } from "../../src/lab/mod.ts";

/** The two documents, as the lab's bends name them. */
export type DocumentName = "tcbInfo" | "qeIdentity";

/** The documents. */
export const DOCUMENTS: readonly DocumentName[] = ["tcbInfo", "qeIdentity"];

/** Codes of a document that is not of Intel's form. */
export const FORMAT_CODES: Readonly<Record<DocumentName, string>> = {
  tcbInfo: "tdx.tcb_info_format",
  qeIdentity: "tdx.qe_identity_format",
};

/** A JSON object. */
export type Plain = Readonly<Record<string, unknown>>;

/** The text of a document changed before it is signed. */
export function asText(name: DocumentName, change: (text: string) => string): TdxBends {
  const document: Bend<DocumentDescription> = (whole) => ({ ...whole, text: change(whole.text) });
  return name === "tcbInfo" ? { tcbInfoDocument: document } : { qeIdentityDocument: document };
}

/** The text of a document changed after it was signed. */
export function afterSigning(name: DocumentName, change: (text: string) => string): TdxBends {
  return name === "tcbInfo" ? { tcbInfoText: change } : { qeIdentityText: change };
}

/** A document changed as a plain object before it is signed. */
export function asPlain(name: DocumentName, change: (whole: Plain) => unknown): TdxBends {
  return asText(name, (text) => JSON.stringify(change(plain(JSON.parse(text)))));
}

/** An object without a member. */
export function without(whole: Plain, member: string): Plain {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== member));
}

/** A value as an object. */
export function plain(value: unknown): Plain {
  return Object.fromEntries(Object.entries(Object(value)));
}

/** An object with a change to the items of one of its lists. */
export function inList(whole: Plain, member: string, change: (item: Plain) => unknown): Plain {
  const list = whole[member];
  if (!Array.isArray(list)) throw new Error(`${member} is no list`);
  return { ...whole, [member]: list.map((item) => change(plain(item))) };
}

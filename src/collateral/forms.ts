/**
 * The forms of what is kept: which answers there are, what was seen, notes.
 *
 * @module
 */

import {
  type Decoder,
  hex,
  integer,
  object,
  oneNumber,
  oneOf,
  required,
  text,
} from "../core/decode.ts";
import type { CollateralItem, CollateralService } from "../evidence/collateral.ts";
import { bundleHeaders } from "./bundle_headers.ts";

/** Version of the forms; files of another one are as good as absent. */
const VERSION = 1;

/** Last moment that a Date can say, ms since 1970. */
const LAST_MOMENT = 8.64e15;

/** Longest title, address or reason, characters. */
const WORDS = text("[^\\u0000-\\u001f\\u007f]{0,1000}", "a line of text");
const MOMENT = integer(0, LAST_MOMENT);
const KEY = text("[A-Za-z0-9/?=&._-]{1,400}", "a key");
const REALM = text("vendor|[0-9a-f]{64}", "a realm");
const NUMBER = orNull(text("[0-9]{1,100}", "a number in decimal"));

/** What is kept of an answer beside its body. Moments are ms since 1970. */
export interface EntryForm {
  readonly v: 1;
  readonly realm: string;
  readonly key: string;
  readonly title: string;
  readonly kind: CollateralItem["kind"];
  readonly service: CollateralService;
  readonly path: string;
  readonly blob: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sequence: string | null;
  readonly issued: number;
  readonly expires: number;
  readonly confirmed: number;
  readonly source: string;
}

/** Reads {@linkcode EntryForm}. */
export const ENTRY: Decoder<EntryForm> = object<EntryForm>({
  v: required(oneNumber(VERSION), "Version of this form"),
  realm: required(REALM, "Whose roots"),
  key: required(KEY, "Key of the item"),
  title: required(WORDS, "What it is"),
  kind: required(
    oneOf("certificate", "chain", "crl", "tcb-info", "qe-identity"),
    "What kind of thing",
  ),
  service: required(
    oneOf("amd-kds", "intel-pcs", "intel-certificates", "azure-thim"),
    "Who hands it out",
  ),
  path: required(WORDS, "Path and query"),
  blob: required(hex(32), "SHA-256 of the body"),
  headers: required(bundleHeaders, "Headers that belong to the content"),
  sequence: required(NUMBER, "Number of the issue"),
  issued: required(MOMENT, "Since when it holds"),
  expires: required(MOMENT, "Until when"),
  confirmed: required(MOMENT, "When a source last gave it"),
  source: required(text("vendor|bundle|https?://[^\\u0000-\\u0020]{1,500}", "a source"), "Which"),
});

/** What was seen of a thing. */
export interface SeenForm {
  readonly v: 1;
  readonly realm: string;
  readonly key: string;
  readonly sequence: string | null;
  readonly issued: number;
}

/** Reads {@linkcode SeenForm}. */
export const SEEN: Decoder<SeenForm> = object<SeenForm>({
  v: required(oneNumber(VERSION), "Version of this form"),
  realm: required(REALM, "Under which root"),
  key: required(KEY, "Key of the item"),
  sequence: required(NUMBER, "Number of the issue"),
  issued: required(MOMENT, "Since when it holds"),
});

/** A note: when something happened, until when it matters, and what. */
export interface NoteForm {
  readonly v: 1;
  readonly name: string;
  readonly at: number;
  readonly until: number;
  readonly code: string;
  readonly says: string;
}

/** Reads {@linkcode NoteForm}. */
export const NOTE: Decoder<NoteForm> = object<NoteForm>({
  v: required(oneNumber(VERSION), "Version of this form"),
  name: required(WORDS, "What it is about"),
  at: required(MOMENT, "When it was left"),
  until: required(MOMENT, "Until when it matters"),
  code: required(WORDS, "Code"),
  says: required(WORDS, "In words"),
});

function orNull<T>(decoder: Decoder<T>): Decoder<T | null> {
  return {
    schema: { anyOf: [decoder.schema, { type: "null" }] },
    decode: (value, path) => value === null ? null : decoder.decode(value, path),
  };
}

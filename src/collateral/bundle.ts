/**
 * A bundle: collateral in one file, for places without network and for hours
 * without vendors. Its contents are the vendors' word and are authenticated
 * again; who signs it vouches for their age.
 *
 * @module
 */

import { fromBase64, toBase64 } from "../core/bytes.ts";
import { canonicalJson, type CanonicalValue } from "../core/canonical_json.ts";
import {
  DecodeError,
  type Decoder,
  list,
  object,
  oneNumber,
  required,
  text,
} from "../core/decode.ts";
import { InputError } from "../core/errors.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import type { CollateralAnswer } from "../evidence/collateral.ts";
import { bundleHeaders } from "./bundle_headers.ts";

/** Type of the payload of a signed bundle. */
export const BUNDLE_TYPE = "application/vnd.casemate.collateral+json";

/** Most things in a bundle; the limit of a signed file is reached before. */
const MAX_ITEMS = 20_000;

/** One thing in a bundle. */
export interface BundleItem {
  /** Key of its item, which says what it must be. */
  readonly key: string;
  /** What the source answered. */
  readonly answer: CollateralAnswer;
  /** When a source last gave it, by the word of who made the bundle. */
  readonly confirmed: Date;
}

/** What a bundle holds. */
export interface Bundle {
  /** When it was made. */
  readonly made: Date;
  /** The things, each once. */
  readonly items: readonly BundleItem[];
}

interface ItemForm {
  readonly key: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly confirmed: string;
}

interface Form {
  readonly v: 1;
  readonly made: string;
  readonly items: readonly ItemForm[];
}

const BASE64 = text("[A-Za-z0-9+/]+={0,2}", "base64");
const MOMENT = text(
  "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z",
  "a moment as 2026-11-22T08:00:00.000Z",
);

const FORM: Decoder<Form> = object<Form>({
  v: required(oneNumber(1), "Version of this form"),
  made: required(MOMENT, "When the bundle was made"),
  items: required(
    list(
      object<ItemForm>({
        key: required(text("[A-Za-z0-9/?=&._-]{1,400}", "a key"), "What it is"),
        body: required(BASE64, "Body of the answer, base64"),
        headers: required(bundleHeaders, "Headers of the answer that belong to it"),
        confirmed: required(MOMENT, "When a source last gave it"),
      }),
      MAX_ITEMS,
    ),
    "What it holds",
  ),
});

/**
 * Writes a bundle, in the one form of RFC 8785; things stand in the order of their keys.
 *
 * @param bundle What it holds, at least one thing.
 */
export function writeBundle({ made, items }: Bundle): Uint8Array<ArrayBuffer> {
  const sorted = [...items].sort((a, b) => a.key < b.key ? -1 : 1);
  return canonicalJson(
    {
      v: 1,
      made: made.toISOString(),
      items: sorted.map(({ key, answer, confirmed }): CanonicalValue => ({
        key,
        body: toBase64(answer.body),
        headers: answer.headers,
        confirmed: confirmed.toISOString(),
      })),
    },
  );
}

/**
 * Reads a bundle strictly. Nothing in it is authenticated yet.
 *
 * @param payload Bytes of {@linkcode writeBundle}.
 * @param name What to call it in errors, as its path.
 * @throws {InputError} `collateral.bundle_form`
 */
export function readBundle(payload: Uint8Array, name: string): Bundle {
  try {
    const { made, items } = FORM.decode(parseStrictJson(payload), "");
    refuseRepeated(items);
    return { made: momentOf(made), items: items.map(itemOf) };
  } catch (cause) {
    const isForm = cause instanceof DecodeError || cause instanceof SyntaxError ||
      cause instanceof RangeError;
    if (!isForm) throw cause;
    const where = cause instanceof DecodeError && cause.path !== "" ? `${cause.path} ` : "";
    throw new InputError(
      `Cannot read ${name} as a bundle of collateral: ${where}${cause.message}`,
      {
        code: "collateral.bundle_form",
        fields: { file: name },
        cause,
      },
    );
  }
}

function itemOf({ key, body, headers, confirmed }: ItemForm): BundleItem {
  return {
    key,
    answer: { body: fromBase64(body), headers },
    confirmed: momentOf(confirmed),
  };
}

/** Of two things of one key, one would be passed over in silence. */
function refuseRepeated(items: readonly ItemForm[]): void {
  const keys = new Set<string>();
  for (const { key } of items) {
    if (keys.has(key)) throw new SyntaxError(`it has ${key} twice`);
    keys.add(key);
  }
}

function momentOf(written: string): Date {
  const moment = new Date(written);
  // A 30th of February would be taken for another day.
  if (Number.isNaN(moment.getTime()) || moment.toISOString() !== written) {
    throw new SyntaxError(`${written} is no moment`);
  }
  return moment;
}

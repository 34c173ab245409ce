/**
 * Recognises files that are no evidence: policies, reference values, signed
 * documents, tokens, keys, audit bundles, results.
 *
 * @module
 */

import { looksLikeDsse } from "../../core/dsse.ts";
import { InputError } from "../../core/errors.ts";
import { MAX_POLICY_BYTES } from "../../core/limits.ts";
import type { Shown } from "../../core/shown.ts";
import { showJwks, showKey } from "./keys.ts";
import { termsKindOf } from "../../recognise/terms.ts";
import { documentShown } from "./where.ts";

/** What to call a file in errors, which name it themselves. */
const NAME = "it";

/** Three parts of base64url, of which the first begins as a JSON object does. */
const TOKEN = /^ey[\w-]+\.[\w-]+\.[\w-]+\s*$/;

/** Written by `casemate evidence verify --audit`; what is damaged may be no JSON. */
const AUDIT = /^\s*\{[^]*"kind"\s*:\s*"casemate-audit"/;

/**
 * Recognises what says by its form what it is.
 *
 * @param bytes The file, not empty.
 * @returns Its description; null where it is none of these.
 * @throws {InputError | RejectedError} where it is one of them, but damaged.
 */
export async function recogniseDocument(bytes: Uint8Array): Promise<Shown | null> {
  const text = textOf(bytes);
  const key = await showKey(bytes, text);
  if (key !== null || text === null) return key;
  if (TOKEN.test(text)) {
    const { showToken } = await import("./token.ts");
    return showToken(text.trim());
  }
  if (looksLikeDsse(bytes)) return (await import("./signed.ts")).showSigned(bytes);
  if (AUDIT.test(text)) {
    const { readBundle } = await import("../../audit/read.ts");
    const { describeBundle } = await import("../audit/describe.ts");
    return describeBundle(readBundle(bytes, NAME));
  }
  const document = jsonObjectIn(text);
  return document === null ? null : await recogniseJson(bytes, document);
}

type Members = Readonly<Record<string, unknown>>;

async function recogniseJson(bytes: Uint8Array, document: Members): Promise<Shown | null> {
  const has = (...names: readonly string[]) => names.every((name) => Object.hasOwn(document, name));
  if (has("v", "made", "items")) {
    const { readBundle } = await import("../../collateral/bundle.ts");
    const { bundleSection } = await import("./content.ts");
    return documentShown("collateral", [bundleSection(readBundle(bytes, NAME))]);
  }
  if (has("v", "variant", "verdict", "findings")) {
    const rows = ["variant", "verdict", "says"].map((name) => ({
      name,
      value: String(document[name]),
    }));
    return documentShown("result", [{ title: "What it says", rows }]);
  }
  return await showJwks(bytes, document);
}

/**
 * Recognises policies and reference values, whose form is that of any YAML or
 * JSON: only what nobody else knows is looked at.
 *
 * @param bytes The file.
 * @returns Its description; null where it is neither.
 * @throws {InputError} `policy.*`, `reference.*` where it is one of them, but wrong.
 */
export async function recogniseTerms(bytes: Uint8Array): Promise<Shown | null> {
  const text = bytes.length > MAX_POLICY_BYTES ? null : textOf(bytes);
  if (text === null || !/^[ \t]*["']?version["']?[ \t]*:/m.test(text) && !/^\s*\{/.test(text)) {
    return null;
  }
  const { parsePolicyText } = await import("../../policy/parse.ts");
  const document = parsedOrNull(() => parsePolicyText(bytes, NAME));
  const kind = termsKindOf(document);
  if (kind === null) return null;
  const { policySections, referenceSections } = await import("./content.ts");
  const sections = kind === "reference-values" ? referenceSections : policySections;
  return documentShown(kind, sections(document));
}

/** What is no YAML is not known to be meant as it. */
function parsedOrNull(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function jsonObjectIn(text: string): Members | null {
  if (!/^\s*\{/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value))
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

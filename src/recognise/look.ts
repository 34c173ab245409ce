/**
 * Says what one file is, by its content.
 *
 * @module
 */

import type { AuditBundle } from "../audit/bundle.ts";
import { readBundle } from "../audit/read.ts";
import type { Engine } from "../core/crypto.ts";
import { looksLikeDsse } from "../core/dsse.ts";
import { parseStrictJson } from "../core/strict_json.ts";
import { describeX509 } from "../core/x509.ts";
import { MAX_BUNDLE_BYTES } from "../audit/limits.ts";
import { evidenceOf } from "../evidence/envelope/certificate.ts";
import { openEnvelope } from "../evidence/envelope/cmw.ts";
import type { Envelope } from "../evidence/envelope/envelope.ts";
import { looksLikeTable } from "../evidence/snp/looks.ts";
import { collectionOf } from "./collections.ts";
import { derItems } from "./der_items.ts";
import type { Piece } from "./kinds.ts";
import type { Paper } from "./papers.ts";
import { pieceKind } from "./piece_kind.ts";
import { parseSimpleYaml } from "./simple_yaml.ts";
import { termsKindOf } from "./terms.ts";
import { plainOf, textOf, type Written } from "./written.ts";

/** A file as it was given. */
export interface NamedFile {
  /** What the giver calls it. */
  readonly name: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
}

/** What one file is. */
export type What =
  /** Evidence with its statement. */
  | { readonly kind: "envelope"; readonly title: string; readonly envelope: Envelope }
  /** A verification that somebody kept. */
  | { readonly kind: "audit"; readonly bundle: AuditBundle }
  /** Pieces of evidence, and papers that belong to some. */
  | {
    readonly kind: "pieces";
    readonly title: string | null;
    readonly pieces: readonly Piece[];
    readonly papers: readonly Paper[];
  }
  | { readonly kind: "statement" }
  /** What the verifier judges by, as plain data; `either` could be a policy as well as reference values. */
  | { readonly kind: "policy" | "reference" | "either"; readonly document: unknown }
  | { readonly kind: "signed-reference" }
  /** A result in a token, or keys to read such with. */
  | { readonly kind: "token" | "keys" }
  /** Nothing that is known: what can be said of it. */
  | { readonly kind: "unknown"; readonly says: string };

/** A file, recognised. */
export interface Look {
  /** What it is. */
  readonly what: What;
  /** Its bytes, where it was text of hex or base64 what that stood for. */
  readonly bytes: Uint8Array;
  /** How it was written, where it was not as it is. */
  readonly written: Written | null;
}

/**
 * Looks at a file.
 *
 * @param engine Verification engine.
 * @param file The file.
 * @throws {InputError | RejectedError} where it is known, but damaged.
 */
export async function lookAt(engine: Engine, file: NamedFile): Promise<Look> {
  const asIs = await whatIs(engine, file);
  if (asIs !== null) return { what: asIs, bytes: file.bytes, written: null };
  const { bytes, written } = plainOf(file.bytes);
  const what = written === null ? null : await whatIs(engine, { name: file.name, bytes });
  if (what !== null) return { what: notWhole(what), bytes, written };
  return { what: { kind: "unknown", says: saysUnknown(bytes) }, bytes, written };
}

/** A command line would have to write the bytes first. */
function notWhole(what: What): What {
  if (what.kind !== "pieces") return what;
  return {
    ...what,
    pieces: what.pieces.map((piece) => ({ ...piece, whole: false })),
    papers: what.papers.map((paper) => ({ ...paper, of: 0 })),
  };
}

async function whatIs(engine: Engine, file: NamedFile): Promise<What | null> {
  const { bytes } = file;
  if (bytes.length === 0) return { kind: "unknown", says: "It is empty" };
  if (bytes.length > MAX_BUNDLE_BYTES) return { kind: "unknown", says: "It is too large" };
  return cborRecord(bytes) ?? await textual(engine, file) ?? await binary(engine, file);
}

/** An array of two or three items, of which the first is a text (RFC 8949 §3.1): a CMW record. */
function cborRecord(bytes: Uint8Array): What | null {
  const [array, first = 0] = bytes;
  const isRecord = (array === 0x82 || array === 0x83) && first >= 0x60 && first <= 0x7b;
  return isRecord ? { kind: "envelope", title: "CMW record", envelope: openEnvelope(bytes) } : null;
}

async function textual(engine: Engine, file: NamedFile): Promise<What | null> {
  const text = textOf(file.bytes);
  if (text === null) return null;
  if (/^\s*ey[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(text)) return { kind: "token" };
  if (/^\s*\[\s*"/.test(text)) {
    return { kind: "envelope", title: "CMW record", envelope: openEnvelope(file.bytes) };
  }
  if (/^\s*\{/.test(text)) return await json(engine, file, text);
  return /^[ \t]*["']?version["']?[ \t]*:/m.test(text) ? terms(parseSimpleYaml, text) : null;
}

async function json(engine: Engine, file: NamedFile, text: string): Promise<What | null> {
  const { bytes, name } = file;
  if (/"kind"\s*:\s*"casemate-audit"/.test(text)) {
    return { kind: "audit", bundle: readBundle(bytes, name) };
  }
  if (looksLikeDsse(bytes)) return { kind: "signed-reference" };
  if (/"statement"\s*:\s*"/.test(text)) {
    return { kind: "envelope", title: "Envelope", envelope: openEnvelope(bytes) };
  }
  if (/"(?:tlsSpki|hpkeKey|bootId)"\s*:\s*"/.test(text)) return { kind: "statement" };
  const kind = pieceKind(bytes);
  if (kind !== null) return pieces([{ kind, bytes, from: name, whole: true }]);
  const document = membersOf(text);
  if (document === null) return null;
  const collection = collectionOf(document);
  if (collection !== null) return await together(engine, name, collection);
  if (Array.isArray(document["keys"]) || document["kty"] !== undefined) return { kind: "keys" };
  return terms(() => parseStrictJson(bytes), text);
}

function membersOf(text: string): Readonly<Record<string, unknown>> | null {
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

/** Policies and reference values; of what is neither nothing is said. */
function terms(parse: (text: string) => unknown, text: string): What | null {
  try {
    const document = parse(text);
    switch (termsKindOf(document)) {
      case "policy":
      case "pinning-policy":
        return { kind: "policy", document };
      case "reference-values":
        return { kind: "reference", document };
      case "pinned-values":
        return { kind: "either", document };
      case null:
        return null;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      kind: "unknown",
      says: `It looks like a policy that this page does not read: ${error.message}`,
    };
  }
}

/** Each part of a collection by itself. */
async function together(
  engine: Engine,
  name: string,
  { title, parts }: NonNullable<ReturnType<typeof collectionOf>>,
): Promise<What> {
  const found = await Promise.all(parts.map((part) => binary(engine, part)));
  const inside = found.flatMap((what) => what?.kind === "pieces" ? [what] : []);
  return {
    kind: "pieces",
    title,
    pieces: inside.flatMap(({ pieces }) => pieces).map((piece) => ({
      ...piece,
      from: name,
      whole: false,
    })),
    papers: inside.flatMap(({ papers }) => papers).map((paper) => ({
      ...paper,
      from: name,
      of: 0,
    })),
  };
}

async function binary(engine: Engine, { name, bytes }: NamedFile): Promise<What | null> {
  const kind = pieceKind(bytes);
  if (kind !== null) {
    return reportAndTable(engine, name, bytes) ??
      pieces([{ kind, bytes, from: name, whole: true }]);
  }
  if (looksLikeTable(bytes)) return await certificateTable(engine, name, bytes);
  const ders = derItems(bytes);
  return ders.length === 0 ? null : await papersIn(engine, name, ders);
}

function pieces(found: readonly Piece[]): What {
  return { kind: "pieces", title: null, pieces: found, papers: [] };
}

/** Length of an SEV-SNP report; devices hand out the certificate table behind it. */
const REPORT_BYTES = 1184;

function reportAndTable(engine: Engine, name: string, bytes: Uint8Array): Promise<What> | null {
  const table = bytes.subarray(REPORT_BYTES);
  if (!looksLikeTable(table)) return null;
  const report: Piece = {
    kind: "snp-report",
    bytes: bytes.slice(0, REPORT_BYTES),
    from: name,
    whole: false,
  };
  return certificateTable(engine, name, table.slice()).then((what) =>
    what.kind === "pieces"
      ? { ...what, title: "AMD report with certificates", pieces: [report, ...what.pieces] }
      : what
  );
}

async function certificateTable(engine: Engine, name: string, bytes: Uint8Array): Promise<What> {
  // The engine answers with this shape; tests hold it.
  const { entries } = await engine.run("snp_certificate_table", [bytes]) as {
    readonly entries: readonly { readonly offset: number; readonly length: number }[];
  };
  const ders = entries.flatMap(({ offset, length }) =>
    derItems(bytes.slice(offset, offset + length))
  );
  return await papersIn(engine, name, ders, "AMD certificate table");
}

/** A lone certificate may carry evidence. */
async function papersIn(
  engine: Engine,
  name: string,
  ders: readonly Uint8Array[],
  title: string | null = null,
): Promise<What> {
  const [first, ...others] = ders;
  if (first !== undefined && others.length === 0) {
    const carried = await carriedBy(engine, name, first);
    if (carried !== null) return carried;
  }
  const papers: Paper[] = [];
  for (const der of ders) {
    const [item] = await describeX509(engine, der);
    if (item !== undefined) {
      papers.push({ item, der, from: name, of: title === null ? ders.length : 0 });
    }
  }
  return { kind: "pieces", title, pieces: [], papers };
}

async function carriedBy(engine: Engine, name: string, der: Uint8Array): Promise<What | null> {
  const [item] = await describeX509(engine, der);
  if (item?.kind !== "certificate") return null;
  const carried = await evidenceOf(engine, der);
  if (carried === null) return null;
  if (carried.kind === "envelope") {
    return {
      kind: "envelope",
      title: "Certificate with evidence",
      envelope: openEnvelope(carried.bytes),
    };
  }
  const kind = pieceKind(carried.bytes);
  if (kind === null) return null;
  const piece: Piece = { kind, bytes: carried.bytes, from: name, whole: false };
  return { kind: "pieces", title: "Certificate with a quote", pieces: [piece], papers: [] };
}

function saysUnknown(bytes: Uint8Array): string {
  const text = textOf(bytes);
  const size = `${bytes.length} bytes`;
  if (text === null) return `${size} of no known kind`;
  return `Text of no known kind, which begins ${JSON.stringify(text.trim().slice(0, 24))}`;
}

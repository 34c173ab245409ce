/**
 * Says what evidence in one piece is: an envelope, bare, in a CMW record or in a
 * certificate; and a statement alone.
 *
 * @module
 */

import type { Engine } from "../../core/crypto.ts";
import { CasemateError, RejectedError } from "../../core/errors.ts";
import type { Shown, ShownRow, ShownSection } from "../../core/shown.ts";
import { evidenceOf } from "../../evidence/envelope/certificate.ts";
import { openEnvelope } from "../../evidence/envelope/cmw.ts";
import type { Envelope } from "../../evidence/envelope/envelope.ts";
import { technologies } from "../../evidence/registry.ts";
import { readStatement } from "../../evidence/statement/read.ts";
import type { Statement } from "../../evidence/statement/statement.ts";
import type { VariantFacts } from "../../evidence/variants/facts.ts";
import { reasonOf } from "../explain.ts";
import { STATEMENT_SAYS } from "./statement_says.ts";

/** The command that takes an envelope in any form. */
const USED_BY = "casemate evidence verify";

/** What carries an envelope. */
type Carrier = "envelope" | "cmw-json" | "cmw-cbor" | "certificate";

const CARRIERS: Readonly<Record<Carrier, string>> = {
  "envelope": "Envelope",
  "cmw-json": "CMW record in JSON",
  "cmw-cbor": "CMW record in CBOR",
  "certificate": "X.509 certificate that carries evidence",
};

/** Kinds that `casemate evidence verify` takes as they are. */
export const CARRIER_KINDS: readonly string[] = Object.keys(CARRIERS);

/** Says in a few words what a piece of evidence seems to be. */
export type Seems = (bytes: Uint8Array) => Promise<string>;

/**
 * Says what an envelope, a CMW record or a statement is.
 *
 * @param bytes The file.
 * @param seems Says what a piece in it is.
 * @returns Its description; null where it is none of these.
 * @throws {InputError} `envelope.*` where it is one, but damaged.
 * @throws {RejectedError} `statement.*` where it is a statement, but damaged.
 */
export async function showStated(bytes: Uint8Array, seems: Seems): Promise<Shown | null> {
  const form = formOf(bytes);
  if (form === null) return null;
  return form === "statement" ? showStatement(bytes) : await showEnvelope(bytes, form, seems);
}

/**
 * Says what a certificate carries.
 *
 * @param engine Verification engine.
 * @param bytes PEM or DER.
 * @param seems Says what a piece in it is.
 * @returns Its description; null where it is no lone certificate, or carries nothing.
 * @throws {InputError} `envelope.*` where what it carries is damaged.
 */
export async function showCarrier(
  engine: Engine,
  bytes: Uint8Array,
  seems: Seems,
): Promise<Shown | null> {
  const carried = await carriedBy(engine, bytes);
  if (carried === null) return null;
  if (carried.kind === "envelope") return await showEnvelope(carried.bytes, "certificate", seems);
  const section = { title: "Carried", rows: [await pieceRow("quote", carried.bytes, seems)] };
  return {
    kind: "certificate-with-quote",
    title: "X.509 certificate that carries a bare quote, and no statement (not verified)",
    usedBy: null,
    sections: [section],
  };
}

async function carriedBy(engine: Engine, bytes: Uint8Array): ReturnType<typeof evidenceOf> {
  try {
    return await evidenceOf(engine, bytes);
  } catch (error) {
    // What is no lone certificate is for others to describe.
    if (error instanceof CasemateError && !error.code.startsWith("envelope.")) return null;
    throw error;
  }
}

/**
 * Whether a file is meant as an envelope, a CMW record or a statement; it may still be damaged.
 *
 * @param bytes The file.
 */
export function looksStated(bytes: Uint8Array): boolean {
  return formOf(bytes) !== null;
}

/** Which of them a file is meant as. */
function formOf(bytes: Uint8Array): Exclude<Carrier, "certificate"> | "statement" | null {
  // An array of two or three items, of which the first is a text (RFC 8949 §3.1).
  const [array, first = 0] = bytes;
  if ((array === 0x82 || array === 0x83) && first >= 0x60 && first <= 0x7b) return "cmw-cbor";
  const text = new TextDecoder().decode(bytes);
  if (/^\s*\[\s*"/.test(text)) return "cmw-json";
  if (!/^\s*\{/.test(text)) return null;
  if (/"statement"\s*:\s*"/.test(text)) return "envelope";
  return /"(?:tlsSpki|hpkeKey|bootId)"\s*:\s*"/.test(text) ? "statement" : null;
}

async function showEnvelope(bytes: Uint8Array, carrier: Carrier, seems: Seems): Promise<Shown> {
  const envelope = openEnvelope(bytes);
  const isKnown = factsOf(envelope) !== undefined;
  return {
    kind: carrier,
    title: `${CARRIERS[carrier]} of ${envelope.variant} (not verified)`,
    usedBy: isKnown ? USED_BY : null,
    sections: [
      variantSection(envelope),
      statementSection(envelope),
      { title: "Evidence in it", rows: [], table: await piecesTable(envelope, seems) },
    ],
  };
}

function factsOf({ variant }: Envelope): VariantFacts | undefined {
  return technologies.find(({ id }) => id === variant)?.facts;
}

function variantSection(envelope: Envelope): ShownSection {
  const { variant } = envelope;
  const meaning = factsOf(envelope)?.title ?? "not known here";
  return {
    title: "Variant, by its own word",
    rows: [{ name: "variant", value: variant, meaning }],
  };
}

/** A damaged statement hides nothing of the rest. */
function statementSection({ statement }: Envelope): ShownSection {
  const title = "Statement, by the node's own word";
  try {
    return { title, rows: statementRows(readStatement(statement)) };
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    return { title, rows: [{ name: "damaged", value: `${reasonOf(error)} [${error.code}]` }] };
  }
}

function showStatement(bytes: Uint8Array): Shown {
  const statement = readStatement(bytes);
  const technology = technologies.find(({ id }) => id === statement.variant);
  return {
    kind: "statement",
    title: "Statement of a node (not verified)",
    usedBy: technology === undefined ? null : `${USED_BY} ${technology.command} --statement`,
    sections: [{ title: "Statement, by the node's own word", rows: statementRows(statement) }],
  };
}

function statementRows(statement: Statement): readonly ShownRow[] {
  return STATEMENT_SAYS.map(([name, meaning]) => {
    const value = String(statement[name]);
    return { name, value: value === "" ? "(empty)" : value, meaning };
  });
}

async function piecesTable(
  { files }: Envelope,
  seems: Seems,
): Promise<NonNullable<ShownSection["table"]>> {
  const pieces = Object.entries(files).flatMap(([role, file]) =>
    file === undefined
      ? []
      : (file instanceof Uint8Array ? [file] : file).map((one) => [role, one] as const)
  );
  const rows: (readonly string[])[] = [];
  for (const [role, one] of pieces) rows.push([role, `${one.length}`, await seems(one)]);
  return { columns: ["member", "bytes", "what it seems to be"], rows };
}

async function pieceRow(name: string, bytes: Uint8Array, seems: Seems): Promise<ShownRow> {
  return { name, value: `${bytes.length} bytes`, meaning: await seems(bytes) };
}

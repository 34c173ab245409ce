/**
 * Certificates and lists on their way from right to bent, whatever the
 * technology: what stands in which file, in which form, and which of it its
 * issuer has signed.
 *
 * @module
 */

import { concat, toBase64, toHex } from "../../../src/core/bytes.ts";
import { type LabKey, pem, seal, type SignatureAlgorithm } from "../../../src/lab/mod.ts";
import { NOW } from "../../lab_authority.ts";
import type { Dice } from "../../bends/dice.ts";
import { derNode, editDer, writeDer } from "../../bends/der_edits.ts";
import type { StepTable } from "../steps.ts";
import { anyByteStep } from "./bytes.ts";
import { differingParts, isIdle, partOf, timesIn } from "./x509_difference.ts";

/** Who issued minted certificates and lists. */
export interface Office {
  /** As they were minted, DER by name. */
  readonly minted: Readonly<Record<string, Uint8Array>>;
  /** Keys of their issuers. */
  readonly keys: Readonly<Record<string, LabKey>>;
  /** How they are signed. */
  readonly algorithm: SignatureAlgorithm;
  /** What stands in which file. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** Files that are always PEM, as the chain in a quote. */
  readonly text: readonly string[];
}

/** How a file is written. */
export type Form = "der" | "pem" | "hex";

/** A state. */
export interface Papers {
  readonly office: Office;
  /** Names of what is changed; nothing else is. */
  readonly names: readonly string[];
  /** As they are now. */
  readonly now: Readonly<Record<string, Uint8Array>>;
  /** Names of those that their issuers did not sign as they are now. */
  readonly unsigned: ReadonlySet<string>;
  /** What stands in which file. */
  readonly files: Office["files"];
  /** How each file is written; by default in DER. */
  readonly forms: Readonly<Record<string, Form>>;
  /** Files that were changed as bytes. */
  readonly written: Readonly<Record<string, Uint8Array>>;
  /** Whether the changed root is trusted, too. */
  readonly trusted: boolean;
}

/** Nothing changed yet. */
export function freshPapers(office: Office, names: readonly string[]): Papers {
  const { minted: now, files, text } = office;
  const forms = Object.fromEntries(text.map((role) => [role, "pem"] as const));
  const rest = { unsigned: new Set<string>(), written: {}, trusted: false } as const;
  return { office, names, now, files, forms, ...rest };
}

/** A file as it is written. */
export function fileOf({ written, files, forms, now }: Papers, role: string): Uint8Array {
  const items = (files[role] ?? []).map((name) => now[name] ?? new Uint8Array());
  return written[role] ?? writeItems(items, forms[role] ?? "der");
}

function writeItems(items: readonly Uint8Array[], form: Form): Uint8Array {
  if (form === "der") return concat(...items);
  const text = form === "hex"
    ? items.map(toHex).join("")
    : items.map((item) => pem(isList(item) ? "X509 CRL" : "CERTIFICATE", item)).join("");
  return new TextEncoder().encode(text);
}

/** Lists have no `[3]` in their signed part; what cannot be taken apart is called a certificate. */
function isList(item: Uint8Array): boolean {
  try {
    return derNode(item).inner[0]?.inner.every(({ tag }) => tag !== 0xa3) === true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** One edit or two of the signed part, signed by the issuer mostly; or of the frame around it. */
async function withEdit(papers: Papers, dice: Dice): Promise<Papers> {
  const { office, now } = papers;
  const name = dice.pick(papers.names);
  const root = derNode(now[name] ?? new Uint8Array());
  const [signedPart] = root.inner;
  if (signedPart === undefined) throw new RangeError("There is nothing that is signed");
  const around = dice.once(8);
  for (let i = dice.pick([1, 1, 1, 2]); i > 0; i--) editDer(around ? root : signedPart, dice);
  const own = office.keys[name];
  const stranger = Object.values(office.keys).find((key) => key !== own);
  const key = dice.once(10) ? stranger : own;
  const signWith = key ?? dice.pick(Object.values(office.keys));
  const { algorithm } = office;
  const fits = signWith.kind === own?.kind;
  const changed = around || !fits
    ? writeDer(root)
    : await seal(writeDer(signedPart), { algorithm, signWith });
  const unsigned = new Set(papers.unsigned);
  if (around || signWith !== own) unsigned.add(name);
  else unsigned.delete(name);
  // Files are put together anew.
  return { ...papers, now: { ...now, [name]: changed }, unsigned, written: {} };
}

/** A file with other items, or in another order. */
function rearranged(papers: Papers, dice: Dice): Papers {
  const role = dice.pick(Object.keys(papers.files));
  const names = papers.files[role] ?? [];
  const all = Object.keys(papers.now);
  const other = dice.pick([
    [...names].reverse(),
    names.slice(1),
    names.slice(0, -1),
    [...names, dice.pick(all)],
    [dice.pick(all), ...names],
    [...names, ...names],
    Array.from({ length: dice.pick([0, 1, 2, 3, 9, 40]) }, () => dice.pick(all)),
  ]);
  return { ...papers, files: { ...papers.files, [role]: other }, written: {} };
}

function inForm(papers: Papers, dice: Dice): Papers {
  const role = dice.pick(Object.keys(papers.files));
  const form = dice.pick<Form>(["der", "pem", "pem", "hex"]);
  return { ...papers, forms: { ...papers.forms, [role]: form }, written: {} };
}

async function withBytes(papers: Papers, dice: Dice): Promise<Papers> {
  const role = dice.pick(Object.keys(papers.files));
  const file = await anyByteStep(fileOf(papers, role), dice);
  return { ...papers, written: { ...papers.written, [role]: file } };
}

/** The steps. */
export const PAPER_STEPS: StepTable<Papers> = {
  "edit": withEdit,
  "order": rearranged,
  "form": inForm,
  "bytes": withBytes,
  "text": async (papers, dice) => await withBytes(inForm(papers, dice), dice),
  "trust": (papers) => ({ ...papers, trusted: true }),
};

/** How often each is taken. */
export const PAPER_WEIGHTS = { "edit": 6, "bytes": 2, "text": 3 } as const;

/** What is wrong with what the files hold; null where nothing is. */
export type ObjectionToFiles = (papers: Papers) => string | null;

/** What is wrong with accepting these; null where nothing is. */
export function objectionToPapers(
  papers: Papers,
  allowed: ReadonlySet<string>,
  toFiles: ObjectionToFiles = toOtherFiles,
): string | null {
  const { office, now, unsigned } = papers;
  const changed = Object.keys(now).filter((name) => now[name] !== office.minted[name]);
  for (const name of changed) {
    const [own, other] = [office.minted[name], now[name]];
    if (own === undefined || other === undefined || !isUsed(papers, name)) continue;
    if (toHex(own) === toHex(other)) continue;
    if (unsigned.has(name)) return `${name} is not signed`;
    const parts = differingParts(own, other).filter((part) =>
      !allowed.has(part) && !allowed.has(`${name}: ${part}`)
    );
    const wrong = parts.filter((part) =>
      !isTimely(part, other) && !isIdle(other, part) &&
      !(part === "key usage" && allowsMore(own, other))
    );
    if (wrong.length > 0) return `${name} differs in ${wrong.join(", ")}`;
  }
  return toFiles(papers);
}

/** Each file holds what it did. */
function toOtherFiles(papers: Papers): string | null {
  const spoilt = Object.keys(papers.files).find((role) => !saysTheSame(papers, role));
  return spoilt === undefined ? null : `${spoilt} holds something else`;
}

/** A key that may do more still may do what it must; what it may is the last octet of a BIT STRING. */
function allowsMore(own: Uint8Array, other: Uint8Array): boolean {
  const [was, is] = [own, other].map((item) => partOf(item, "key usage").at(-1) ?? 0);
  return ((was ?? 0) & ~(is ?? 0)) === 0;
}

/** Times may differ where NOW still lies between them. */
function isTimely(part: string, item: Uint8Array): boolean {
  const now = NOW.getTime() / 1000;
  const [first = Infinity, last = Infinity] = timesIn(partOf(item, part));
  if (part === "validity") return first <= now && now <= last;
  if (part === "thisUpdate") return first <= now;
  return part === "nextUpdate" && first >= now && first < Infinity;
}

function isUsed({ files }: Papers, name: string): boolean {
  return Object.values(files).some((names) => names.includes(name));
}

/** Whether a file holds what it should, each item once and in order, and nothing else that has a meaning. */
function saysTheSame(papers: Papers, role: string): boolean {
  const wanted = (papers.office.files[role] ?? []).map((name) => papers.now[name]);
  const items = wanted.map((item) => item ?? new Uint8Array());
  const file = fileOf(papers, role);
  return toHex(plainItems(file)) === toHex(concat(...items));
}

/** DER of what a file holds; PEM and hex by their own plain rules, blanks around and between passed over. */
export function plainItems(file: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(file).replace(/[\0\s]+$/, "").replace(/^\s+/, "");
  if (/^30[0-9a-fA-F\s]+$/.test(text)) return Uint8Array.fromHex(text.replace(/\s/g, ""));
  if (!text.startsWith("-----BEGIN ")) return file;
  const block = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----\s*/y;
  const blocks: Uint8Array[] = [];
  while (block.lastIndex < text.length) {
    const [, , base64 = ""] = block.exec(text) ?? [];
    // Something stands between that is no block.
    if (base64 === "") return file;
    const digits = base64.replace(/[\r\n]/g, "");
    const decoded = Uint8Array.fromBase64(digits, { lastChunkHandling: "strict" });
    if (toBase64(decoded) !== digits) return file;
    blocks.push(decoded);
  }
  return concat(...blocks);
}

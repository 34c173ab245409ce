/**
 * Reads and checks the tables of stable codes, `src/**\/codes.json`.
 *
 * @module
 */
import { type CodeClass, type CodeEntry, EXIT_CODE_OF_CLASS } from "../../src/core/code_entry.ts";

/** One `codes.json`, read and checked. */
export interface CodeTable {
  /** Folder that holds it, relative to the root: `src/evidence/snp`. */
  readonly folder: string;
  /** Its codes in the order of the file. */
  readonly entries: ReadonlyMap<string, CodeEntry>;
}

/** First parts of the codes that `src/core` owns; elsewhere the folder's own name is the only one. */
const CORE_PREFIXES: readonly string[] = [
  "input",
  "policy",
  "x509",
  "trust",
  "freshness",
  "engine",
  "key",
  "dsse",
  "time",
];

const CODE = /^[a-z][a-z0-9]*(?:\.[a-z][a-z0-9_]*)+$/;
const CHECK = /^[a-z][a-z0-9]*(?:\.[a-z][a-z0-9-]*)+$/;

/**
 * Checks one table.
 *
 * @param folder Folder of the file, relative to the root.
 * @param json Content of its `codes.json`.
 * @throws {Error} naming folder and code.
 */
export function readTable(folder: string, json: string): CodeTable {
  const raw: unknown = JSON.parse(json);
  if (!isRecord(raw)) throw new Error(`${folder}/codes.json: not an object`);
  refuseRepeats(folder, json);
  const entries = new Map<string, CodeEntry>();
  for (const [code, entry] of Object.entries(raw)) {
    checkCode(folder, code);
    entries.set(code, readEntry(`${folder}/codes.json: ${code}`, entry));
  }
  return { folder, entries };
}

/**
 * Refuses a code that two tables define.
 *
 * @param tables All tables.
 */
export function refuseShared(tables: readonly CodeTable[]): void {
  const owners = new Map<string, string>();
  for (const { folder, entries } of tables) {
    for (const code of entries.keys()) {
      const owner = owners.get(code);
      if (owner !== undefined) throw new Error(`${code}: defined in ${owner} and in ${folder}`);
      owners.set(code, folder);
    }
  }
}

/** `JSON.parse` keeps the last of two equal keys and says nothing. */
function refuseRepeats(folder: string, json: string): void {
  const seen = new Set<string>();
  for (const [, key] of json.matchAll(/"([^"\\]*)"\s*:\s*\{/g)) {
    if (key === undefined) continue;
    if (seen.has(key)) throw new Error(`${folder}/codes.json: ${key}: defined twice`);
    seen.add(key);
  }
}

function checkCode(folder: string, code: string): void {
  if (!CODE.test(code)) {
    throw new Error(`${folder}/codes.json: ${code}: not of the form \`prefix.snake_case\``);
  }
  const name = folder.split("/").at(-1) ?? "";
  const allowed = folder === "src/core" ? CORE_PREFIXES : [name];
  const prefix = code.split(".")[0] ?? "";
  if (!allowed.includes(prefix)) {
    throw new Error(`${folder}/codes.json: ${code}: prefix must be ${allowed.join(", ")}`);
  }
}

function readEntry(where: string, raw: unknown): CodeEntry {
  if (!isRecord(raw)) throw new Error(`${where}: not an object`);
  for (const key of Object.keys(raw)) {
    if (!["class", "check", "says", "remedy"].includes(key)) {
      throw new Error(`${where}: unknown key ${key}`);
    }
  }
  const { check } = raw;
  if (!isCodeClass(raw.class)) throw new Error(`${where}: unknown class ${String(raw.class)}`);
  if (check !== null && (typeof check !== "string" || !CHECK.test(check))) {
    throw new Error(`${where}: \`check\` must be null or the id of a check, as \`snp.chain\``);
  }
  return {
    class: raw.class,
    check,
    says: readSentence(`${where}: says`, raw.says),
    remedy: readSentence(`${where}: remedy`, raw.remedy),
  };
}

function readSentence(where: string, raw: unknown): string {
  if (typeof raw !== "string" || raw.trim() !== raw || raw === "") {
    throw new Error(`${where}: must be text without blanks around it`);
  }
  if (raw.endsWith(".") || /[\n\r]/.test(raw)) {
    throw new Error(`${where}: must be one line without a full stop at the end`);
  }
  return raw;
}

function isCodeClass(value: unknown): value is CodeClass {
  return typeof value === "string" && Object.hasOwn(EXIT_CODE_OF_CLASS, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

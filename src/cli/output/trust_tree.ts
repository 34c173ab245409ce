/**
 * The chain of trust as a tree: root, chain, key, evidence, platform, guest, each with its checks.
 *
 * @module
 */

import { type Finding, type FindingKind, type Link, LINKS } from "../../evidence/finding.ts";
import { chainOf, commonName } from "../../report/certificates.ts";
import { brief, elide } from "./layout.ts";
import { sign, type Style } from "./style.ts";

/** Names of the links. */
const NAMES: Readonly<Record<Link, string>> = {
  files: "Files",
  root: "Root",
  chain: "Chain",
  key: "Key",
  evidence: "Evidence",
  platform: "Platform",
  guest: "Guest",
};

/** How the tree is set. */
export interface TreeOptions {
  /** Most characters of a line. */
  readonly width: number;
  /** The looks. */
  readonly style: Style;
}

/** A finding is listed apart, not in the tree, where nothing depends on it and it was not checked. */
function isShown(finding: Finding): boolean {
  return finding.required || finding.kind === "mismatch" || finding.kind === "match";
}

/** A link with its checks. */
interface Group {
  readonly name: string;
  readonly findings: readonly Finding[];
}

/**
 * Sets the tree.
 *
 * @param findings All findings of a result.
 * @param claims Its claims, whose certificates give the links their names.
 * @param options Width and looks.
 */
export function trustTree(
  findings: readonly Finding[],
  claims: unknown,
  options: TreeOptions,
): readonly string[] {
  const subjects = subjectsOf(claims);
  const shown = findings.filter(isShown);
  // The guest is what all of it is about: its link stands there even where nothing is known of it.
  const groups = LINKS
    .map((link): Group => ({
      name: NAMES[link],
      findings: shown.filter((finding) => finding.link === link),
    }))
    .filter((group) => group.findings.length > 0 || group.name === NAMES.guest);
  return groups.flatMap((group, depth) => {
    const stem = depth === 0 ? "  " : `  ${"   ".repeat(depth - 1)}└─ `;
    const under = `  ${"   ".repeat(depth)}${depth === groups.length - 1 ? "   " : "│  "}`;
    return [
      stem + head(group, subjects.get(group.name), options.width - stem.length, options.style),
      ...checkLines(group.findings, under, options),
    ];
  });
}

function head(
  { name, findings }: Group,
  subject: string | undefined,
  room: number,
  style: Style,
): string {
  const about = findings.length === 0 ? "not examined" : subject ?? "";
  const text = elide(about, Math.max(8, room - name.length - 4));
  return `${sign(worst(findings), style)} ${style.bold(name)}${
    text === "" ? "" : `  ${style.dim(text)}`
  }`;
}

function subjectsOf(claims: unknown): ReadonlyMap<string, string> {
  const names = chainOf(claims).map((certificate) => commonName(certificate.subject));
  const [root, ...below] = names;
  if (root === undefined) return new Map();
  const leaf = below.at(-1);
  const between = below.slice(0, -1).join(" → ");
  return new Map([
    ["Root", root],
    ...(between === "" ? [] : [["Chain", between] as const]),
    ...(leaf === undefined ? [] : [["Key", leaf] as const]),
  ]);
}

function worst(findings: readonly Finding[]): FindingKind {
  if (findings.length === 0) return "unchecked";
  if (findings.some((finding) => finding.kind === "mismatch")) return "mismatch";
  return findings.some((finding) => finding.kind === "unchecked" && finding.required)
    ? "unchecked"
    : "match";
}

/** One line per check: its title, and what the evidence says or which rule was followed. */
function checkLines(
  findings: readonly Finding[],
  indent: string,
  options: TreeOptions,
): readonly string[] {
  const column = Math.max(0, ...findings.map((finding) => finding.title.length));
  return findings.map((finding) => {
    const head = `${indent}${sign(finding.kind, options.style)} `;
    const room = options.width - indent.length - 2 - column - 2;
    const detail = detailOf(finding);
    if (room < 12 || detail === "") {
      return head + elide(finding.title, Math.max(12, options.width - indent.length - 2));
    }
    return `${head}${finding.title.padEnd(column)}  ${options.style.dim(brief(detail, room))}`;
  });
}

function detailOf(finding: Finding): string {
  if (finding.kind === "unchecked") return finding.code === null ? "not reached" : "not checked";
  return finding.kind === "mismatch" ? "see above" : finding.actual ?? finding.source;
}

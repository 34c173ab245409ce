/**
 * The chain of trust as a tree: root, chain, leaf, report, guest, each with its checks.
 *
 * @module
 */

import type { Finding, FindingKind } from "../../evidence/finding.ts";
import { chainOf, commonName } from "./certificates.ts";
import { elide } from "./layout.ts";
import { sign, type Style } from "./style.ts";

/** A link of the chain of trust. */
interface Link {
  readonly name: string;
  /** Checks that stand under it, by the last part of their ids, which all technologies share. */
  readonly checks: readonly string[];
}

/** From the root down; what no link names is said about the guest. */
const LINKS: readonly Link[] = [
  { name: "Files", checks: ["encoding"] },
  { name: "Root", checks: ["root", "product"] },
  { name: "Chain", checks: ["chain", "validity", "revocation"] },
  { name: "Leaf", checks: ["leaf", "leaf-binding", "chip-id", "chip-list"] },
  { name: "Report", checks: ["report", "signature"] },
];

const GUEST = "Guest and platform";

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
  const links = [...LINKS.map(({ name }) => name), GUEST];
  const groups = links
    .map((name) => ({
      name,
      findings: findings.filter((finding) => isShown(finding) && linkOf(finding) === name),
    }))
    .filter((group) => group.findings.length > 0);
  return groups.flatMap(({ name, findings: own }, depth) => {
    const last = depth === groups.length - 1;
    const stem = depth === 0 ? "  " : `  ${"   ".repeat(depth - 1)}└─ `;
    const under = `  ${"   ".repeat(depth)}${last ? "   " : "│  "}`;
    const subject = subjects.get(name);
    const head = `${stem}${sign(worst(own), options.style)} ${options.style.bold(name)}`;
    const about = subject === undefined ? "" : `  ${
      options.style.dim(
        elide(subject, Math.max(8, options.width - stem.length - name.length - 4)),
      )
    }`;
    return [head + about, ...checkLines(own, under, options)];
  });
}

function linkOf(finding: Finding): string {
  const check = finding.id.split(".")[1] ?? "";
  return LINKS.find((link) => link.checks.includes(check))?.name ?? GUEST;
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
    ...(leaf === undefined ? [] : [["Leaf", leaf] as const]),
  ]);
}

function worst(findings: readonly Finding[]): FindingKind {
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
  const column = Math.max(...findings.map((finding) => finding.title.length));
  return findings.map((finding) => {
    const head = `${indent}${sign(finding.kind, options.style)} `;
    const room = options.width - indent.length - 2 - column - 2;
    const detail = detailOf(finding);
    if (room < 12 || detail === "") {
      return head + elide(finding.title, Math.max(12, options.width - indent.length - 2));
    }
    return `${head}${finding.title.padEnd(column)}  ${options.style.dim(elide(detail, room))}`;
  });
}

function detailOf(finding: Finding): string {
  if (finding.kind === "unchecked") return finding.code === null ? "not reached" : "not checked";
  return finding.kind === "mismatch" ? "see above" : finding.actual ?? finding.source;
}

/**
 * Command lines that come to the result of the page.
 *
 * @module
 */

import { fromBase64 } from "../core/bytes.ts";
import { printable } from "../core/printable.ts";
import { commandLine, type CommandPart } from "../report/command_line.ts";
import type { CheckCommand } from "../report/report.ts";
import type { Heap } from "../recognise/mod.ts";
import type { Verified } from "./outcome.ts";
import type { Terms } from "./state.ts";

/** Width of a line, characters. */
const WIDTH = 78;

/** Name under which the audit bundle is offered. */
export const AUDIT_NAME = "audit.json";

/** How names of what was pasted begin. */
export const PASTED = "pasted text ";

/** Flags of what a statement must say, by key. */
const STATED: Readonly<Record<string, string>> = {
  purpose: "purpose",
  audience: "audience",
  requestDigest: "request-digest",
  clusterId: "cluster-id",
  manifestDigest: "manifest-digest",
  role: "role",
  nodeName: "node-name",
  tlsSpki: "tls-key",
};

/**
 * Roots of labs that were believed, each under the name by which it is offered
 * and the command lines name it.
 *
 * @param verified The verification.
 */
export function labRootsOf(
  { request, audit }: Verified,
): readonly (readonly [name: string, der: Uint8Array])[] {
  const roots = audit?.bundle.request.labRoots.map(fromBase64) ?? request?.labRoots ?? [];
  return roots.map((der, i) => [i === 0 ? "lab-root.der" : `lab-root-${i + 1}.der`, der]);
}

/**
 * Command lines for a verification.
 *
 * @param verified The verification.
 * @param heap What was given; null where nobody has it as files, as a sample.
 * @param terms What it was judged by.
 */
export function commandsFor(
  verified: Verified,
  heap: Heap | null,
  terms: Terms,
): readonly CheckCommand[] {
  const { audit, result } = verified;
  const direct = audit === null && heap !== null ? directLine(verified, heap, terms) : null;
  const bundle: readonly CommandPart[] = [
    ["casemate", "audit", "verify"],
    [audit === null || isOdd(audit.name) ? AUDIT_NAME : asFile(audit.name)],
    ["--policy-digest", result.digests.policy],
    ...rootParts(verified),
  ];
  return [
    ...(direct === null ? [] : [{ says: "From the files that you gave", line: direct }]),
    {
      says: audit === null
        ? "From the audit bundle that can be downloaded below, offline; the digest is to be the one of your policy"
        : "From the audit bundle, offline; the digest is to be the one of your policy",
      line: commandLine(bundle, WIDTH),
    },
  ];
}

/** Null where a file would have to be made first, since the command line takes whole ones. */
function directLine(verified: Verified, heap: Heap, terms: Terms): string | null {
  const { candidate, request, result: { time } } = verified;
  if (candidate === null || request === null) return null;
  const { technology, isEnvelope, from } = candidate;
  // Roots that nobody said to believe stayed out.
  const placed = candidate.placed.filter(({ role }) => Object.hasOwn(request.evidence, role));
  const names = [from ?? "", ...placed.map(({ piece }) => piece.from)];
  const documents = [...heap.policies, ...heap.references, ...heap.signed, ...heap.keys];
  names.push(...documents.map(({ name }) => name));
  if (placed.some(({ piece }) => !piece.whole) || names.some(isOdd)) return null;
  const flagOf = (role: string): string =>
    technology.files.find((input) => input.role === role)?.flag ?? role;
  const needsFile = candidate.statement !== null && !isEnvelope;
  if (needsFile || heap.policies.length + heap.references.length > 2) return null;
  if (Object.values(terms.pinned).some((text) => text.trim() !== "")) return null;
  const parts: readonly CommandPart[] = [
    ["casemate", "evidence", "verify"],
    [isEnvelope ? asFile(from ?? "") : technology.command],
    ...placed.map(({ role, piece }) => [`--${flagOf(role)}`, asFile(piece.from)]),
    ...questionParts(terms, isEnvelope),
    ...heap.policies.map(({ name }) => ["--policy", asFile(name)]),
    ...[...heap.references, ...heap.signed].map(({ name }) => ["--reference", asFile(name)]),
    ...(heap.signed.length === 0 ? [] : heap.keys.map(({ name }) => ["--owner-key", asFile(name)])),
    ...rootParts(verified),
    ["--at", time],
  ];
  return commandLine(parts, WIDTH);
}

function questionParts(
  { question, nonce, data, stated }: Terms,
  isStated: boolean,
): readonly CommandPart[] {
  if (question === "none") return [["--no-freshness"]];
  const said = Object.entries(stated).filter(([, text]) => text !== "" && isStated);
  return [
    ...(question === "data" ? [] : [["--nonce", bare(nonce)]]),
    ...(question === "nonce" ? [] : [["--report-data", bare(data)]]),
    ...said.map(([key, text]) => [`--${STATED[key] ?? key}`, text]),
  ];
}

function rootParts(verified: Verified): readonly CommandPart[] {
  return labRootsOf(verified).map(([name]) => ["--lab-root", name]);
}

/**
 * Whether no command line can name it: what was pasted is in no file, and a name
 * with controls in it would not be copied as it is.
 *
 * @param name Name of what was given.
 */
export function isOdd(name: string): boolean {
  return name.startsWith(PASTED) || printable(name) !== name;
}

/**
 * A name that the command line takes for no flag, and not for standard input.
 *
 * @param name Name of a file.
 */
export function asFile(name: string): string {
  return name.startsWith("-") ? `./${name}` : name;
}

function bare(text: string): string {
  return text.replace(/[\s:]/g, "").replace(/^0x/i, "");
}

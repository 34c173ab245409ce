/**
 * Holds the modules of the project against the table of layers.
 *
 * @module
 */
import { findCycles } from "./cycles.ts";
import { findImports, findOtherThanReexport, type Import } from "./imports.ts";
import { findForeignNames, findRuntimeNames } from "./names.ts";
import {
  EVIDENCE_REGISTRIES,
  LAYERS,
  NAMES_RUNTIME,
  NEUTRAL,
  OUTSIDE,
  PACKAGES,
  SHARED_EVIDENCE,
  TECHNOLOGIES,
  WASM_GATES,
} from "./table.ts";
import { type Token, tokenize } from "./tokens.ts";

/** Something that is not as the table says. */
export interface Finding {
  /** Path of the module, relative to the root. */
  readonly path: string;
  /** Line, from 1. */
  readonly line: number;
  /** What is wrong. */
  readonly message: string;
}

/**
 * Judges modules.
 *
 * @param sources Source of each module by its path relative to the root.
 * @returns Findings, in the order of the modules; none if all is well.
 */
export function judgeLayers(sources: ReadonlyMap<string, string>): Finding[] {
  const findings: Finding[] = [];
  const graph = new Map<string, readonly string[]>();
  for (const [path, source] of sources) {
    const tokens = tokenize(source);
    const imports = findImports(tokens);
    const messages = [...judgeNames(path, tokens), ...judgeImports(path, imports)];
    findings.push(...messages.map(([line, message]) => ({ path, line, message })));
    const targets = imports.flatMap(({ specifier }) => resolve(path, specifier) ?? []);
    graph.set(path, targets.filter((target) => sources.has(target)));
  }
  for (const cycle of findCycles(graph)) {
    const path = cycle[0] ?? "";
    findings.push({ path, line: 1, message: `imports itself: ${[...cycle, path].join(" -> ")}` });
  }
  return findings;
}

type Message = readonly [line: number, message: string];

function judgeNames(path: string, tokens: readonly Token[]): Message[] {
  const messages: Message[] = [];
  const area = areaOf(path);
  if (area === undefined) messages.push([1, "stands in a folder that the table does not know"]);
  if (path === "mod.ts") {
    const line = findOtherThanReexport(tokens);
    if (line !== undefined) messages.push([line, "mod.ts only re-exports"]);
  }
  const names = NAMES_RUNTIME.test(path) ? [] : findRuntimeNames(tokens);
  if (area !== undefined && NEUTRAL.includes(area) && !OUTSIDE.test(path)) {
    names.push(...findForeignNames(tokens));
  }
  for (const { name, why, line } of names) messages.push([line, `${name} ${why}`]);
  return messages;
}

function judgeImports(path: string, imports: readonly Import[]): Message[] {
  if (OUTSIDE.test(path)) return [];
  return imports.flatMap((item): Message[] => {
    const target = resolve(path, item.specifier);
    const message = target === undefined
      ? judgePackage(path, item.specifier)
      : judgeEdge(path, target, item.typeOnly);
    return message === undefined ? [] : [[item.line, message]];
  });
}

function judgePackage(path: string, specifier: string): string | undefined {
  if (specifier.startsWith("node:")) {
    return NAMES_RUNTIME.test(path) ? undefined : `${specifier} is of one runtime`;
  }
  const area = areaOf(path) ?? "";
  const allowed = PACKAGES[area] ?? [];
  return allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`))
    ? undefined
    : `${area} does not import the package ${specifier}`;
}

function judgeEdge(path: string, target: string, typeOnly: boolean): string | undefined {
  if (OUTSIDE.test(target)) return `${target} is no part of the program`;
  const [from, to] = [areaOf(path), areaOf(target)];
  if (from === undefined) return undefined;
  if (from === to) return from === "evidence" ? judgeEvidence(path, target) : undefined;
  const allowed = LAYERS[from] ?? [];
  if (allowed.includes(target)) return undefined;
  if (to === undefined) return `${target} stands in a folder that the table does not know`;
  if (allowed.includes(to)) {
    return to === "wasm" && from === "core" && !WASM_GATES.includes(path)
      ? `only ${WASM_GATES.join(" and ")} import wasm/`
      : undefined;
  }
  if (!allowed.includes(`${to}*`)) return `${from} does not import ${to}`;
  return typeOnly ? undefined : `${from} imports ${to} by \`import type\` only`;
}

/** Inside `src/evidence`: who knows which folder. */
function judgeEvidence(path: string, target: string): string | undefined {
  const [from, to] = [evidenceFolder(path), evidenceFolder(target)];
  if (EVIDENCE_REGISTRIES.includes(path) || from === to) return undefined;
  if (EVIDENCE_REGISTRIES.includes(target)) return `${path} does not import a registry`;
  if (to === undefined) return undefined;
  if (SHARED_EVIDENCE.includes(to)) return undefined;
  if (from === undefined) return `only ${EVIDENCE_REGISTRIES.join(" and ")} know the folders`;
  if (SHARED_EVIDENCE.includes(from)) return `${from}, which others share, does not import ${to}`;
  if (TECHNOLOGIES.includes(from)) return `the technology ${from} does not import ${to}`;
  return TECHNOLOGIES.includes(to) ? undefined : `${from} does not import the pairing ${to}`;
}

function evidenceFolder(path: string): string | undefined {
  return /^src\/evidence\/([^/]+)\//.exec(path)?.[1];
}

/** The key in the table that a module belongs to; undefined if none does. */
function areaOf(path: string): string | undefined {
  if (OUTSIDE.test(path)) return "outside";
  const area = /^src\/([^/]+)\//.exec(path)?.[1] ?? /^wasm(?=\/)/.exec(path)?.[0] ?? path;
  return Object.hasOwn(LAYERS, area) ? area : undefined;
}

/** Path of a relative import; undefined for a package. */
function resolve(path: string, specifier: string): string | undefined {
  if (!/^\.{1,2}\//.test(specifier)) return undefined;
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}

/**
 * Findings: first those that are wrong or missing, with what to do; then all of
 * them, by the link of the chain that they are about.
 *
 * @module
 */

import type { CodeEntry } from "../core/code_entry.ts";
import { type Finding, type Link, LINKS } from "../evidence/finding.ts";
import type { Result } from "../results/result.ts";
import { glyph, signOf } from "./glyph.ts";
import { type Markup, markup } from "./markup.ts";
import { compared, whole } from "./value.ts";
import { KIND_NAMES, LINK_NAMES, VOUCHERS } from "./words.ts";

/** Meanings of codes. */
export type Codes = ReadonlyMap<string, CodeEntry>;

/**
 * What is wrong or missing, what decided first; null where nothing is.
 *
 * @param result What a verification said.
 * @param codes Meanings of codes.
 */
export function drawProblems({ findings, code }: Result, codes: Codes): Markup | null {
  const problems = findings.filter(({ kind, code }) =>
    kind === "mismatch" || (kind === "unchecked" && code !== null)
  );
  if (problems.length === 0) return null;
  const rank = (finding: Finding): number =>
    finding.code === code ? 0 : finding.kind === "mismatch" ? 1 : 2;
  const sorted = withoutRepeats([...problems].sort((a, b) => rank(a) - rank(b)));
  return markup`<section class="problems" aria-labelledby="problems"><h2 id="problems">${
    titleOf(problems)
  }</h2>${sorted.map((finding) => drawProblem(finding, finding.code === code, codes))}</section>`;
}

function titleOf(problems: readonly Finding[]): string {
  const wrong = problems.filter(({ kind }) => kind === "mismatch").length;
  if (wrong === 0) return "What is missing";
  return wrong === problems.length ? "What does not hold" : "What does not hold, or is missing";
}

/** Checks that could not be done for one and the same want are told together. */
function withoutRepeats(problems: readonly Finding[]): readonly Finding[] {
  const sameWant = (a: Finding, b: Finding): boolean =>
    a.kind === "unchecked" && b.kind === "unchecked" && a.code === b.code;
  return problems.flatMap((finding, at) => {
    if (problems.slice(0, at).some((earlier) => sameWant(earlier, finding))) return [];
    const same = problems.filter((other) => sameWant(other, finding));
    if (same.length < 2) return [finding];
    return [{ ...finding, title: same.map(({ title }) => title).join(", "), actual: null }];
  });
}

/** The sentence on top already says what the deciding one means (`told`). */
function drawProblem(finding: Finding, told: boolean, codes: Codes): Markup {
  const { kind, required, title, code, expected, actual } = finding;
  const entry = code === null ? undefined : codes.get(code);
  return markup`<article class="problem">${glyph(signOf(kind, required))}<div>
<h3>${title} <span class="state">${KIND_NAMES[kind]}</span></h3>
${entry === undefined || told ? null : markup`<p>${entry.says}.</p>`}
${compared(expected, valueOf(actual))}
${entry === undefined ? null : markup`<p class="remedy">${entry.remedy}.</p>`}
${code === null ? null : markup`<p class="code"><code>${code}</code></p>`}</div></article>`;
}

/** A refusal without details has an error's sentence where a value would be; the meaning has said it better. */
function valueOf(actual: string | null): string | null {
  return actual?.startsWith("Cannot ") === true ? null : actual;
}

/**
 * All findings, foldable; a link with something wrong stands open.
 *
 * @param result What a verification said.
 */
export function drawFindings({ findings }: Result): Markup {
  const groups = LINKS.map((link) => [link, findings.filter((one) => one.link === link)] as const)
    .filter(([, own]) => own.length > 0);
  return markup`<section class="findings" aria-labelledby="findings"><h2 id="findings">All findings</h2>
<p class="lead">${countOf(findings)}. What was not checked is never a pass.</p>
${groups.map(([link, own]) => drawGroup(link, own))}</section>`;
}

function countOf(findings: readonly Finding[]): string {
  const counts = [
    ["match", "holds", "hold"],
    ["mismatch", "does not", "do not"],
    ["unchecked", "was not checked", "were not checked"],
    ["not-applicable", "does not apply", "do not apply"],
  ] as const;
  const told = counts.flatMap(([kind, one, several]) => {
    const count = findings.filter((finding) => finding.kind === kind).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
  });
  return `Of ${findings.length} ${findings.length === 1 ? "check" : "checks"} ${told.join(", ")}`;
}

function drawGroup(link: Link, findings: readonly Finding[]): Markup {
  const wrong = findings.some(({ kind, required }) =>
    kind === "mismatch" || (kind === "unchecked" && required)
  );
  const body = markup`<summary><h3>${LINK_NAMES[link]}</h3> <span>${
    countOf(findings)
  }</span></summary>
<table><thead><tr><th scope="col">Check</th><th scope="col">Found</th><th scope="col">By whose word, by which rule</th></tr></thead>
<tbody>${findings.map(drawRow)}</tbody></table>`;
  return wrong ? markup`<details open>${body}</details>` : markup`<details>${body}</details>`;
}

function drawRow(finding: Finding): Markup {
  const { kind, required, title, id, root, source } = finding;
  const word = kind === "match" ? markup`<div>${VOUCHERS[root][0]}</div>` : null;
  return markup`<tr class="f-${kind}"><th scope="row">${
    glyph(signOf(kind, required))
  }${title} <code>${id}</code></th>
<td><span class="kind">${KIND_NAMES[kind]}${required ? "" : ", not needed"}</span>${
    valueIn(finding)
  }</td><td>${word}<span class="by">${source}</span></td></tr>`;
}

/** Where both are one and the same, once. */
function valueIn({ expected, actual }: Finding): Markup | null {
  if (expected === null && actual !== null) return markup`<div class="one">${whole(actual)}</div>`;
  if (expected !== null && expected === actual) {
    return markup`<div class="one">${whole(actual)}</div>`;
  }
  return compared(expected, actual);
}

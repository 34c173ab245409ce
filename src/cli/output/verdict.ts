/**
 * A result as a person understands it at a glance: verdict and weakest root
 * first, then what is wrong and what to do, then the chain of trust.
 *
 * @module
 */

import type { CodeEntry } from "../../core/code_entry.ts";
import type { Terminal } from "../../core/ports.ts";
import type { AnyTechnology } from "../../evidence/evidence.ts";
import type { Finding } from "../../evidence/finding.ts";
import type { Outcome, Result, Verdict } from "../../results/result.ts";
import { provenBy } from "../../report/proven.ts";
import { rootName } from "../../verifier/says.ts";
import { collateralLines, type Missing } from "./collateral.ts";
import { difference } from "./difference.ts";
import { brief, bulleted, labelled, usableWidth, wrap } from "./layout.ts";
import { printableData } from "./printable.ts";
import { renderSection } from "./shown.ts";
import { type Paint, sign, type Style, styleOf } from "./style.ts";
import { trustTree } from "./trust_tree.ts";

const WORDS: Readonly<Record<Verdict | Outcome, string>> = {
  "trusted": "TRUSTED",
  "lab-trusted": "LAB-TRUSTED",
  "platform-only": "PLATFORM ONLY",
  "unavailable": "UNAVAILABLE",
  "rejected": "REJECTED",
  "genuine": "GENUINE",
  "not-genuine": "NOT GENUINE",
};

/** What a result is told with. */
export interface VerdictOptions {
  /** Technology of the evidence. */
  readonly technology: Pick<AnyTechnology, "proves" | "tell">;
  /** Meanings of codes. */
  readonly codes: ReadonlyMap<string, CodeEntry>;
  /** Width and colour. */
  readonly terminal: Pick<Terminal, "width" | "colour">;
  /** What the files seem to be: name of the flag and description; told where the evidence was refused. */
  readonly files?: readonly (readonly [string, string])[];
  /** Collateral that was not to be had. */
  readonly missing?: readonly Missing[];
}

/** Narrowest detail beside what was not checked; where there is less room, it stands below. */
const NARROWEST_DETAIL = 8;

interface Page {
  readonly width: number;
  readonly style: Style;
}

/**
 * Sets a result.
 *
 * @param given What a verification said.
 * @param options Technology, codes and terminal.
 * @returns Text with its line ends.
 */
export function renderResult(given: Result, options: VerdictOptions): string {
  const result = printableData(given);
  const page: Page = {
    width: usableWidth(options.terminal.width),
    style: styleOf(options.terminal.colour),
  };
  const lines = [
    ...headLines(result, page),
    ...problemLines(result, options, page),
    ...fileLines(printableData(options.files ?? []), page),
    ...section("Collateral", collateralOf(result, options, page), page),
    ...section("Chain of trust", trustTree(result.findings, result.claims, page), page),
    ...toldLines(result, options.technology, page),
    ...section("Not checked", uncheckedLines(result.findings, page), page),
    ...provesLines(result, options.technology, page),
  ];
  return lines.join("\n") + "\n";
}

function section(title: string, lines: readonly string[], { style }: Page): readonly string[] {
  return lines.length === 0 ? [] : ["", style.bold(title), ...lines];
}

function collateralOf(
  { collateral, time }: Result,
  { missing = [] }: VerdictOptions,
  page: Page,
): readonly string[] {
  return collateralLines(collateral, printableData(missing), time, page);
}

/** Refused evidence says nothing. */
function toldLines(
  { claims }: Result,
  { tell }: VerdictOptions["technology"],
  page: Page,
): readonly string[] {
  // The claims of a result are what its technology proved.
  const sections = claims === null || tell === undefined
    ? []
    : tell(claims as Parameters<typeof tell>[0]);
  return printableData(sections).flatMap((one) => renderSection(one, page));
}

function headLines(result: Result, page: Page): readonly string[] {
  const { style, width } = page;
  const word = result.verdict ?? result.outcome;
  const paint = paintOf(word, style);
  const warnings = result.warnings.flatMap((warning) =>
    bulleted("! ", [warning], { width, indent: "" })
  ).map(style.warn);
  const accepted = result.acceptRoots.join(", ");
  const rows: readonly (readonly [string, string])[] = [
    ["weakest root", rootText(result)],
    ...(result.roots.length > 1 ? [["all roots", result.roots.join(", ")] as const] : []),
    ...(result.verdict === null ? [] : [["policy accepts", accepted] as const]),
    ...referenceRows(result),
    ["judged for", result.time],
  ];
  return [
    ...warnings,
    style.bold(paint(word === null ? "NO VERDICT" : WORDS[word])),
    ...bulleted("", [`${result.says}.`], { width, indent: "" }),
    ...labelled(rows, { width, indent: "  ", label: style.dim }),
  ];
}

/** Which reference values, and whose word they are; a caller's own need not be told. */
function referenceRows({ reference }: Result): readonly (readonly [string, string])[] {
  if (reference === null) return [];
  const { release, set, owner } = reference;
  if (release === null && owner === null) return [];
  const parts = [release, set === null ? null : `set ${set}`].filter((part) => part !== null);
  const by = owner === null ? "which nobody signed" : `signed by ${brief(owner, 25)}`;
  return [["reference", [...parts, by].join(", ")]];
}

/** The root with its meaning, unless the sentence above it has said that. */
function rootText({ weakestRoot, says }: Result): string {
  const name = rootName(weakestRoot);
  return says.includes(name) || name.toLowerCase() === weakestRoot
    ? weakestRoot
    : `${weakestRoot} (${name})`;
}

function paintOf(word: Verdict | Outcome | null, style: Style): Paint {
  if (word === "trusted" || word === "lab-trusted" || word === "genuine") return style.good;
  return word === "platform-only" || word === "unavailable" ? style.warn : style.bad;
}

/** Each check that failed, and each required one that was not done, with what to do. */
function problemLines(result: Result, options: VerdictOptions, page: Page): readonly string[] {
  const problems = result.findings.filter((finding) =>
    finding.kind === "mismatch" || (finding.kind === "unchecked" && finding.code !== null)
  );
  const decisive = problems.filter((finding) => finding.code === result.code);
  const others = problems.filter((finding) => finding.code !== result.code);
  const wrong = others.filter(({ kind }) => kind === "mismatch");
  const open = others.filter(({ kind }) => kind !== "mismatch");
  return withoutRepeats([...decisive, ...wrong, ...open]).flatMap((finding) =>
    problem(finding, finding.code === result.code, options, page)
  );
}

/** Checks that could not be done for one and the same want are told together. */
function withoutRepeats(problems: readonly Finding[]): readonly Finding[] {
  const isRepeat = (finding: Finding, of: Finding): boolean =>
    finding.kind === "unchecked" && of.kind === "unchecked" && finding.code === of.code;
  return problems.flatMap((finding, at) => {
    if (problems.slice(0, at).some((earlier) => isRepeat(finding, earlier))) return [];
    const same = problems.slice(at).filter((other) =>
      other === finding || isRepeat(other, finding)
    );
    const title = same.map((one) => one.title).join(", ");
    return [same.length === 1 ? finding : { ...finding, title }];
  });
}

/** The titles of many checks that were not done can be longer than a line. */
function heading({ kind, title }: Finding, { style, width }: Page): readonly string[] {
  const text = `${title}${kind === "unchecked" ? ": not checked" : ""}`;
  const lines = bulleted("", [text], { width: width - 2, indent: "" });
  return lines.map((line, i) => `${i === 0 ? sign(kind, style) : " "} ${style.bold(line)}`);
}

/** The sentence on top already says what the deciding one means (`told`). */
function problem(
  finding: Finding,
  told: boolean,
  options: VerdictOptions,
  page: Page,
): readonly string[] {
  const { style, width } = page;
  const entry = finding.code === null ? undefined : options.codes.get(finding.code);
  const indent = "    ";
  const rows: readonly (readonly [string, string])[] = [
    ...(entry === undefined || told ? [] : [["means", entry.says] as const]),
    ...(entry === undefined ? [] : [["do", entry.remedy] as const]),
    ...(finding.code === null ? [] : [["code", finding.code] as const]),
  ];
  const padded = rows.map(([label, text]) => [label.padEnd("expected".length), text] as const);
  return [
    "",
    ...heading(finding, page),
    ...difference(finding.expected, valueOf(finding.actual), { width, indent, style }),
    ...labelled(padded, { width, indent, label: style.dim }),
  ];
}

/** A refusal without details has an error's sentence where a value would be; the top has said it better. */
function valueOf(actual: string | null): string | null {
  return actual?.startsWith("Cannot ") === true ? null : actual;
}

function fileLines(files: readonly (readonly [string, string])[], page: Page): readonly string[] {
  return section(
    "What the files seem to be",
    labelled(files, { width: page.width, indent: "  " }),
    page,
  );
}

/** What nobody asked for: no harm to the verdict, but a reader must not think that it was checked. */
function uncheckedLines(findings: readonly Finding[], { width, style }: Page): readonly string[] {
  const passedBy = findings.filter((finding) => finding.kind === "unchecked" && !finding.required);
  const column = Math.max(0, ...passedBy.map((finding) => finding.title.length));
  const room = width - column - 6;
  const head = `  ${sign("unchecked", style)} `;
  return passedBy.flatMap(({ title, actual }) => {
    if (room >= NARROWEST_DETAIL) {
      const detail = actual === null ? "" : style.dim(brief(actual, room));
      return [`${head}${title.padEnd(column)}  ${detail}`.trimEnd()];
    }
    const [first = "", ...more] = wrap(title, width - 4);
    const below = actual === null ? [] : [style.dim(brief(actual, width - 6))];
    return [
      head + first,
      ...more.map((line) => `    ${line}`),
      ...below.map((line) => `      ${line}`),
    ];
  });
}

function provesLines(
  result: Result,
  technology: VerdictOptions["technology"],
  page: Page,
): readonly string[] {
  const proven = provenBy(result, technology);
  if (proven === null) return [];
  const { style, width } = page;
  const lab = result.verdict === "lab-trusted";
  const title = lab ? "On real hardware this would prove" : "This proves";
  return [
    ...section(title, bulleted("+ ", proven.yes, { width, indent: "  " }), page),
    ...section("This does not prove", bulleted("- ", proven.no, { width, indent: "  " }), page),
    ...(lab ? ["", ...bulleted("! ", [LAB_SAYS], { width, indent: "" }).map(style.warn)] : []),
  ];
}

const LAB_SAYS =
  "Lab evidence: it shows that the checks work, and proves nothing about any machine.";

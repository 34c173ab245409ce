/**
 * A result as a page for people: for the screen and, for an auditor, on paper.
 * A pure function; what it draws is what the result says and no more.
 *
 * @module
 */

import { toBase64 } from "../core/bytes.ts";
import { plainHash } from "../core/labelled_hash.ts";
import type { Result } from "../results/result.ts";
import { drawChain } from "./chain_picture.ts";
import { drawCollateral, drawDigests, drawReference, drawStatement } from "./documents.ts";
import { type Codes, drawFindings, drawProblems } from "./findings.ts";
import { drawRisks, drawVerdict } from "./head.ts";
import { Markup, markup } from "./markup.ts";
import { provenBy } from "./proven.ts";
import { STYLE } from "./style.ts";
import type { ReportTechnology } from "./technology.ts";
import { drawTold } from "./told.ts";

/** A command line, and what it does. */
export interface CheckCommand {
  /** What it does, for a person. */
  readonly says: string;
  /** The command line for a POSIX shell; may have several lines. */
  readonly line: string;
}

/** What a report is drawn with beside the result. */
export interface ReportOptions {
  /** Technology of the evidence. */
  readonly technology: ReportTechnology;
  /** Meanings of codes. */
  readonly codes: Codes;
  /** How to come to the same result; none where nothing is known of that. */
  readonly commands?: readonly CheckCommand[];
  /** What of it is only the word of who gave it, each a sentence without full stop; absent where all of it is the verifier's own. */
  readonly word?: readonly string[];
  /** Version of Casemate that came to the result. */
  readonly version: string;
}

/** The style of a report; it applies inside of `.casemate-report` alone. */
export const REPORT_STYLE: string = STYLE;

/**
 * Draws a result as a whole page that needs nothing else: no script, no request.
 *
 * @param result What a verification said.
 * @param options Technology, codes and commands.
 * @returns HTML, UTF-8.
 */
export function renderReport(result: Result, options: ReportOptions): string {
  const digest = toBase64(plainHash("sha256", new TextEncoder().encode(STYLE)));
  const policy =
    `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>${titleOf(result)}</title>
        <style>${Markup.constant(STYLE)}</style>
      </head>
      <body>${drawReport(result, options)}</body>
    </html>`;
  return page.toString();
}

function titleOf({ verdict, outcome, variant, time }: Result): string {
  return `${verdict ?? outcome ?? "no verdict"}: ${variant}, ${time.slice(0, 10)}`;
}

/**
 * Draws a result as part of another page, which has {@linkcode REPORT_STYLE} in it.
 *
 * @param result What a verification said.
 * @param options Technology, codes and commands.
 * @returns Markup of one element.
 */
export function drawReport(result: Result, options: ReportOptions): Markup {
  const { technology, codes, version } = options;
  return markup`<article class="casemate-report">
<header><strong>Casemate</strong> <span>Report of a verification</span></header>
${drawRisks(result)}
${drawVerdict(result, technology.facts?.title ?? technology.title)}
${drawProblems(result, codes)}
${drawChain(result, technology)}
${drawProven(result, technology)}
${drawStatement(result.statement)}
${drawReference(result.reference)}
${drawCollateral(result.collateral)}
${drawDigests(result)}
${drawCommands(options)}
${drawFindings(result)}
${drawTold(result, technology)}
<footer>Drawn by Casemate ${version} from a result of ${result.time}. This page proves nothing: what it says can be verified again from the evidence.</footer>
</article>`;
}

function drawProven(result: Result, technology: ReportTechnology): Markup | null {
  const proven = provenBy(result, technology);
  if (proven === null) return null;
  const title = result.verdict === "lab-trusted"
    ? "On real hardware this would prove"
    : "This proves";
  const items = (says: readonly string[]): Markup[] => says.map((one) => markup`<li>${one}</li>`);
  return markup`<section class="proven">
      <div>
        <h2>${title}</h2>
        <ul class="yes">${items(proven.yes)}</ul>
      </div>
      <div>
        <h2>This does not prove</h2>
        <ul class="no">${items(proven.no)}</ul>
      </div>
    </section>`;
}

function drawCommands({ commands = [], word = [] }: ReportOptions): Markup | null {
  if (commands.length === 0 && word.length === 0) return null;
  const words = word.length === 0 ? null : markup`<p class="lead">Only the word of who gave it:</p>
    <ul class="word">${word.map((one) => markup`<li>${one}</li>`)}</ul>`;
  return markup`<section class="commands"
      aria-labelledby="commands"><h2 id="commands">Verify it again</h2>${words}${
    commands.map((
      { says, line },
    ) =>
      markup`<p class="lead">${says}</p>
          <pre><code>${line}</code></pre>`
    )
  }</section>`;
}

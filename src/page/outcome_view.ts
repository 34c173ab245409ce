/**
 * Draws what came of it.
 *
 * @module
 */

import type { AnyTechnology } from "../evidence/evidence.ts";
import { commandLine } from "../report/command_line.ts";
import { glyph } from "../report/glyph.ts";
import { type Markup, markup } from "../report/markup.ts";
import { drawReport } from "../report/report.ts";
import { moment } from "../report/value.ts";
import { VERDICTS } from "../report/words.ts";
import type { Candidate, Heap } from "../recognise/mod.ts";
import { CODES } from "./codes.ts";
import { asFile, AUDIT_NAME, commandsFor, isOdd, labRootsOf } from "./commands.ts";
import type { Outcome, Verified } from "./outcome.ts";
import type { Terms } from "./state.ts";

/** What an outcome is drawn with. */
export interface Drawn {
  /** What was given. */
  readonly heap: Heap | null;
  /** Whether that is the sample, as it is or with one byte changed. */
  readonly sample: "whole" | "bent" | null;
  /** What it was judged by. */
  readonly terms: Terms;
  /** Version of Casemate. */
  readonly version: string;
  /** Who served the page; null where it is a file. */
  readonly server: string | null;
}

/**
 * Draws an outcome; null where there is nothing to tell.
 *
 * @param outcome The outcome.
 * @param drawn What it is drawn with.
 */
export function drawOutcome(outcome: Outcome, drawn: Drawn): Markup | null {
  switch (outcome.kind) {
    case "nothing":
      return null;
    case "unknown":
      return drawUnknown(drawn.heap);
    case "lacking":
      return drawLacking(outcome.candidate);
    case "wrong":
      return notice("Not verified", [
        sentence(outcome.message),
        CODES.get(outcome.code)?.remedy ?? "",
      ]);
    case "failed":
      return notice("Not verified", [
        `This page failed: ${sentence(outcome.message)}`,
        "Nothing was established. The command line does the same: casemate evidence verify.",
      ]);
    case "verified":
      return drawVerified(outcome, drawn);
    default:
      return outcome satisfies never;
  }
}

/**
 * What a screen reader is told.
 *
 * @param outcome The outcome.
 */
export function statusOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "nothing":
      return "";
    case "unknown":
      return "Nothing here can be verified yet.";
    case "lacking":
      return "Something is still missing.";
    case "wrong":
    case "failed":
      return "Not verified.";
    case "verified": {
      const { verdict, outcome: word, says } = outcome.result;
      const name = verdict ?? word;
      return `Verdict: ${name === null ? "none" : VERDICTS[name]}. ${says}.`;
    }
    default:
      return outcome satisfies never;
  }
}

/** Tokens are checked where the question is known that they answer, which is not here. */
function drawUnknown(heap: Heap | null): Markup {
  const title = "Nothing here can be verified yet";
  const tokens = heap?.tokens ?? [];
  if (tokens.length === 0) {
    return notice(title, [
      "None of the files is evidence of a machine. A report, a quote, an envelope or an audit bundle is.",
    ]);
  }
  const token = tokens.find(({ name }) => !isOdd(name))?.name ?? "token.jwt";
  const key =
    [...heap?.verifierKeys ?? [], ...heap?.keys ?? []].find(({ name }) => !isOdd(name))?.name ??
      "KEY";
  const parts = [
    ["casemate", "result", "verify"],
    [asFile(token)],
    ["--key", asFile(key)],
    ["--audience", "YOU"],
    ["--nonce", "HEX"],
    ["--policy-digest", "HEX"],
  ];
  return markup`<section class="notice" aria-labelledby="token"><h2 id="token">${
    glyph("not-examined")
  }A token is no evidence</h2><p>It is what a verifier says that it found, and is worth what that verifier is worth. Nothing of it was examined here: this page checks machines, not verifiers’ words. The command line checks tokens of the kind EAR by the verifier’s key, by whom it is for, by the nonce that you asked with, and by the policy that you demand, none of which may be taken from the token:</p><pre><code>${
    commandLine(parts, 78)
  }</code></pre><p>Or ask the verifier for the evidence, and give that to this page.</p></section>`;
}

function notice(title: string, lines: readonly string[]): Markup {
  const said = lines.filter((line) => line !== "");
  return markup`<section class="notice" aria-label="${title}"><h2>${
    glyph("not-examined")
  }${title}</h2>${said.map((line) => markup`<p>${line}</p>`)}</section>`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function drawLacking({ technology, missing, contested, placed }: Candidate): Markup {
  const title = technology.facts?.title ?? technology.title;
  const says = missing.map(({ says }) => markup`<li>${says}</li>`);
  const twice = contested.map((role) => {
    const names = placed.filter((one) => one.role === role).map(({ piece }) => piece.from);
    return markup`<p>${names.join(" and ")} are both the ${
      technology.files.find((input) => input.role === role)?.says ?? role
    }. Take one away.</p>`;
  });
  const list = says.length === 0
    ? null
    : markup`<p>To verify it, add</p><ul>${says}</ul>${drawFetch(technology, placed)}`;
  return markup`<section class="notice" aria-labelledby="lacking"><h2 id="lacking">${
    glyph("not-examined")
  }${
    says.length === 0 ? "One file too many" : "Something is still missing"
  }</h2><p>This looks like evidence of ${title}.</p>${twice}${list}</section>`;
}

/** The command line asks the vendors, which this page does not. */
function drawFetch(
  { command, files, collateral }: AnyTechnology,
  placed: Candidate["placed"],
): Markup | null {
  const whole = placed.filter(({ piece }) => piece.whole && !isOdd(piece.from));
  if (collateral === undefined || whole.length === 0) return null;
  const flags = whole.map(({ role, piece }) => [
    `--${files.find((input) => input.role === role)?.flag ?? role}`,
    asFile(piece.from),
  ]);
  const fixed = [["--collateral", "fetch"], ["--no-freshness"], ["--audit", AUDIT_NAME]];
  const line = commandLine([["casemate", "evidence", "verify", command], ...flags, ...fixed], 78);
  return markup`<p class="fetch">The command line can get from the vendors what they hand out, and puts all of it into one file for this page:</p><pre><code>${line}</code></pre>`;
}

function drawVerified(verified: Verified, drawn: Drawn): Markup {
  const { heap, sample, terms, version } = drawn;
  const { result, technology, word } = verified;
  const commands = commandsFor(verified, sample === null ? heap : null, terms);
  const roots = labRootsOf(verified).map(([name], i) =>
    markup` <button type="button" data-lab="${i}">Download ${name}</button>`
  );
  return markup`${drawSample(sample)}${drawHints(verified, drawn)}${
    drawReport(result, { technology, codes: CODES, commands, word, version })
  }<p class="buttons actions">${
    verified.audit === null
      ? markup`<button type="button" id="audit" class="main">Download audit bundle</button>`
      : null
  } <button type="button" id="print">Print, or save as PDF</button> <button type="button" id="json">Download result</button>${roots}</p>`;
}

function drawSample(sample: Drawn["sample"]): Markup | null {
  if (sample === null) return null;
  const says = sample === "whole"
    ? markup`<strong>A sample of a lab</strong>, which no processor ever signed. See what a forger gets: <button type="button" id="bend" class="link">change one bit of the report</button>.`
    : markup`<strong>The sample with one bit changed</strong> in the fingerprint of what was started. <button type="button" id="sample-again" class="link">Show it unchanged</button>.`;
  return markup`<div class="hints"><p class="note">${
    glyph("absent")
  }<span>${says}</span></p></div>`;
}

/** What must be read before the verdict, and what would make it better. */
function drawHints({ result, at, audit }: Verified, { terms, server }: Drawn): Markup | null {
  const when = audit === null ? at : new Date(result.time);
  const kept = audit === null
    ? null
    : markup`<p class="note">${
      glyph("not-examined")
    }<span><strong>Judged by the policy and the question in the bundle</strong>, chosen by who made it: <a href="#commands">what is only their word</a>.</span></p>`;
  const past = when === null
    ? null
    : markup`<p class="note">${glyph("not-examined")}<span><strong>Judged for ${
      moment(when.toISOString())
    }</strong>, and not for now. What was revoked or expired since does not show.</span></p>`;
  const isAlone = audit === null && result.verdict === "platform-only" && terms.question === "none";
  const better = isAlone
    ? markup`<p class="note">${
      glyph("not-asked")
    }<span>Genuine, as far as it goes: without a question it may be old, or another machine’s. <button type="button" id="better" class="link">Say what you asked, and what should run</button>.</span></p>`
    : null;
  const whose = server === null
    ? null
    : markup`<p class="note">${
      glyph("not-asked")
    }<span>This page came from <strong>${server}</strong>. Where that is the machine in question, what stands here is only its own word: <a href="#about">how to be sure</a>.</span></p>`;
  if ([kept, past, better, whose].every((hint) => hint === null)) return null;
  return markup`<div class="hints">${kept}${past}${better}${whose}</div>`;
}

/**
 * The form of what is judged by: the question, what should run, the time.
 *
 * @module
 */

import { type Markup, markup } from "../report/markup.ts";
import type { AnyTechnology } from "../evidence/evidence.ts";
import { PURPOSES } from "../evidence/statement/statement.ts";
import { STATEMENT_FORMS } from "../verifier/expectation.ts";
import type { Candidate } from "../recognise/mod.ts";
import { byId, field } from "./dom.ts";
import type { Terms } from "./state.ts";

/** Words for what a statement can be expected to say. */
const STATED: Readonly<Record<string, string>> = {
  clusterId: "Cluster",
  nodeName: "Name of the node",
  role: "Role of the node",
  audience: "Audience",
  purpose: "Purpose",
  requestDigest: "SHA-256 of the request",
  manifestDigest: "SHA-256 of the manifest",
  tlsSpki: "TLS key",
};

/** Questions that evidence can answer, by what it has. */
type Question = Terms["question"];

/**
 * Draws the form.
 *
 * @param candidate The evidence; null of an audit bundle, which brings its own question.
 */
export function drawAsk(candidate: Candidate | null): Markup {
  return markup`<details class="box ask" id="terms"><summary><h2>What it is judged by</h2> <span id="summary" class="by"></span></summary>
<form id="form">${candidate === null ? null : drawQuestion(candidate)}${
    candidate === null ? null : drawPins(candidate.technology)
  }${drawTime(candidate === null ? "As the audit bundle has it" : "Now")}</form></details>`;
}

function drawQuestion(candidate: Candidate): Markup {
  const { statement, technology } = candidate;
  return markup`<fieldset><legend>Your question</legend>
<p class="hint">Without one, the evidence may be old, or of another machine that its owner shows around. Whoever collects evidence asks with a nonce that nobody could know before.</p>
${questionsOf(candidate).map(drawChoice)}
<p class="typed" data-for="nonce both"><label for="nonce">Nonce, hex</label><input id="nonce" type="text" autocomplete="off" spellcheck="false" inputmode="text"></p>
<p class="typed" data-for="data both"><label for="data">Report data, hex</label><input id="data" type="text" autocomplete="off" spellcheck="false"></p>
${statement === null || technology.facts === undefined ? null : drawStated()}</fieldset>`;
}

const CHOICES: Readonly<Record<Question, string>> = {
  none: "I asked nothing: tell only whether it is genuine",
  nonce: "I asked with a nonce",
  data: "I know what its report data must be",
  both: "I asked with a nonce, and know what the report data must be",
};

/** What this evidence can answer. */
function questionsOf({ technology, statement }: Candidate): readonly Question[] {
  if (statement !== null) return ["none", "nonce"];
  if (technology.reportDataBeside !== undefined) return ["none", "both"];
  return technology.padsNonce ? ["none", "nonce", "data"] : ["none", "nonce"];
}

function drawChoice(question: Question): Markup {
  const says = CHOICES[question];
  const radio = question === "none"
    ? markup`<input type="radio" name="question" value="none" checked>`
    : markup`<input type="radio" name="question" value="${question}">`;
  return markup`<label class="radio">${radio}<span>${says}</span></label>`;
}

function drawStated(): Markup {
  const fields = Object.entries(STATED).map(([key, says]) =>
    key === "purpose"
      ? markup`<p><label for="s-${key}">${says}</label><select id="s-${key}"><option value="">serve, as usual</option>${
        PURPOSES.map((purpose) => markup`<option>${purpose}</option>`)
      }</select></p>`
      : markup`<p><label for="s-${key}">${says} <span class="by">${
        STATEMENT_FORMS[key as keyof typeof STATEMENT_FORMS][1]
      }</span></label><input id="s-${key}" type="text" autocomplete="off" spellcheck="false"></p>`
  );
  return markup`<div class="typed" data-for="nonce"><p class="hint">What the node must state of itself; what is left empty is shown, and not judged.</p>${fields}</div>`;
}

/** A field for each value that a flag of the command line can demand. */
function drawPins({ flags }: AnyTechnology): Markup {
  const fields = flags.map(({ flag, key, says, multiple }) =>
    markup`<p><label for="p-${flag}">${sentence(says)}${
      multiple ? "; several with spaces between" : ""
    }</label><input id="p-${flag}" type="text" data-pin="${key}" autocomplete="off" spellcheck="false"></p>`
  );
  return markup`<fieldset><legend>What should run</legend>
<p class="hint">Add a policy or reference values to the files above (JSON, or plain YAML), or type what you demand. Without either, nobody says what should run, and the verdict cannot be “trusted”.</p>${fields}</fieldset>`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function drawTime(usual: string): Markup {
  return markup`<fieldset><legend>Time</legend>
<label class="radio"><input type="radio" name="time" value="now" checked><span>${usual}</span></label>
<label class="radio"><input type="radio" name="time" value="at"><span>Another moment, as for evidence that was kept: certificates must have been in force then</span></label>
<p class="typed" data-time="at"><label for="at">Date and time, UTC</label><input id="at" type="datetime-local" step="1"></p></fieldset>`;
}

/** Nothing typed. */
export const STRICT: Terms = {
  question: "none",
  nonce: "",
  data: "",
  stated: {},
  pinned: {},
  at: null,
};

/**
 * Fills the form for a sample.
 *
 * @param nonce The nonce that was asked with, hex.
 * @param time Moment for which it is judged, ISO 8601.
 */
export function fillAsk(nonce: string, time: string): void {
  for (const [name, value] of [["question", "nonce"], ["time", "at"]] as const) {
    const radio = document.querySelector<HTMLInputElement>(`[name=${name}][value=${value}]`);
    if (radio !== null) radio.checked = true;
  }
  field("nonce").value = nonce;
  field("at").value = time.slice(0, 19);
}

/** Reads what was typed. */
export function readAsk(): Terms {
  const form = byId("form", HTMLFormElement);
  const typed = new FormData(form);
  const text = (id: string): string => {
    const input = document.getElementById(id);
    return input instanceof HTMLInputElement || input instanceof HTMLSelectElement
      ? input.value.trim()
      : "";
  };
  const pins = [...form.querySelectorAll("input")].flatMap(({ dataset, value }) =>
    dataset["pin"] === undefined ? [] : [[dataset["pin"], value] as const]
  );
  const at = typed.get("time") === "at" ? new Date(`${text("at")}Z`) : null;
  return {
    question: questionIn(typed.get("question")),
    nonce: text("nonce"),
    data: text("data"),
    stated: Object.fromEntries(Object.keys(STATED).map((key) => [key, text(`s-${key}`)])),
    pinned: Object.fromEntries(pins),
    at: at === null || Number.isNaN(at.getTime()) ? null : at,
  };
}

function questionIn(value: unknown): Question {
  return value === "nonce" || value === "data" || value === "both" ? value : "none";
}

/**
 * Shows the fields that belong to what was chosen, and says in short what is judged by.
 *
 * @param terms What was typed.
 * @param documents Names of policies and reference values.
 */
export function reflectAsk(terms: Terms, documents: readonly string[]): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-for]")) {
    part.hidden = !part.dataset["for"]?.split(" ").includes(terms.question);
  }
  const isAt = document.querySelector<HTMLInputElement>("[name=time][value=at]")?.checked === true;
  for (const part of document.querySelectorAll<HTMLElement>("[data-time]")) part.hidden = !isAt;
  const pins = Object.values(terms.pinned).filter((text) => text.trim() !== "").length;
  const asked = document.querySelector("[name=question]") === null
    ? []
    : [terms.question === "none" ? "no question" : "your question"];
  const run = [
    ...documents,
    ...(pins === 0 ? [] : [`${pins} typed ${pins === 1 ? "value" : "values"}`]),
  ];
  const parts = [
    ...asked,
    ...(asked.length === 0 ? [] : [run.length === 0 ? "strict defaults" : run.join(", ")]),
    terms.at !== null
      ? terms.at.toISOString().slice(0, 10)
      : asked.length === 0
      ? "as it was then"
      : "now",
  ];
  byId("summary", HTMLElement).textContent = parts.join(" · ");
}

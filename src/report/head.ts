/**
 * The head of the report: what must be said first, then verdict and weakest root.
 *
 * @module
 */

import type { Root } from "../evidence/finding.ts";
import type { Exception } from "../policy/exception.ts";
import type { Outcome, Result, Verdict } from "../results/result.ts";
import { rootName } from "../verifier/says.ts";
import { glyph, type Sign } from "./glyph.ts";
import { html, type Markup } from "./html.ts";
import { moment, whole } from "./value.ts";
import { VERDICTS, VOUCHERS } from "./words.ts";

const SIGNS: Readonly<Record<Verdict | Outcome, Sign>> = {
  "trusted": "holds",
  "lab-trusted": "holds",
  "platform-only": "not-examined",
  "unavailable": "not-examined",
  "rejected": "differs",
  "genuine": "holds",
  "not-genuine": "differs",
};

/**
 * Lab evidence, accepted risks and warnings: they stand before the verdict, so
 * that nobody reads the one without the others.
 *
 * @param result What a verification said.
 */
export function drawRisks(result: Result): Markup | null {
  const { exceptions, warnings, roots } = result;
  const lab = roots.includes("lab")
    ? html`
      <p
        class="lab"><strong>Lab evidence.</strong> It shows that the checks work, and proves nothing about any machine.</p>
    `
    : null;
  const told = warnings.filter((warning) => !exceptions.some(({ key }) => warning.startsWith(key)));
  const items = [
    ...exceptions.map(drawException),
    ...told.map((warning) => html`<li>${warning}</li>`),
  ];
  const risks = items.length === 0 ? null : html`
    <section class="risks" aria-labelledby="risks">
      <h2 id="risks">Accepted risks</h2>
      <ul>${items}</ul>
    </section>
  `;
  return lab === null && risks === null ? null : html`${lab}${risks}`;
}

function drawException({ key, costs, until, ended, because }: Exception): Markup {
  const end = until === null
    ? "without an end"
    : ended
    ? `ended on ${until}: the default counts again`
    : `until the end of ${until}`;
  return html`<li><code>${key}</code> <strong>${costs}</strong> <span>${end}${
    because === null ? "" : `: ${because}`
  }</span></li>`;
}

/**
 * Verdict, weakest root, and what the verdict is about.
 *
 * @param result What a verification said.
 * @param title Title of the technology.
 */
export function drawVerdict(result: Result, title: string): Markup {
  const word = result.verdict ?? result.outcome;
  const sign = word === null ? "absent" : SIGNS[word];
  return html`
    <section class="verdict v-${word ?? "none"}" aria-label="Verdict">
      <h1><span class="sign">${glyph(sign)}</span>${word === null
        ? "No verdict"
        : VERDICTS[word]}</h1>
      <p class="says">${result.says}.</p>
      <dl class="facts">${factsOf(result, title).map(([label, value]) =>
        html`
          <div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>
        `
      )}</dl>
    </section>
  `;
}

function factsOf(result: Result, title: string): readonly (readonly [string, Markup])[] {
  const { weakestRoot, roots, acceptRoots, verdict, nonce, binding } = result;
  return [
    ["Weakest root", html`<strong>${rootTitle(weakestRoot)}</strong> ${rootSays(weakestRoot)}`],
    ...(roots.length > 1 ? [["All roots", html`${roots.map(rootTitle).join(", ")}`] as const] : []),
    ...(verdict === null
      ? []
      : [["Policy accepts", html`${acceptRoots.map(rootTitle).join(", ")}`] as const]),
    ["Judged for", html`${moment(result.time)}`],
    ["Evidence of", html`${title} <code>${result.variant}</code>`],
    ["Examined", html`${result.profile === "full" ? "in full" : "signatures and chains alone"}`],
    ["Tied to", tiedTo(binding, nonce)],
  ];
}

function rootTitle(root: Root): string {
  return VOUCHERS[root][0];
}

function rootSays(root: Root): string {
  const name = rootName(root);
  return name === rootTitle(root) ? VOUCHERS[root][1] : name;
}

function tiedTo(binding: Result["binding"], nonce: string | null): Markup {
  const how = binding === "nonce"
    ? "a statement of the node, and the nonce"
    : "what the caller states";
  if (nonce === null) return html`${how}`;
  return html`${binding === "nonce" ? how : "the nonce"} ${whole(nonce)}`;
}

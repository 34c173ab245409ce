/**
 * The head of the report: what must be said first, then verdict and weakest root.
 *
 * @module
 */

import type { Root } from "../evidence/finding.ts";
import { type Exception, saysException } from "../policy/exception.ts";
import type { Outcome, Result, Verdict } from "../results/result.ts";
import { glyph, type Sign, strength } from "./glyph.ts";
import { type Markup, markup } from "./markup.ts";
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
    ? markup`<p
        class="lab"><strong>Lab evidence.</strong> It shows that the checks work, and proves nothing about any machine.</p>`
    : null;
  const items = warnings.map((warning) => {
    const exception = exceptions.find((one) => saysException(one) === warning);
    return exception === undefined ? markup`<li>${warning}</li>` : drawException(exception);
  });
  const risks = items.length === 0 ? null : markup`<section class="risks" aria-labelledby="risks">
      <h2 id="risks">Accepted risks</h2>
      <ul>${items}</ul>
    </section>`;
  return lab === null && risks === null ? null : markup`${lab}${risks}`;
}

function drawException({ key, value, costs, until, ended, because }: Exception): Markup {
  const end = ended
    ? markup`Ended on ${until ?? ""}, so that the default counts`
    : until === null
    ? "Has no last day"
    : markup`Counts to the end of ${until}`;
  const why = because === null ? null : markup`: ${because}`;
  return markup`<li><code>${key}: ${value}</code> ${
    ended ? null : markup`<strong>${costs}</strong>`
  }<span>${end}${why}</span></li>`;
}

/**
 * Verdict, weakest root, and what the verdict is about.
 *
 * @param result What a verification said.
 * @param title Title of the technology.
 */
export function drawVerdict(result: Result, title: string): Markup {
  const word = result.verdict ?? result.outcome;
  const sign = word === null ? "absent" : strength(SIGNS[word], result.weakestRoot);
  return markup`<section class="verdict v-${word ?? "none"}" aria-label="Verdict">
      <h1><span class="sign">${glyph(sign)}</span>${
    word === null ? "No verdict" : VERDICTS[word]
  }</h1>
      <p class="says">${result.says}.</p>
      <dl class="facts">${
    factsOf(result, title).map(([label, value]) =>
      markup`<div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`
    )
  }</dl>
    </section>`;
}

function factsOf(result: Result, title: string): readonly (readonly [string, Markup])[] {
  const { weakestRoot, roots, acceptRoots, verdict, nonce, binding, profile } = result;
  const named = (all: readonly Root[]): Markup =>
    markup`${all.length === 0 ? "None" : all.map(rootTitle).join(", ")}`;
  return [
    [
      "Weakest root",
      markup`<strong>${rootTitle(weakestRoot)}</strong>: ${VOUCHERS[weakestRoot][1]}`,
    ],
    ["Evidence of", markup`${title}, <code>${result.variant}</code>`],
    ...(verdict === null
      ? []
      : [["All roots", named(roots)], ["Policy accepts", named(acceptRoots)]] as const),
    ["Judged for", markup`${moment(result.time)}`],
    ["Examined", markup`${profile === "full" ? "In full" : "Signatures and chains alone"}`],
    [
      "Tied to",
      profile === "full" ? tiedTo(binding, nonce) : markup`Nothing: no question was looked at`,
    ],
  ];
}

function rootTitle(root: Root): string {
  return VOUCHERS[root][0];
}

function tiedTo(binding: Result["binding"], nonce: string | null): Markup {
  const how = binding === "nonce"
    ? "A statement of the node, and the nonce"
    : "What the caller states";
  if (nonce === null) return markup`${how}`;
  return markup`${binding === "nonce" ? how : "The nonce"} ${whole(nonce)}`;
}

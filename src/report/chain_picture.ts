/**
 * Draws the chain of trust: stations on a line, beside brackets that say who vouches.
 *
 * @module
 */

import type { Finding, Root } from "../evidence/finding.ts";
import type { Layer } from "../evidence/variants/facts.ts";
import type { Pinned } from "../evidence/variants/layers.ts";
import type { Result } from "../results/result.ts";
import { chainOf, commonName } from "./certificates.ts";
import { chainOfTrust, type Station, type Voucher } from "./chain.ts";
import { glyph, type Sign, signOf, strength } from "./glyph.ts";
import { type Markup, markup } from "./markup.ts";
import type { ReportTechnology } from "./technology.ts";
import { mentioned } from "./value.ts";
import { LAYER_NAMES, LAYER_SAYS, VOUCHERS } from "./words.ts";

/** What is told of a station beside its sign. */
const STATES: Readonly<Record<Sign, string>> = {
  "holds": "as expected",
  "weak": "as expected",
  "lab": "as expected",
  "tick": "as expected",
  "differs": "not as expected",
  "not-examined": "needed, and not examined",
  "not-asked": "not pinned",
  "absent": "nothing is known",
};

/** What is told of a register. */
const FOUND: Readonly<Record<Pinned, string>> = {
  match: "",
  mismatch: "; differs",
  open: "; not pinned",
};

/** What the picture needs beside the result. */
type Technology = Pick<ReportTechnology, "facts">;

/**
 * Draws the chain of trust of a result.
 *
 * @param result What a verification said.
 * @param technology Technology of the evidence.
 */
export function drawChain(result: Result, technology: Technology): Markup {
  const vouchers = chainOfTrust(result, technology);
  return markup`<section class="chain" aria-labelledby="chain">
      <h2 id="chain">Chain of trust</h2>
      <p
        class="lead">From the processor up. Each part is only as good as what stands above it, and as the word of who vouches for it.</p>
      <ol class="vouchers">${
    vouchers.map((voucher) => drawVoucher(voucher, result, technology))
  }</ol>
    </section>`;
}

function drawVoucher(
  { root, stations }: Voucher,
  result: Result,
  technology: Technology,
): Markup {
  return markup`<li class="voucher ${root === null ? "r-open" : `r-${root}`}">
      <div class="who">${who(root, result)}</div>
      <ol class="stations">${
    stations.map((station) => drawStation(station, result, technology))
  }</ol>
    </li>`;
}

function who(root: Root | null, { claims, weakestRoot }: Result): Markup {
  if (root === null) {
    const worth = claims === null ? "the evidence was refused" : "nothing was stated";
    return markup`<strong>No one’s word</strong> <span>${worth}</span>`;
  }
  const [name, worth] = VOUCHERS[root];
  const weakest = root === weakestRoot ? markup` <em>weakest root</em>` : null;
  return markup`<small>vouched for by</small> <strong>${name}</strong> <span>${worth}</span>${weakest}`;
}

function drawStation(station: Station, result: Result, technology: Technology): Markup {
  const { state, findings } = station;
  const telling = findings.filter(isTelling);
  return markup`<li class="station s-${state}">
      <div class="dot">${glyph(strength(state, station.root))}</div>
      <div class="about"><h3>${nameOf(station.layers, technology)} <span class="state">${
    stateOf(
      station,
      technology,
    )
  }</span></h3>
    ${whatLines(station, technology)}${certificateLine(station, result, technology)}
    ${telling.length === 0 ? null : markup`<ul class="rows">${telling.map(rowOf)}</ul>`}
    ${restLine(findings, telling)}</div>
    </li>`;
}

function nameOf(layers: readonly Layer[], { facts }: Technology): string {
  const names = layers.map((layer) =>
    layer === "tpm" && facts?.reportData === "paravisor"
      ? "Paravisor and its TPM"
      : LAYER_NAMES[layer]
  );
  const last = names.at(-1) ?? "";
  const text = names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
  return text === text.toUpperCase() ? text : text.charAt(0) + text.slice(1).replace(
    /(, | and )([A-Z])(?=[a-z])/g,
    (_, between: string, letter: string) => between + letter.toLowerCase(),
  );
}

function stateOf({ state, layers: [layer] }: Station, { facts }: Technology): string {
  return layer === "silicon" && facts?.tee === null ? "vouches for nothing" : STATES[state];
}

function whatLines({ measured, layers: [layer] }: Station, { facts }: Technology): Markup {
  if (layer === "silicon" && facts?.tee === null) {
    return markup`<p class="what">No processor says that memory is kept from the host.</p>`;
  }
  if (measured.length === 0) return markup`<p class="what">${sentence(LAYER_SAYS[layer])}</p>`;
  const lines = measured.map(({ what, by, register, found }) =>
    markup`<p class="what">${sentence(what)} <span class="by">${register}, by ${by}${
      FOUND[found]
    }</span></p>`
  );
  // What is held there is more than the register that the variant names.
  const about = layer === "node"
    ? markup`<p class="what">${sentence(LAYER_SAYS[layer])}</p>`
    : null;
  return markup`${about}${lines}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The certificates under which the evidence was signed stand where the chain begins. */
function certificateLine(
  { layers: [layer] }: Station,
  { claims }: Result,
  { facts }: Technology,
): Markup | null {
  const begins = facts === undefined || facts.tee !== null ? "silicon" : "tpm";
  const names = layer === begins || (facts === undefined && layer === "tpm")
    ? chainOf(claims).map(({ subject }) => commonName(subject))
    : [];
  if (names.length === 0) return null;
  return markup`<p class="certs">${
    names.map((name, i) => markup`${i === 0 ? null : markup`<i> → </i>`}<span>${name}</span>`)
  }</p>`;
}

/** What failed, what is missing, and what was held against something. */
function isTelling({ kind, required, expected, actual, link }: Finding): boolean {
  if (kind === "mismatch") return true;
  if (kind === "unchecked") return required;
  return kind === "match" && required && expected !== null && actual !== null && link !== "files";
}

function rowOf({ kind, required, title, actual }: Finding): Markup {
  const value = kind === "unchecked" || actual === null ? null : markup`${mentioned(actual)}`;
  return markup`<li>${glyph(signOf(kind, required))}<span class="t">${title}</span>${value}</li>`;
}

/** The others by their number. */
function restLine(findings: readonly Finding[], telling: readonly Finding[]): Markup | null {
  const rest = findings.filter((finding) => !telling.includes(finding));
  const holding = rest.filter(({ kind }) => kind === "match").length;
  const open = rest.filter(({ kind }) => kind === "unchecked").length;
  const more = telling.length > 0 ? " more" : "";
  const parts = [
    ...(holding > 0 ? [`${holding}${more} ${holding === 1 ? "check holds" : "checks hold"}`] : []),
    ...(open > 0 ? [`${open} ${open === 1 ? "was" : "were"} not asked for`] : []),
  ];
  return parts.length === 0 ? null : markup`<p class="rest">${parts.join("; ")}</p>`;
}

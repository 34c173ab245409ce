/**
 * What verified evidence says beyond the checks, as its technology tells it.
 *
 * @module
 */

import type { ShownSection, ShownTable } from "../core/shown.ts";
import type { Result } from "../results/result.ts";
import { type Markup, markup } from "./markup.ts";
import type { ReportTechnology } from "./technology.ts";
import { whole } from "./value.ts";

/**
 * What the evidence tells; null where that is nothing, or it was refused.
 *
 * @param result What a verification said.
 * @param technology Technology of the evidence.
 */
export function drawTold(
  { claims }: Result,
  { tell }: Pick<ReportTechnology, "tell">,
): Markup | null {
  if (claims === null || tell === undefined) return null;
  // The claims of a result are what its technology proved.
  const sections = tell(claims as never);
  if (sections.length === 0) return null;
  return markup`<section class="told"
      aria-labelledby="told"><h2 id="told">What the evidence says</h2>${
    sections.map(
      drawSection,
    )
  }</section>`;
}

function drawSection({ title, rows, table }: ShownSection): Markup {
  const fields = rows.map(({ name, value, meaning }) =>
    markup`<div>
        <dt>${name}</dt>
        <dd>${whole(value)} ${
      meaning === undefined ? null : markup`<span class="by">${meaning}</span>`
    }</dd>
      </div>`
  );
  return markup`<details><summary><h3>${title}</h3></summary>${
    fields.length === 0 ? null : markup`<dl class="pairs">${fields}</dl>`
  }${table === undefined ? null : drawTable(table)}</details>`;
}

function drawTable({ columns, rows }: ShownTable): Markup {
  return markup`<table>
      <thead>
        <tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr>
      </thead>
      <tbody>${
    rows.map((row) => markup`<tr>${row.map((fact) => markup`<td>${fact}</td>`)}</tr>`)
  }</tbody>
    </table>`;
}

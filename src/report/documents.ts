/**
 * What the verdict was reached with: policy, reference values, collateral, and
 * what the node states of itself.
 *
 * @module
 */

import type { CollateralUsed, ReferenceUsed, Result } from "../results/result.ts";
import { type Markup, markup, type Part } from "./markup.ts";
import { moment, whole } from "./value.ts";

/**
 * Digests of evidence, policy and reference values.
 *
 * @param result What a verification said.
 */
export function drawDigests({ digests }: Result): Markup {
  const rows = [
    ["Evidence", digests.evidence],
    ["Policy", digests.policy],
    ["Reference values", digests.reference],
  ] as const;
  return markup`<section aria-labelledby="digests"><h2 id="digests">Reached from</h2>
<p class="lead">SHA-256 of what was judged and of what it was judged by. Compare them with your own.</p>
${
    pairs(rows.map(([label, digest]) => [label, digest === null ? "none" : whole(digest)]))
  }</section>`;
}

/** Labels and values under each other. */
function pairs(rows: readonly (readonly [string, Part])[]): Markup {
  return markup`<dl class="pairs">${
    rows.map(([label, value]) =>
      markup`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`
    )
  }</dl>`;
}

/**
 * Reference values: of which release, who signed them, how each is known.
 *
 * @param reference The reference values of a result.
 */
export function drawReference(reference: ReferenceUsed | null): Markup | null {
  if (reference === null) return null;
  const { release, set, owner, origins } = reference;
  const head = pairs([
    ["Release", release ?? "not named"],
    ["Accepted set", set ?? "the only one"],
    [
      "Signed by",
      owner === null ? "nobody; given by the verifier itself" : markup`the key ${whole(owner)}`,
    ],
  ]);
  const rows = origins.map(({ key, known, from }) =>
    markup`<tr>
        <th scope="row"><code>${key}</code></th>
        <td data-label="Known">${known}</td>
        <td data-label="From">${from ?? "–"}</td>
      </tr>`
  );
  return markup`<section
      aria-labelledby="reference"><h2 id="reference">Reference values</h2>${head}${
    rows.length === 0 ? null : markup`<table>
            <thead>
              <tr>
                <th scope="col">Value</th>
                <th scope="col">Known</th>
                <th scope="col">From</th>
              </tr>
            </thead>
            <tbody>${rows}</tbody>
          </table>`
  }</section>`;
}

/**
 * Collateral: where it came from, from when it is, until when it holds.
 *
 * @param collateral The collateral of a result.
 */
export function drawCollateral(collateral: readonly CollateralUsed[]): Markup | null {
  if (collateral.length === 0) return null;
  return markup`<section aria-labelledby="collateral">
      <h2 id="collateral">Collateral</h2>
      <p class="lead">What vendors say of chips, keys and firmware, and when they last said it.</p>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">From</th>
            <th scope="col">In force</th>
            <th scope="col">Last confirmed</th>
          </tr>
        </thead>
        <tbody>${collateral.map(drawItem)}</tbody>
      </table>
    </section>`;
}

function drawItem({ title, key, from, issued, expires, confirmed, stale }: CollateralUsed): Markup {
  return markup`<tr>
      <th scope="row">
        <div>${title}<code>${key}</code></div>
      </th>
      <td data-label="From">${from}</td>
      <td data-label="In force">${moment(issued)} to ${moment(expires)}</td>
      <td data-label="Last confirmed">${
    confirmed === null ? "by the evidence alone" : moment(confirmed)
  }${stale === null ? null : markup`<p class="stale">Due, but not to be had: ${stale}</p>`}</td>
    </tr>`;
}

/** Members of a statement, in words. */
const STATED: Readonly<Record<string, string>> = {
  purpose: "Made for",
  variant: "Variant",
  audience: "Verifier",
  requestDigest: "Request",
  clusterId: "Cluster",
  manifestDigest: "Manifest",
  manifestSequence: "Sequence of the manifest",
  role: "Role",
  nodeName: "Name",
  bootId: "Boot",
  tlsSpki: "TLS key",
  hpkeKey: "HPKE key",
  phase: "Phase",
  logHead: "Head of its log",
};

/**
 * What the node states of itself.
 *
 * @param statement The statement of a result.
 */
export function drawStatement(statement: Result["statement"]): Markup | null {
  if (statement === null) return null;
  const rows = Object.entries(statement).flatMap(([name, value]): readonly [string, Part][] => {
    const label = STATED[name];
    return label === undefined || value === "" ? [] : [[label, whole(String(value))]];
  });
  return markup`<section aria-labelledby="statement"><h2 id="statement">What the node states of itself</h2>
<p class="lead">Bound to the evidence; its own word, but for what a finding above confirms.</p>${
    pairs(rows)
  }</section>`;
}

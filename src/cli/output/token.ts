/**
 * What a token came to, for a person: the verdict first, then on whose word.
 *
 * @module
 */

import type { Terminal } from "../../core/ports.ts";
import type { Appraisal, TokenClaims } from "../../results/claims.ts";
import type { TokenResult } from "../../results/judge.ts";
import type { Verdict } from "../../results/result.ts";
import { allCodes } from "../code_table.ts";
import { bulleted, labelled, usableWidth } from "./layout.ts";
import { printableData } from "./printable.ts";
import { type Paint, type Style, styleOf } from "./style.ts";

type Rows = readonly (readonly [string, string])[];

const WORDS: Readonly<Record<Verdict, string>> = {
  "trusted": "TRUSTED",
  "lab-trusted": "LAB-TRUSTED",
  "platform-only": "PLATFORM ONLY",
  "unavailable": "UNAVAILABLE",
  "rejected": "REJECTED",
};

/**
 * Sets what a token came to.
 *
 * @param given What it came to.
 * @param terminal Width and colour.
 * @returns Text with its line ends.
 */
export function renderToken(
  given: TokenResult,
  terminal: Pick<Terminal, "width" | "colour">,
): string {
  const result = printableData(given);
  const width = usableWidth(terminal.width);
  const style = styleOf(terminal.colour);
  const set = (rows: Rows): readonly string[] =>
    labelled(rows, { width, indent: "  ", label: style.dim });
  const section = (title: string, rows: Rows): readonly string[] =>
    rows.length === 0 ? [] : ["", style.bold(title), ...set(rows)];
  const lines = [
    ...warningsOf(result).flatMap((text) => bulleted("! ", [text], { width, indent: "" }))
      .map(style.warn),
    style.bold(paintOf(result.verdict, style)(WORDS[result.verdict])),
    ...bulleted("", [`${saysOf(result)}.`], { width, indent: "" }),
    ...set(headOf(result)),
    ...section("Appraisals", result.claims.appraisals.map(appraisalRow)),
    ...section("Node", nodeRows(result.claims)),
    ...section("What the verifier had, by SHA-256", basisRows(result.claims)),
  ];
  return `${lines.join("\n")}\n`;
}

function paintOf(verdict: Verdict, style: Style): Paint {
  if (verdict === "trusted" || verdict === "lab-trusted") return style.good;
  return verdict === "rejected" ? style.bad : style.warn;
}

/** What the verifier says before its verdict, and what this side of it leaves open. */
function warningsOf({ claims, fresh, verdict }: TokenResult): readonly string[] {
  const lab = verdict === "lab-trusted"
    ? ["Lab evidence: it shows that the checks work, and proves nothing about any machine"]
    : [];
  const old = fresh
    ? []
    : ["No nonce was asked with: within its five minutes the token may have been used before"];
  return [...(claims.own?.warnings ?? []), ...lab, ...old];
}

function saysOf({ code, claims }: TokenResult): string {
  const entry = code === null ? undefined : allCodes().get(code);
  if (entry !== undefined) return entry.says;
  const about = claims.own === null ? "evidence" : `evidence of ${claims.own.variant}`;
  return `The verifier affirms ${about}, in answer to this question and by the expected policy`;
}

function headOf({ by, code, weakestRoot, acceptRoots, claims }: TokenResult): Rows {
  const { verifier, iss, iat, exp, own } = claims;
  const entry = code === null ? undefined : allCodes().get(code);
  const decided = own?.code ?? null;
  return [
    ...(entry === undefined ? [] : [["do", entry.remedy] as const]),
    ...(code === null ? [] : [["code", code] as const]),
    ...(decided === null ? [] : [["verifier's code", decided] as const]),
    ["signed by", by.replace("verifier:", "")],
    ["verifier", `${verifier.build} (${verifier.developer})`],
    ...(iss === null ? [] : [["issuer", iss] as const]),
    ["weakest root", weakestRoot ?? "not named"],
    ["accepted here", acceptRoots.join(", ")],
    ["issued", moment(iat)],
    ["expires", moment(exp)],
  ];
}

function moment(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function appraisalRow({ name, status, vector }: Appraisal): readonly [string, string] {
  const claims = Object.entries(vector).map(([aspect, claim]) => `${aspect} ${claim}`);
  return [name, claims.length === 0 ? status : `${status}: ${claims.join(", ")}`];
}

/** Of what binds the token to a channel and a place; the whole is in JSON. */
function nodeRows({ own }: TokenClaims): Rows {
  if (own === null) return [];
  const { statement } = own;
  const rows: Rows = statement === null ? [] : [
    ["asked for", statement.purpose],
    ["phase", statement.phase],
    ["name", statement.nodeName],
    ["role", statement.role],
    ["cluster", statement.clusterId],
    ["TLS key", statement.tlsSpki],
  ];
  const bound = own.binding === "nonce"
    ? "to a nonce with a statement"
    : "to data that the caller stated";
  const all: Rows = [["variant", own.variant], ["evidence tied", bound], ...rows];
  return all.filter(([, value]) => value !== "");
}

function basisRows({ own }: TokenClaims): Rows {
  if (own === null) return [];
  const { digests, reference, collateral, exceptions } = own;
  const named = reference === null
    ? []
    : [reference.release, reference.set, reference.owner].filter((part) => part !== null);
  return [
    ["policy", digests.policy],
    ["evidence", digests.evidence],
    ...(digests.reference === null ? [] : [["reference", digests.reference] as const]),
    ...(named.length === 0 ? [] : [["release", named.join(", ")] as const]),
    ...(collateral === null ? [] : [["collateral", `until ${collateral.expires}`] as const]),
    ...exceptions.map(({ key, value, until }) =>
      ["exception", `${key}: ${value}${until === null ? "" : `, until ${until}`}`] as const
    ),
  ];
}

/**
 * `casemate evidence explain [VARIANT]`: what evidence of a variant proves, on
 * whose word, and what it does not.
 *
 * @module
 */

import { nearest } from "../../core/decode.ts";
import type { Root } from "../../evidence/finding.ts";
import { mustBePinned, rootsNeededBy } from "../../evidence/variants/demands.ts";
import type { Measurement, VariantFacts } from "../../evidence/variants/facts.ts";
import {
  AK_PROOFS,
  QUALIFYING_DATA_RULES,
  REPORT_DATA_RULES,
  WHAT_RUNS,
} from "../../evidence/variants/rules.ts";
import { VARIANTS } from "../../evidence/variants/table.ts";
import { DEFAULT_ROOTS } from "../../policy/policy.ts";
import { rootName } from "../../verifier/says.ts";
import type { Context, Format } from "../context.ts";
import { flagError } from "../input/given.ts";
import { bulleted, labelled, usableWidth, wrap } from "../output/layout.ts";
import { printableJson } from "../output/printable.ts";
import { type Style, styleOf } from "../output/style.ts";

const PINNED_APART =
  "What runs can also stand in a file of its own, which --reference takes, in the same form.";

interface Page {
  readonly width: number;
  readonly style: Style;
}

/**
 * Explains one variant, or lists all.
 *
 * @param context The machine.
 * @param id Id of the variant; undefined lists all.
 * @param format Form of the answer.
 * @throws {InputError} `input.unknown`, with the nearest variant.
 */
export function explainVariants(
  { host: { terminal } }: Context,
  id: string | undefined,
  format: Format,
): void {
  const chosen = id === undefined ? Object.values(VARIANTS) : [factsOf(id)];
  if (format === "json") return terminal.out(`${printableJson({ v: 1, variants: chosen })}\n`);
  const page = { width: usableWidth(terminal.width), style: styleOf(terminal.colour) };
  const lines = id === undefined
    ? listLines(chosen, page)
    : chosen.flatMap((facts) => explain(facts, page));
  terminal.out(`${lines.join("\n")}\n`);
}

function factsOf(id: string): VariantFacts {
  const facts = Object.values(VARIANTS).find((variant) => variant.id === id);
  if (facts !== undefined) return facts;
  const known = Object.keys(VARIANTS);
  const near = nearest(id, known);
  const hint = near === undefined ? `known are ${known.join(", ")}` : `did you mean ${near}?`;
  throw flagError(
    "input.unknown",
    `Cannot explain ${JSON.stringify(id)}: no such variant; ${hint}`,
    "VARIANT",
  );
}

function listLines(variants: readonly VariantFacts[], { width, style }: Page): readonly string[] {
  const rows = variants.map(({ id, trusted, hardware }) =>
    [id, hardware.tried ? trusted : `${trusted}; never run on hardware`] as const
  );
  const says = [
    "What trusted means, of each variant at best; casemate evidence explain VARIANT says more:",
  ];
  return [
    ...bulleted("", says, { width, indent: "" }),
    "",
    ...labelled(rows, { width, indent: "  ", label: style.bold }),
  ];
}

function explain(facts: VariantFacts, page: Page): readonly string[] {
  const { style, width } = page;
  const section = (title: string, texts: readonly string[]): readonly string[] => [
    "",
    style.bold(title),
    ...bulleted("- ", texts, { width, indent: "  " }),
  ];
  return [
    ...wrap(`${facts.title} (${facts.id})`, width).map(style.bold),
    ...bulleted("", [`Trusted means: ${facts.trusted}.`], { width, indent: "" }),
    "",
    style.bold("On whose word"),
    ...labelled(rootRows(facts), { width, indent: "  ", label: style.dim }),
    "",
    style.bold("What is measured"),
    ...facts.measurements.flatMap((measurement) => measurementLines(measurement, page)),
    "",
    style.bold("How it answers your question"),
    ...labelled(bindingRows(facts), { width, indent: "  ", label: style.dim }),
    ...section("What it proves", facts.proves),
    ...section("What it does not prove", facts.provesNot),
    ...section("What remains a risk", facts.risks),
    ...section("What it was tried with", [facts.hardware.says]),
    "",
    style.bold("What a policy must say for trusted"),
    ...policyLines(facts, page),
    ...bulleted("", [PINNED_APART], { width, indent: "  " }),
  ];
}

/** What the default policy lacks: roots beyond CPU vendors, and what runs. */
function policyLines(facts: VariantFacts, { width, style }: Page): readonly string[] {
  const needed = rootsNeededBy(facts);
  const isDefault = needed.every((root) => DEFAULT_ROOTS.includes(root));
  const rows: readonly (readonly [string, string])[] = [
    ["acceptRoots", isDefault ? "nothing, the default is enough" : `[${needed.join(", ")}]`],
    [facts.id, mustBePinned(facts).join(", ")],
  ];
  return labelled(rows, { width, indent: "  ", label: style.dim });
}

function rootRows({ roots }: VariantFacts): readonly (readonly [string, string])[] {
  const named = (root: Root): string =>
    rootName(root).toLowerCase() === root ? rootName(root) : `${root}: ${rootName(root)}`;
  return [
    ["memory protected", roots.cpu === null ? "nobody says so" : named(roots.cpu)],
    ["channel", named(roots.channel)],
    ["what runs", named(roots.whatRuns)],
  ];
}

function measurementLines(
  { what, by, register, root, pinned }: Measurement,
  { width, style }: Page,
): readonly string[] {
  const text = `${what}, measured by ${by}; root ${root}${pinned ? "; must be pinned" : ""}`;
  return labelled([[register.padEnd(14), text]], { width, indent: "  ", label: style.dim });
}

function bindingRows(facts: VariantFacts): readonly (readonly [string, string])[] {
  return [
    ["report data", REPORT_DATA_RULES[facts.reportData]],
    ["attestation key", AK_PROOFS[facts.akProof]],
    ["quote", QUALIFYING_DATA_RULES[facts.qualifyingData]],
    ["what runs", WHAT_RUNS[facts.whatRuns]],
    ["phase of the boot", facts.runtimeRegister ?? "the statement's word alone"],
  ];
}

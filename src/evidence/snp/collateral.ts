/**
 * What a SEV-SNP report needs of AMD: the key's certificate, the chain above it,
 * the revocation list.
 *
 * @module
 */

import { fromHex } from "../../core/bytes.ts";
import { InputError } from "../../core/errors.ts";
import { refusal } from "../../core/refusal.ts";
import type { CollateralItem, CollateralQuestion } from "../collateral.ts";
import { FileTaker, refuseText } from "../files.ts";
import { type AskedChip, type AskedLine, chainItem, listItem, vcekItem } from "./items.ts";
import { hasProcessor, hasProduct, type Line, LINES } from "./line.ts";
import { readTcb } from "./tcb_layout.ts";
import type { SnpLeaf, SnpReport } from "./report.ts";

/** Whose certificates a report needs. Nothing of it is verified: it only says what to ask for. */
export interface SnpNeeds {
  /** Key of the chip; null of a VLEK, which its provider alone hands out, and of a chip that is not named. */
  readonly chips: readonly AskedChip[];
  /** Chain and list; null where only the leaf will say the line. */
  readonly line: AskedLine | null;
}

/**
 * Says what a report needs of AMD, all of it.
 *
 * A report of version 2 does not say its product line. Where no leaf says it,
 * the first answer is the leaf alone, asked for in one line after the other;
 * asked again with that leaf, the rest follows.
 *
 * @param question Engine and files: `report`, and `leaf` where there is one.
 * @throws {InputError} `input.missing` for a report that names no chip and has no leaf beside it.
 * @throws {RejectedError} `snp.*` for a report that is none, was not signed, or is of no known processor.
 */
export async function snpCollateral(
  question: CollateralQuestion,
): Promise<readonly CollateralItem[]> {
  const { chips, line } = await snpNeeds(question);
  const [first, ...others] = chips.map((chip) => vcekItem(chip));
  const leaves = first === undefined
    ? []
    : [others.length === 0 ? first : { ...first, instead: others }];
  return line === null ? leaves : [...leaves, chainItem(line), listItem(line)];
}

/**
 * Reads what a report needs.
 *
 * @param question Engine and files.
 * @throws {InputError | RejectedError} as {@linkcode snpCollateral}.
 */
export async function snpNeeds({ engine, files }: CollateralQuestion): Promise<SnpNeeds> {
  const taker = new FileTaker(files, "an SEV-SNP report");
  const raw = refuseText(taker.one("report"), "report");
  const file = taker.maybe("leaf");
  // The engine answers with these shapes; tests hold them.
  const report = await engine.run("snp_report", [raw]) as SnpReport;
  const form = formOf(report);
  const leaf = report.cpuid === null && file !== undefined
    ? await engine.run("snp_leaf", [file]) as SnpLeaf
    : null;
  const lines = linesOf(report, leaf);
  const chips = form === "VCEK" ? chipsOf(report, lines, file !== undefined) : [];
  const [line] = lines;
  if (line !== undefined && lines.length === 1) return { chips, line: { line: line.name, form } };
  if (chips.length === 0) throw unnamed("does not say its product line");
  return { chips, line: null };
}

function formOf({ signingKey, maskChipKey }: SnpReport): "VCEK" | "VLEK" {
  if (!maskChipKey && signingKey !== "NONE") return signingKey;
  const reason = maskChipKey ? "MASK_CHIP_KEY is set" : "the signing key is NONE";
  throw refusal("snp.unsigned", { reason });
}

/** Lines that the report can be of: by its processor, else by its leaf, else by the length of the chip's id. */
function linesOf({ cpuid, chipId }: SnpReport, leaf: SnpLeaf | null): readonly Line[] {
  if (cpuid === null && leaf === null) {
    const isShort = isZero(chipId.slice(16));
    return isZero(chipId) ? LINES : LINES.filter(({ hwidBytes }) => (hwidBytes === 8) === isShort);
  }
  const found = LINES.find((line) =>
    cpuid === null ? hasProduct(line, leaf?.productName ?? "") : hasProcessor(line, cpuid)
  );
  if (found !== undefined) return [found];
  const actual = cpuid === null
    ? `leaf of ${leaf?.productName}`
    : `CPUID family ${cpuid.family}, model ${cpuid.model}`;
  throw refusal("snp.product_mismatch", {
    expected: LINES.map(({ name }) => name).join(", "),
    actual,
  });
}

/** A chip id of zeros is nobody's: to ask for it would give a certificate that has nothing to do with the report, or none. */
function chipsOf(
  { chipId, reportedTcb }: SnpReport,
  lines: readonly Line[],
  hasLeaf: boolean,
): readonly AskedChip[] {
  if (isZero(chipId)) {
    if (hasLeaf) return [];
    throw unnamed("names no chip, since its host masks the chip id");
  }
  const raw = fromHex(reportedTcb.raw);
  return lines.map(({ name, hwidBytes, layout }) => ({
    line: name,
    hwid: chipId.slice(0, 2 * hwidBytes),
    tcb: readTcb(raw, layout),
  }));
}

function isZero(hex: string): boolean {
  return /^0*$/.test(hex);
}

function unnamed(what: string): InputError {
  return new InputError(
    `Cannot ask AMD for the certificate of the report's key: the report ${what}; give leaf`,
    { code: "input.missing", fields: { role: "leaf", missing: "leaf" } },
  );
}

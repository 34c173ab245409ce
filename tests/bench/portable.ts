/**
 * The portable engine as contenders, over the same evidence as the WASM engine.
 *
 * @module
 */

import { createPortableEngine } from "../../src/core/portable/engine.ts";
import { operations as snpOperations } from "../../src/evidence/snp/portable/mod.ts";
import { verify } from "../../src/evidence/snp/verify.ts";
import { operations as tdxOperations } from "../../src/evidence/tdx/portable/mod.ts";
import { verifyUnder } from "../../src/evidence/tdx/verify.ts";
import type { BenchEvidence } from "./evidence.ts";
import { type Contender, contender } from "./measure.ts";
import type { TdxBenchEvidence } from "./tdx_evidence.ts";

/**
 * Verification of a report by the portable engine, which knows no chain from earlier calls.
 *
 * @param evidence What is verified.
 */
export function portableSnp({ files, now, labRoots }: BenchEvidence): readonly Contender[] {
  const engine = createPortableEngine(snpOperations);
  return [
    contender(
      "portable-parse",
      "portable engine: parse the report",
      () => engine.run("snp_report", [files.report]),
    ),
    contender(
      "portable-verify",
      "portable engine: verify, nothing is kept",
      () => verify(engine, files, { now, labRoots }),
    ),
  ];
}

/**
 * Verification of a quote by the portable engine, which knows no platform from earlier calls.
 *
 * @param evidence What is verified.
 */
export function portableTdx({ asked, files, anchors }: TdxBenchEvidence): readonly Contender[] {
  const engine = createPortableEngine(tdxOperations);
  const { now } = asked;
  return [
    contender(
      "tdx-portable-parse",
      "portable engine: read the quote",
      () => engine.run("tdx_quote", [files.quote]),
    ),
    contender(
      "tdx-portable-verify",
      "portable engine: verify, nothing is kept",
      () => verifyUnder(engine, files, { anchors, now }),
    ),
  ];
}

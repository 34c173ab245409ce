/**
 * A report, its certificates and lists in one call.
 *
 * @module
 */

import { readRoots } from "../../../core/portable/anchors.ts";
import { argumentsOf, unframe } from "../../../core/portable/frame.ts";
import { momentOf } from "../../../core/portable/moment.ts";
import { refuseCore } from "../../../core/portable/refuse.ts";
import type { SnpEvidence } from "../report.ts";
import { checkChip, checkKeyType, checkProduct, checkSigned, checkTcb } from "./binding.ts";
import { type ChainInput, checkValidity, verifyChain } from "./chain.ts";
import { refuseSnp } from "./refuse.ts";
import { parseReport, settleReport } from "./report.ts";
import { checkCurrent } from "./revocation.ts";

/** Most lists for one chain: one is enough, a caller may keep those of other lines beside it. */
const MAX_CRLS = 4;
/** Most lists that the calling code may hand over before it is the one that is wrong. */
const MAX_FIELDS = 1024;

/**
 * Verifies a report: the operation `snp_verify`.
 *
 * The chain comes first, then what binds the report to it. The product is
 * settled before the signature, since the layout of the TCB versions hangs on it.
 *
 * @param parts Report; leaf; chain; list of revocation lists; list of pinned roots; now.
 * @throws {RejectedError} all codes of SEV-SNP that are not about appraisal, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function snpVerify(parts: readonly Uint8Array[]): Promise<SnpEvidence> {
  const none = new Uint8Array();
  const [raw = none, leaf = none, chain = none, crls = none, roots = none, moment = none] =
    argumentsOf(parts, 6);
  const now = momentOf(moment);
  return await verify(raw, { leaf, chain, crls: readCrls(crls), roots: readRoots(roots) }, now);
}

function readCrls(framed: Uint8Array): readonly Uint8Array[] {
  const crls = unframe(framed, MAX_FIELDS);
  if (crls.length <= MAX_CRLS) return crls;
  const fields = { expected: `at most ${MAX_CRLS}`, actual: `${crls.length}` };
  throw refuseCore("x509.count", { input: "crl", ...fields });
}

/** The steps stand in `mod.ts` of this technology in this order: a refusal at one is shown with those before it as done. */
async function verify(raw: Uint8Array, input: ChainInput, now: number): Promise<SnpEvidence> {
  const parsed = parseReport(raw);
  checkSigned(parsed);
  const chain = await verifyChain(input);
  for (const crl of chain.crls) checkCurrent(crl, now);
  checkKeyType(parsed, chain.leaf);
  checkProduct(parsed, chain);
  checkValidity(chain, now);
  const report = settleReport(parsed, chain.line.layout);
  if (!chain.key.verifies(parsed.signed, parsed.signature)) {
    throw refuseSnp("snp.signature_mismatch");
  }
  checkTcb(report, chain.leaf);
  const { line, lab, leaf, ask, ark, crls } = chain;
  return {
    report,
    leaf,
    chain: { line: line.name, lab, ask, ark },
    crls: crls.map(({ list }) => list),
    chipBinding: checkChip(report, leaf),
  };
}

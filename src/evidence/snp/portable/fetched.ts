/**
 * Authenticates what AMD's key distribution service answers (57230 chapter 4),
 * before it is kept: its maker, and that it is what was asked for. Whether it is
 * in force is left to who keeps it, and revocation to the verification that it
 * is fetched for: a list that revokes something must be kept, too.
 *
 * @module
 */

import type { PinnedRoot } from "../../../core/portable/anchors.ts";
import { readCertificate, summaryOf } from "../../../core/portable/certificate.ts";
import { exactlyOne } from "../../../core/portable/encoding.ts";
import type { Window } from "../../../core/portable/moment.ts";
import type { CollateralContent } from "../../collateral.ts";
import type { Tcb } from "../report.ts";
import { type Issuers, verifyChain, verifyIssuers } from "./chain.ts";
import { type Form, FORM_NAMES, LEAF_PLACE } from "./leaf.ts";
import { hasProduct } from "../line.ts";
import { refuseSnp } from "./refuse.ts";
import { verifyList } from "./revocation.ts";
import { tcbText } from "../tcb_layout.ts";

/** What a chain or a list was asked for by. */
export interface AskedLine {
  /** Product line, as AMD writes it. */
  readonly line: string;
  /** Form of the leaves. */
  readonly form: Form;
}

/** What a VCEK was asked for by. */
export interface AskedChip {
  /** Product line, as AMD writes it. */
  readonly line: string;
  /** Hardware id, hex. */
  readonly hwid: string;
  /** TCB that the key is derived for. */
  readonly tcb: Tcb;
}

/**
 * Reads a chain.
 *
 * @param chain ASK or ASVK, then ARK.
 * @param asked What was asked for.
 * @param roots Pinned roots.
 * @throws {RejectedError} those of {@linkcode verifyIssuers}; `snp.product_mismatch`,
 * `snp.key_type_mismatch` for the chain of another line or form.
 */
export async function readFetchedChain(
  chain: Uint8Array,
  asked: AskedLine,
  roots: readonly PinnedRoot[],
): Promise<CollateralContent> {
  const { ask, ark } = await issuersOf(chain, asked, roots);
  return {
    files: { chainAskArk: chain },
    ...common([ask.window, ark.window]),
    sequence: null,
    root: summaryOf(ark).sha256,
  };
}

/**
 * Reads a VCEK.
 *
 * @param leaf The certificate.
 * @param asked Whose it must be.
 * @param above The chain above it, and pinned roots.
 * @throws {RejectedError} `snp.*` and `x509.*` of the chain; `snp.product_mismatch`,
 * `snp.key_type_mismatch`, `snp.chip_id_mismatch`, `snp.tcb_mismatch` for the key of another.
 */
export async function readFetchedLeaf(
  leaf: Uint8Array,
  asked: AskedChip,
  above: { readonly chain: Uint8Array; readonly roots: readonly PinnedRoot[] },
): Promise<CollateralContent> {
  const verified = await verifyChain({ leaf, chain: above.chain, crls: [], roots: above.roots });
  const { line, leaf: certified, ark } = verified;
  if (line.name !== asked.line || !hasProduct(line, certified.productName)) {
    throw refuseSnp("snp.product_mismatch", { expected: asked.line, leaf: certified.productName });
  }
  if (certified.form !== "VCEK") {
    throw refuseSnp("snp.key_type_mismatch", { expected: "VCEK", leaf: certified.form });
  }
  if (certified.hwid !== asked.hwid) {
    throw refuseSnp("snp.chip_id_mismatch", { expected: asked.hwid, leaf: `${certified.hwid}` });
  }
  if (certified.tcb.raw !== asked.tcb.raw || certified.tcb.fmc !== asked.tcb.fmc) {
    throw refuseSnp("snp.tcb_mismatch", {
      expected: tcbText(asked.tcb),
      leaf: tcbText(certified.tcb),
    });
  }
  const { window } = readCertificate(exactlyOne(leaf, LEAF_PLACE), "leaf");
  return { files: { leaf }, ...common([window]), sequence: null, root: ark.sha256 };
}

/**
 * Reads a revocation list.
 *
 * @param crl The list.
 * @param asked What it must cover.
 * @param above Chain of that line and form, and pinned roots.
 * @throws {RejectedError} `snp.crl_*` and those of the chain.
 */
export async function readFetchedList(
  crl: Uint8Array,
  asked: AskedLine,
  above: { readonly chain: Uint8Array; readonly roots: readonly PinnedRoot[] },
): Promise<CollateralContent> {
  const { ask, ark, arkKey, form } = await issuersOf(above.chain, asked, above.roots);
  const { list, window } = await verifyList(crl, { all: [], ask, ark, arkKey, form });
  return {
    files: { crls: [crl] },
    ...common([window]),
    sequence: list.number === null ? null : `${BigInt(`0x${list.number}`)}`,
    root: summaryOf(ark).sha256,
  };
}

async function issuersOf(
  chain: Uint8Array,
  asked: AskedLine,
  roots: readonly PinnedRoot[],
): Promise<Issuers> {
  const issuers = await verifyIssuers(chain, roots);
  const { line, form } = issuers;
  if (line.name !== asked.line) {
    throw refuseSnp("snp.product_mismatch", { expected: asked.line, root: line.name });
  }
  if (form === asked.form) return issuers;
  const { issuer } = FORM_NAMES[asked.form];
  throw refuseSnp("snp.key_type_mismatch", { expected: issuer, actual: FORM_NAMES[form].issuer });
}

/** All of them must be in force. */
function common(windows: readonly Window[]): Pick<CollateralContent, "issued" | "expires"> {
  return {
    issued: new Date(1000 * Math.max(...windows.map(({ from }) => from))),
    expires: new Date(1000 * Math.min(...windows.map(({ until }) => until))),
  };
}

/**
 * A document with its chain and revocation lists in one call.
 *
 * @module
 */

import { type PinnedRoot, readRoots } from "../../../core/portable/anchors.ts";
import { type Certificate, summaryOf } from "../../../core/portable/certificate.ts";
import { argumentsOf, unframe } from "../../../core/portable/frame.ts";
import { momentOf, momentText, positionIn, type Window } from "../../../core/portable/moment.ts";
import { checkSignatures, isLabPath, pathOf } from "../../../core/portable/path.ts";
import { readNamed } from "../../../core/portable/pool.ts";
import { isCovered, listPlace, openLists, verifyLists } from "../../../core/portable/revocation.ts";
import { checkValidity } from "../../../core/portable/validity.ts";
import type { NitroEvidence } from "../report.ts";
import { INPUT, type ParsedDocument, parseDocument } from "./document.ts";
import { refuseList, refuseNitro, refuseRoot, refuseTime } from "./refuse.ts";
import { checkOrder, checkShapes, nitroFault } from "./shape.ts";

/** Most items of a list that the calling code may hand over before it is the one that is wrong. */
const MAX_FIELDS = 4096;

/** Name of the certificate that signed for a person. */
const LEAF = "leaf";

const LISTS = { place: listPlace("crl"), refuse: refuseList };

/** What a document is verified with. */
interface Input {
  readonly document: Uint8Array;
  readonly crls: readonly Uint8Array[];
  readonly roots: readonly PinnedRoot[];
  readonly now: number;
}

/**
 * Verifies a document: the operation `nitro_verify`.
 *
 * @param parts Document; list of revocation lists; list of pinned roots; now.
 * @throws {RejectedError} all codes of Nitro that are not about appraisal, `x509.*`
 * @throws {InputError} `input.*`
 */
export async function nitroVerify(parts: readonly Uint8Array[]): Promise<NitroEvidence> {
  const none = new Uint8Array();
  const [document = none, crls = none, roots = none, now = none] = argumentsOf(parts, 4);
  return await verify({
    document,
    crls: unframe(crls, MAX_FIELDS),
    roots: readRoots(roots),
    now: momentOf(now),
  });
}

async function verify({ document: file, crls, roots, now }: Input): Promise<NitroEvidence> {
  const parsed = parseDocument(file);
  const { document, message } = parsed;
  const [leaf, bundle] = readCertificates(parsed);
  openLists(crls, LISTS.place);
  const path = await pathOf([leaf, ...bundle], roots, LEAF);
  const lab = isLabPath(path, roots, refuseRoot);
  checkOrder(path, bundle);
  const key = checkShapes(path);
  const refuseSignature = (fields: Readonly<Record<string, string>>): Error =>
    refuseNitro("nitro.chain_signature", fields);
  await checkSignatures(path, refuseSignature, nitroFault);
  const lists = await verifyLists(crls, path, LISTS);
  if (!key.verifies(message.signed, message.signature)) {
    throw refuseNitro("nitro.signature_mismatch");
  }
  checkValidity({ path, lists }, now, refuseTime);
  checkTimestamp(document.timestamp, leaf.window);
  return {
    document,
    certificates: path.map(([, certificate]) => summaryOf(certificate)),
    lab,
    revocationChecked: isCovered(path, lists),
    revocationLists: lists.map(({ list }) => list),
  };
}

function readCertificates(
  { certificate, bundle }: ParsedDocument,
): readonly [Certificate, readonly Certificate[]] {
  const leaf = readNamed(certificate, LEAF, INPUT);
  return [leaf, bundle.map((der) => readNamed(der, "CA", INPUT))];
}

/** The hypervisor makes a certificate for its documents, and a document while it holds. */
function checkTimestamp(timestamp: number, window: Window): void {
  const made = Math.floor(timestamp / 1000);
  const position = positionIn(window, made);
  if (position === "within") return;
  const [bound, limit] = position === "before"
    ? ["notBefore", window.from]
    : ["notAfter", window.until];
  const fields = { timestamp: momentText(made), [bound]: momentText(limit) };
  throw refuseNitro("nitro.timestamp", fields);
}

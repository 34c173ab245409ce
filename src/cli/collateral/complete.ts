/**
 * Completes evidence before it is verified: with what is kept, with what a
 * bundle holds, and with what vendors answer, as flags say.
 *
 * @module
 */

import { bringBundle } from "../../collateral/bring.ts";
import { createCollateral } from "../../collateral/create.ts";
import { createStore } from "../../collateral/create_store.ts";
import type { Collateral, CollateralTerms } from "../../collateral/collateral.ts";
import { memoryCache } from "../../collateral/memory.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import type { Host } from "../../core/ports.ts";
import { itemOfKey } from "../../evidence/collateral_items.ts";
import type { AnyTechnology, FilesByRole } from "../../evidence/evidence.ts";
import type { CollateralUsed } from "../../results/result.ts";
import { type CollateralMissing, completeFiles } from "../../verifier/complete.ts";
import type { FileReader } from "../input/files.ts";
import type { Given } from "../input/given.ts";
import { whereFrom } from "./asked.ts";
import { BUNDLE_FLAG } from "./flags.ts";
import { readOwnerKeys } from "./key_files.ts";
import { needsOf, openCollateral, optionsOf } from "./open.ts";
import { readBundle } from "./read_bundle.ts";

/** What is to be completed, and how it will be verified. */
export interface Incomplete {
  /** Technology of the evidence. */
  readonly technology: AnyTechnology;
  /** Its files. */
  readonly evidence: FilesByRole;
  /** Moment for which it is verified. */
  readonly now: Date;
  /** Lab roots, PEM or DER. */
  readonly labRoots: readonly Uint8Array[];
}

/** Evidence with what was added, and where that came from. */
export interface Completed {
  /** Its files. */
  readonly evidence: FilesByRole;
  /** What was added. */
  readonly collateral: readonly CollateralUsed[];
  /** What was not to be had. */
  readonly missing: readonly CollateralMissing[];
}

/**
 * Completes evidence.
 *
 * @param host The machine.
 * @param given The flags.
 * @param reader Reads files.
 * @param wanted The evidence.
 * @throws {InputError} naming the flag.
 * @throws {UnavailableError} `collateral.*`: without it, trust cannot be examined.
 */
export async function completeEvidence(
  host: Host,
  given: Given,
  reader: FileReader,
  wanted: Incomplete,
): Promise<Completed> {
  const { technology, evidence, now, labRoots } = wanted;
  const context = { engine: inlineEngine, now, labRoots };
  const collateral = openSource(host, given);
  await takeBundle(collateral, given, reader, context);
  const { files, used, missing } = await completeFiles(
    technology,
    evidence,
    collateral,
    context,
    needsOf(given),
  );
  return { evidence: files, collateral: used.map((one) => ofBundle(one, given)), missing };
}

/** Where nothing is kept between runs, what seems to be kept is what the bundle brought a moment ago. */
function ofBundle(used: CollateralUsed, given: Given): CollateralUsed {
  return whereFrom(given) === "given" && used.from === "cache" ? { ...used, from: "bundle" } : used;
}

/** With a bundle alone nothing on this machine is read or written. */
function openSource(host: Host, given: Given): Collateral {
  const where = whereFrom(given);
  if (where !== "given") {
    return openCollateral(host, given, { offline: where === "cache" }).collateral;
  }
  const { http, clock, timer, random } = host;
  const options = { ...optionsOf(given), offline: true };
  return createCollateral({
    http,
    store: createStore(memoryCache(clock)),
    clock,
    timer,
    random,
    options,
  });
}

/** A thing of the bundle that cannot be taken is only missed where the evidence needs it. */
async function takeBundle(
  collateral: Collateral,
  given: Given,
  reader: FileReader,
  context: CollateralTerms,
): Promise<void> {
  const path = given.text(BUNDLE_FLAG);
  if (path === undefined) return;
  const flag = `--${BUNDLE_FLAG}`;
  const keys = await readOwnerKeys(given, reader);
  const bundle = await readBundle(reader, flag, path, { keys, unsigned: false });
  await bringBundle(bundle, { collateral, itemOfKey, context });
}

/**
 * `casemate collateral fetch`: asks for what evidence needs, or for newer issues of what is kept.
 *
 * @module
 */

import type { CollateralTerms } from "../../collateral/collateral.ts";
import type { CollateralItem } from "../../evidence/collateral.ts";
import { itemOfKey } from "../../evidence/collateral_items.ts";
import { inlineEngine } from "../../core/crypto_inline.ts";
import type { InputError } from "../../core/errors.ts";
import { inOrderOfNeed } from "../../collateral/need_order.ts";
import { realmOf } from "../../collateral/keep.ts";
import { contextOf, needsOf, openCollateral, type Opened } from "../collateral/open.ts";
import { itemOfGivenKey, openEvidence } from "../collateral/needed.ts";
import { eachOf, type Outcome, outcomeOf, tellOutcomes } from "../collateral/outcome.ts";
import type { Context } from "../context.ts";
import { FileReader } from "../input/files.ts";
import { flagError, type Given } from "../input/given.ts";

/** What is worked with. */
interface Job extends Opened {
  readonly given: Given;
  readonly reader: FileReader;
  readonly context: CollateralTerms;
}

/**
 * Fetches.
 *
 * @param context The machine.
 * @param paths Evidence.
 * @param given The flags.
 * @throws {InputError} naming the argument or flag.
 */
export async function fetchCollateral(
  context: Context,
  paths: readonly string[],
  given: Given,
): Promise<void> {
  const { host } = context;
  const reader = new FileReader(host.files);
  const opened = openCollateral(host, given, {});
  const job = { ...opened, given, reader, context: await contextOf(host, given, reader) };
  const asked = given.texts("item").map((key) => itemOfGivenKey(key, "--item"));
  const named = paths.length > 0 || asked.length > 0;
  const items = named ? asked : await keptItems(job);
  if (!named && items.length === 0) throw nothingKept();
  const outcomes = [...await ofEvidence(job, paths), ...await getAll(job, items)];
  tellOutcomes(context, given, withoutRepeats(outcomes), "are kept");
}

function nothingKept(): InputError {
  const message = "Cannot bring anything up to date: nothing is kept yet; give evidence";
  return flagError("input.missing", message, "FILE");
}

/** What is kept under the same roots, as items; what a newer casemate left there is its matter. */
async function keptItems({ store, context }: Job): Promise<readonly CollateralItem[]> {
  const realm = realmOf(context.labRoots);
  return (await store.list()).filter((entry) => entry.realm === realm)
    .flatMap(({ key }) => itemOfKey(key) ?? []);
}

function getAll(job: Job, items: readonly CollateralItem[]): Promise<readonly Outcome[]> {
  return eachOf(inOrderOfNeed(items, (one) => one), (item) => get(job, item));
}

function get(
  { collateral, context, given }: Job,
  item: CollateralItem,
): ReturnType<Opened["collateral"]["get"]> {
  return collateral.get(item, context, { refresh: given.has("refresh") });
}

async function ofEvidence(job: Job, paths: readonly string[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const path of paths) outcomes.push(...await ofOne(job, path));
  return outcomes;
}

/** Asks what evidence needs until nothing new comes: what was got can say what else is needed. */
async function ofOne(job: Job, path: string): Promise<readonly Outcome[]> {
  const { technology, files } = await openEvidence(job.reader, path);
  if (technology.collateral === undefined) throw needsNothing(path, technology.title);
  const needs = needsOf(job.given);
  const known = new Map<string, Outcome>();
  let got = files;
  for (let more = true; more;) {
    const items = await technology.collateral({ engine: inlineEngine, files: got, ...needs });
    const open = items.filter(({ key }) => !known.has(key));
    more = open.length > 0;
    for (const item of inOrderOfNeed(open, (one) => one)) {
      const outcome = await outcomeOf(item.key, item.title, () => get(job, item));
      known.set(item.key, outcome);
      if ("got" in outcome) got = { ...got, ...outcome.got.content.files };
    }
  }
  return [...known.values()];
}

function needsNothing(path: string, title: string): InputError {
  const message = `Cannot fetch anything for ${path}: ${title} needs nothing that vendors hand out`;
  return flagError("input.wrong_kind", message, "FILE");
}

/** What several pieces of evidence need is told once. */
function withoutRepeats(outcomes: readonly Outcome[]): readonly Outcome[] {
  return [...new Map(outcomes.map((outcome) => [outcome.key, outcome])).values()];
}

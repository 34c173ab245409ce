/**
 * Takes what a bundle holds, once each thing is shown to be its vendor's.
 *
 * @module
 */

import { CasemateError, InputError } from "../core/errors.ts";
import type { CollateralItem } from "../evidence/collateral.ts";
import type { BundleItem } from "./bundle.ts";
import type { OpenedBundle } from "./bundle_file.ts";
import type { Collateral, CollateralTerms, Obtained } from "./collateral.ts";
import { inOrderOfNeed } from "./need_order.ts";

/** What came of one thing of a bundle. */
export type BroughtOne =
  | { readonly key: string; readonly title: string; readonly got: Obtained }
  | { readonly key: string; readonly title: string; readonly error: CasemateError };

/** What a bundle is taken with. */
export interface BringParts {
  /** Where it goes; it asks nobody. */
  readonly collateral: Pick<Collateral, "accept">;
  /** Finds an item by its key. */
  readonly itemOfKey: (key: string) => CollateralItem | null;
  /** Engine, time, lab roots. */
  readonly context: CollateralTerms;
}

/**
 * Takes all that can be taken; what cannot is told beside it.
 *
 * @param bundle The bundle.
 * @param parts What it is taken with.
 */
export async function bringBundle(
  bundle: OpenedBundle,
  parts: BringParts,
): Promise<readonly BroughtOne[]> {
  const known = bundle.items.map((one) => ({ one, item: parts.itemOfKey(one.key) }));
  const outcomes: BroughtOne[] = [];
  for (const { one, item } of inOrderOfNeed(known, ({ item }) => item)) {
    outcomes.push(await bringOne(one, item, bundle, parts));
  }
  return outcomes;
}

async function bringOne(
  { key, answer, confirmed }: BundleItem,
  item: CollateralItem | null,
  { by }: OpenedBundle,
  { collateral, context }: BringParts,
): Promise<BroughtOne> {
  if (item === null) return { key, title: key, error: unknownKey(key) };
  const { title } = item;
  try {
    // Nobody's word: the vendor's own date of issue is all that there is.
    const brought = { answer, confirmed: by === null ? null : confirmed };
    return { key, title, got: await collateral.accept(item, brought, context) };
  } catch (error) {
    if (!(error instanceof CasemateError)) throw error;
    return { key, title, error };
  }
}

function unknownKey(key: string): InputError {
  return new InputError(
    `Cannot use ${JSON.stringify(key)} of the bundle: no vendor has such a thing`,
    {
      code: "collateral.unknown_key",
      fields: { key },
    },
  );
}

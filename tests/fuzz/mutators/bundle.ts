/**
 * Bundles of collateral: what comes out of a file is what its signer put in, and
 * what is taken of it is, whoever signed it, what vendors hand out.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { bringBundle } from "../../../src/collateral/bring.ts";
import {
  type Bundle,
  BUNDLE_TYPE,
  readBundle,
  writeBundle,
} from "../../../src/collateral/bundle.ts";
import {
  openBundleFile,
  type OpenedBundle,
  writeBundleFile,
} from "../../../src/collateral/bundle_file.ts";
import { equal, isBytes, toBase64 } from "../../../src/core/bytes.ts";
import { signDsse } from "../../../src/core/dsse.ts";
import { itemOfKey } from "../../../src/evidence/collateral_items.ts";
import { NOW } from "../../lab_authority.ts";
import { verifierKey } from "../../results/tokens.ts";
import { networkOf } from "../../fakes/vendor.ts";
import { engine } from "../../vendors/gather.ts";
import { sourceOver } from "../../vendors/sources.ts";
import { type Kind, kindOf } from "../kind.ts";
import { assertTyped, timed } from "../properties.ts";
import { someSteps, type Step, type StepTable, takeSteps } from "../steps.ts";
import { jsonSteps } from "./json_steps.ts";
import { KEYS } from "./item_key.ts";
import { type VendorBase, vendorBases } from "./vendor_bases.ts";

const HOUR = 3_600_000;

/** Bundles that are right: one without anything large, one of all there is. */
async function bundleOf(small: boolean): Promise<Bundle> {
  const items = (await vendorBases()).filter(({ item }) => !small || item.service !== "amd-kds");
  return {
    made: NOW,
    items: items.map(({ item: { key }, answer }) => ({
      key,
      answer,
      confirmed: new Date(NOW.getTime() - HOUR),
    })),
  };
}

const STEPS: StepTable<Uint8Array> = jsonSteps({
  raws: [
    ...KEYS.map((key) => JSON.stringify(key)),
    ...["2026-11-22T08:00:00.000Z", "2099-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z"].map((
      moment,
    ) => JSON.stringify(moment)),
    ...['"2026-02-30T00:00:00.000Z"', '"2026-11-22T08:00:00Z"', '"AA=="', '"AB=="', '"MA=="'],
    '{"tcb-info-issuer-chain":"%0"}',
  ],
  names: ["v", "made", "items", "key", "body", "headers", "confirmed", "tcb-info-issuer-chain"],
});

/** How a bundle is signed, and whether that is before it was changed. */
const SIGNINGS = ["before", "after", "nobody"] as const;

interface Given {
  readonly small: boolean;
  readonly signing: typeof SIGNINGS[number];
  readonly steps: readonly Step[];
}

const contents = ({ made, items }: Bundle): unknown => ({
  made: made.getTime(),
  items: items.map(({ key, answer: { body, headers }, confirmed }) => [
    key,
    toBase64(body),
    headers,
    confirmed.getTime(),
  ]),
});

/** Takes all of it into an empty cache: what is kept is the vendor's own. */
async function assertTaken(bundle: OpenedBundle, bases: readonly VendorBase[]): Promise<string> {
  const { collateral } = sourceOver(networkOf({}));
  const labRoots = bases.flatMap(({ context }) => context.labRoots);
  const context = { engine, now: NOW, labRoots };
  const outcomes = await bringBundle(bundle, { collateral, itemOfKey, context });
  assert.equal(outcomes.length, bundle.items.length, "each thing is told of");
  let taken = 0;
  for (const outcome of outcomes) {
    if ("error" in outcome) assertTyped(outcome.error);
    else {
      assertVendors(outcome.got, bases);
      taken++;
    }
  }
  return taken === outcomes.length ? "all taken" : taken === 0 ? "none taken" : "some taken";
}

function assertVendors(
  { key, content, confirmed }: Parameters<typeof assertGot>[0],
  bases: readonly VendorBase[],
): void {
  // Intel signs nothing that tells the early channel from the usual one; a number is in the document, and is checked.
  const name = (one: string): string => one.replace(/(?:update|tcbEvaluationDataNumber)=\w+$/, "");
  const base = bases.find(({ item }) => name(item.key) === name(key));
  assert.ok(base, `nobody has ${key}`);
  assert.deepEqual([content.issued, content.expires], [base.content.issued, base.content.expires]);
  assertGot({ key, content, confirmed });
  for (const [role, file] of Object.entries(base.content.files)) {
    const got = content.files[role];
    // Documents may have other blanks around what is signed.
    if (!isBytes(file) || !isBytes(got) || file[0] !== 0x30) continue;
    assert.ok(equal(got, file), `${key}: ${role}`);
  }
}

/** Nothing is from the future, by more than clocks differ, nor used after its end. */
function assertGot(
  got: {
    readonly key: string;
    readonly content: VendorBase["content"];
    readonly confirmed: Date;
  },
): void {
  assert.ok(got.confirmed.getTime() <= NOW.getTime() + HOUR, `${got.key} is of the future`);
  assert.ok(got.content.expires.getTime() > NOW.getTime(), `${got.key} is over`);
}

async function endOf(file: Uint8Array, start: Bundle, { signing }: Given): Promise<string> {
  const { publicKey } = await verifierKey("P-384");
  try {
    const unsigned = signing === "nobody";
    const options = unsigned ? { keys: [], unsigned } : { keys: [publicKey], unsigned };
    const bundle = await openBundleFile(file, "b", options);
    assert.equal(bundle.by?.id ?? null, unsigned ? null : publicKey.id);
    if (signing === "before") assert.deepEqual(contents(bundle), contents(sorted(start)));
    // Members may be written in another order; what is written again is the same.
    if (bundle.items.length > 0) {
      assert.deepEqual(contents(readBundle(writeBundle(bundle), "b")), contents(sorted(bundle)));
    }
    return await assertTaken(bundle, await vendorBases());
  } catch (error) {
    assertTyped(error);
    assert.match(error.code, /^(collateral\.bundle_(form|unsigned)|dsse\.|input\.too_large$)/);
    return error.code;
  }
}

function sorted({ made, items }: Bundle): Bundle {
  return { made, items: [...items].sort((a, b) => a.key < b.key ? -1 : 1) };
}

/** Bundles. */
export const bundle: Kind = kindOf<Given>({
  id: "bundle",
  says: "bundles of collateral",
  given: () =>
    Promise.resolve(fc.record({
      small: fc.boolean(),
      signing: fc.constantFrom(...SIGNINGS),
      steps: someSteps(STEPS, { "tree": 8, "canonical tree": 4 }),
    })),
  async judge(given) {
    const start = await bundleOf(given.small);
    const key = await verifierKey("P-384");
    const first = await writeBundleFile(start, given.signing === "before" ? [key] : []);
    const bent = await takeSteps(STEPS, first, given.steps);
    const file = given.signing === "after" ? await signDsse(BUNDLE_TYPE, bent, [key]) : bent;
    return await timed(() => endOf(file, start, given), { bundle: file });
  },
});

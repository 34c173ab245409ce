/**
 * Intel's documents before and after a TCB recovery, and lists that lie at two
 * addresses, from the cache to the verdict.
 *
 * @module
 */

import assert from "node:assert/strict";
import { UnavailableError } from "../../mod.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { tdx } from "../../src/evidence/tdx/mod.ts";
import { addDays } from "../../src/lab/dates.ts";
import { completeFiles } from "../../src/verifier/complete.ts";
import { NOW } from "../lab_authority.ts";
import { ask, assertGood, filesOf } from "../tdx/ask.ts";
import { codeOf, engine, itemsOf, obtain } from "./gather.ts";
import { sourceOver, type Timed } from "./sources.ts";
import { type Bare, bare } from "./tdx.ts";

async function complete(one: Bare, { collateral, clock }: Timed, more: FilesByRole = {}) {
  const terms = { engine, now: clock.now(), labRoots: one.terms.labRoots };
  return await completeFiles(tdx, { quote: one.minted.quote, ...more }, collateral, terms);
}

Deno.test("TDX-06 a document that was kept before a recovery is asked for again beside one of after", async () => {
  const one = await bare();
  const source = sourceOver(one.http);
  await complete(one, source);
  one.pcs.state.standard = 21;
  const [, identity] = await itemsOf(tdx, { quote: one.minted.quote });
  assert.ok(identity);
  const terms = { engine, now: source.clock.now(), labRoots: one.terms.labRoots };
  await source.collateral.get(identity, terms, { refresh: true });

  const { files, missing } = await complete(one, source);

  assert.deepEqual(missing, []);
  assertGood(await ask(one.minted, { files: { ...files } }));
});

Deno.test("TDX-06 documents of two recoveries that cannot be asked for again are missing, not refused", async () => {
  const one = await bare();
  const source = sourceOver(one.http);
  await complete(one, source);
  one.pcs.state.standard = 21;
  const [, identity] = await itemsOf(tdx, { quote: one.minted.quote });
  assert.ok(identity);
  const terms = { engine, now: source.clock.now(), labRoots: one.terms.labRoots };
  await source.collateral.get(identity, terms, { refresh: true });
  one.pcs.fault = { kind: "status", status: 500 };

  const { files, missing } = await complete(one, source);

  assert.deepEqual(missing.map(({ error }) => error.code), ["collateral.outdated"]);
  assert.deepEqual(Object.keys(files), ["quote"], "it is verified without, which trusts nothing");
});

Deno.test("TDX-06 an old list of the root that the evidence brings is not used where a cache of Intel's gave a newer one", async () => {
  const older = await bare({ now: addDays(NOW, -3) });
  const one = await bare({}, { isCache: true });
  const source = sourceOver(one.http);
  await complete(one, source);
  source.pass(8 * 24);
  one.pcs.fault = { kind: "status", status: 500 };
  one.pcs.certificates.fault = { kind: "status", status: 404 };

  for (const brought of [filesOf(one.minted), filesOf(older.minted)]) {
    const { rootCrl } = brought;
    const completed = await complete(one, source, { ...filesOf(one.minted), rootCrl })
      .catch((error: unknown) => {
        assert.ok(error instanceof UnavailableError);
        return null;
      });
    assert.equal(completed?.files["rootCrl"] ?? null, null);
  }
});

Deno.test("an identity of enclaves' quoting enclave is not taken for that of trust domains", async () => {
  const one = await bare({}, { swap: "enclave" });
  const [, identity] = await itemsOf(tdx, { quote: one.minted.quote });
  assert.ok(identity);
  assert.equal(await codeOf(obtain(identity, one.terms)), "tdx.qe_identity_id");
});

Deno.test("an identity of another recovery than was asked for by number is not taken", async () => {
  const one = await bare();
  const [of20, of21] = await Promise.all(
    [20, 21].map(async (tcbRecovery) =>
      (await itemsOf(tdx, { quote: one.minted.quote }, { tcbRecovery }))[1]
    ),
  );
  assert.ok(of20 && of21);
  const swapped = { ...of20, path: of21.path };
  assert.equal(await codeOf(obtain(swapped, one.terms)), "tdx.evaluation_number_mismatch");
});

Deno.test("lists of the root are one document at both addresses, and documents of a recovery one series", async () => {
  const [info, identity, , root] = await itemsOf(tdx, { quote: (await bare()).minted.quote });
  assert.ok(root?.document !== undefined && info?.series !== undefined);
  assert.deepEqual(root.instead?.map(({ document }) => document), [root.document]);
  assert.equal(identity?.series, info.series);
});

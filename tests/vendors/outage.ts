/**
 * Vendors that fail in every way in which they can, as verification sees it:
 * with nothing kept it cannot be examined, with what is kept it goes on within
 * the stated age, and never is anything wrongly trusted.
 *
 * @module
 */

import assert from "node:assert/strict";
import { UnavailableError } from "../../mod.ts";
import { sevSnp } from "../../src/evidence/snp/mod.ts";
import { tdx, type TdxFiles } from "../../src/evidence/tdx/mod.ts";
import type { FilesByRole } from "../../src/evidence/evidence.ts";
import { addDays } from "../../src/lab/dates.ts";
import type { Fault, VendorDouble } from "../fakes/vendor.ts";
import { NOW } from "../lab_authority.ts";
import { ask as askSnp, assertGood as assertGoodSnp } from "../snp/ask.ts";
import { ask as askTdx, assertGood as assertGoodTdx } from "../tdx/ask.ts";
import { bare as bareReport } from "./snp.ts";
import { completeFrom, sourceOver, type Timed } from "./sources.ts";
import { bare as bareQuote } from "./tdx.ts";

/** Something that goes wrong with a service, and what becomes of a verification that has nothing kept. */
interface Trouble<State> {
  readonly what: string;
  readonly state?: Partial<State>;
  readonly fault?: Fault;
  readonly code: string;
}

/** Faults of the network and of servers. */
const FAULTS: readonly Trouble<never>[] = [
  { what: "429 with seconds", fault: status(429, "86400"), code: "collateral.throttled" },
  {
    what: "429 with a date",
    fault: status(429, "Mon, 23 Nov 2026 12:00:00 GMT"),
    code: "collateral.throttled",
  },
  { what: "500", fault: status(500), code: "collateral.server_error" },
  { what: "503", fault: status(503, "7200"), code: "collateral.throttled" },
  { what: "403", fault: status(403), code: "collateral.refused" },
  { what: "404", fault: status(404), code: "collateral.not_found" },
  { what: "no answer", fault: { kind: "hang" }, code: "collateral.timeout" },
  { what: "an answer cut short", fault: { kind: "cut" }, code: "collateral.cut_short" },
  { what: "half of an answer", fault: { kind: "half" }, code: "collateral.wrong_content" },
  { what: "an empty answer", fault: { kind: "empty" }, code: "collateral.wrong_content" },
  { what: "a page of a proxy", fault: { kind: "garbage" }, code: "collateral.wrong_content" },
  { what: "an answer without end", fault: { kind: "oversized" }, code: "collateral.too_large" },
  {
    what: "a redirect",
    fault: { kind: "redirect", to: "http://127.0.0.1/" },
    code: "collateral.redirected",
  },
];

/** After the first three a service is left alone for a time, so that nothing else about it could be seen; the others are like one that stays. */
const PASSED_BY = [
  "429 with seconds",
  "429 with a date",
  "503",
  "403",
  "404",
  "an empty answer",
  "a page of a proxy",
];

function status(code: number, retryAfter?: string): Fault {
  return { kind: "status", status: code, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** A vendor, evidence that needs it, and what the verification must say. */
interface Case {
  readonly doubles: readonly VendorDouble[];
  readonly state: object;
  /** The state before anything went wrong. */
  readonly usual: object;
  readonly source: Timed;
  complete(): ReturnType<typeof completeFrom>;
  assertTrusted(files: FilesByRole, now: Date): Promise<void>;
}

async function report(): Promise<Case> {
  const { minted, kds, http, terms } = await bareReport();
  const source = sourceOver(http);
  return {
    doubles: [kds],
    state: kds.state,
    usual: { ...kds.state },
    source,
    complete: () => completeFrom(source, sevSnp, { report: minted.report }, terms.labRoots),
    assertTrusted: async (files, now) =>
      assertGoodSnp(await askSnp(minted, { files, request: { now } })),
  };
}

async function quote(): Promise<Case> {
  const { minted, pcs, http, terms } = await bareQuote();
  const source = sourceOver(http);
  return {
    doubles: [pcs, pcs.certificates],
    state: pcs.state,
    usual: { ...pcs.state },
    source,
    complete: () => completeFrom(source, tdx, { quote: minted.quote }, terms.labRoots),
    assertTrusted: async (files, now) =>
      assertGoodTdx(
        // Roles of this technology, each of bytes.
        await askTdx(minted, { files: files as Required<TdxFiles>, request: { now } }),
      ),
  };
}

const OLD = { issued: addDays(NOW, -400) };
const FUTURE = { issued: addDays(NOW, 20) };
const VENDORS = {
  "AMD's service": {
    make: report,
    troubles: [
      ...FAULTS,
      { what: "stale lists", state: OLD, code: "collateral.expired" },
      { what: "lists of the future", state: FUTURE, code: "collateral.future" },
      {
        what: "keys of another form",
        state: { swap: "other-form" },
        code: "collateral.wrong_content",
      },
    ],
    older: { issued: addDays(NOW, -1), number: 0 },
  },
  "Intel's services": {
    make: quote,
    troubles: [
      ...FAULTS,
      { what: "stale documents", state: OLD, code: "collateral.expired" },
      { what: "documents of the future", state: FUTURE, code: "collateral.future" },
      {
        what: "another platform",
        state: { swap: "other-fmspc" },
        code: "collateral.wrong_content",
      },
      {
        what: "documents of enclaves",
        state: { swap: "enclave" },
        code: "collateral.wrong_content",
      },
      { what: "another CA", state: { swap: "other-ca" }, code: "collateral.wrong_content" },
    ],
    older: { issued: addDays(NOW, -1), standard: 19 },
  },
} as const;

function bring(one: Case, { fault, state = {} }: Trouble<object>): void {
  for (const double of one.doubles) double.fault = fault ?? null;
  Object.assign(one.state, state);
}

for (const [vendor, { make, troubles, older }] of Object.entries(VENDORS)) {
  Deno.test(`${vendor}: with nothing kept, nothing that goes wrong is trusted or rejected`, async () => {
    for (const trouble of troubles) {
      const one = await make();
      bring(one, trouble);
      await assert.rejects(
        one.complete(),
        (error) => error instanceof UnavailableError && error.code === trouble.code,
        `${trouble.what} gives ${trouble.code}`,
      );
    }
  });

  Deno.test(`${vendor}: whatever goes wrong for 48 hours, verification goes on from what is kept, and not for ever`, async () => {
    const one = await make();
    const { files } = await one.complete();
    one.source.pass(48);
    for (const trouble of troubles.filter(({ what }) => !PASSED_BY.includes(what))) {
      bring(one, trouble);
      const later = await one.complete();
      assert.ok(
        later.stale.length > 0,
        `${trouble.what}: it says what could not be asked for again`,
      );
      assert.deepEqual(later.files, files, trouble.what);
      Object.assign(one.state, one.usual);
    }
    await one.assertTrusted(files, one.source.clock.now());
    bring(one, { what: "500", fault: status(500), code: "" });
    one.source.pass(6 * 24);
    await assert.rejects(one.complete(), UnavailableError);
    // When the service is back, all is well.
    bring(one, { what: "nothing", state: { issued: one.source.clock.now() }, code: "" });
    const again = await one.complete();
    assert.deepEqual(again.stale, []);
    await one.assertTrusted(again.files, one.source.clock.now());
  });

  Deno.test(`${vendor}: what is older than what was seen is not taken, and what is kept stays`, async () => {
    const one = await make();
    const { files } = await one.complete();
    Object.assign(one.state, older);
    one.source.pass(13);
    const later = await one.complete();
    assert.deepEqual(later.files, files);
    assert.ok(later.stale.length > 0);
  });
}

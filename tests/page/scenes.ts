/**
 * What is done to the page so that it shows each of its states.
 *
 * @module
 */

import type { Page } from "playwright-core";
import { writeBundle } from "../../src/audit/mod.ts";
import { fromHex, toHex } from "../../src/core/bytes.ts";
import { examine, type Request } from "../../mod.ts";
import { realEntry } from "../corpus.ts";
import { vectorRequest } from "../report/states.ts";
import { believeAll, give, settled, VERDICT } from "./browser.ts";

/** A real TD quote that is up to date. */
const QUOTE = "tdx/v5-google-90c06f";

/** Offset of the TD report's fields in a quote of version 5: header 48, body descriptor 6. */
const BODY_AT = 48 + 6;

/** The quote, and what it meets. */
export interface RealQuote {
  /** Files by role. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** What it answers. */
  readonly expect: { readonly reportData: Uint8Array };
  /** A policy that pins what it says. */
  readonly policy: {
    readonly version: 1;
    readonly tdx: Readonly<Record<"mrTd" | "rtmr1" | "rtmr2", readonly string[]>>;
  };
  /** Moment for which it is judged. */
  readonly now: Date;
}

/** Reads the quote. */
export function realQuote(): RealQuote {
  const { files, verifyAt } = realEntry(QUOTE).input;
  const camel = (role: string): string =>
    role.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const named = Object.entries(files).flatMap(([role, file]) =>
    file instanceof Uint8Array ? [[camel(role), file] as const] : []
  );
  const evidence = Object.fromEntries(named);
  const quote = evidence["quote"] ?? new Uint8Array();
  const value = (at: number, length: number): string =>
    toHex(quote.subarray(BODY_AT + at, BODY_AT + at + length));
  return {
    files: evidence,
    expect: { reportData: fromHex(value(520, 64)) },
    policy: {
      version: 1,
      tdx: { mrTd: [value(136, 48)], rtmr1: [value(376, 48)], rtmr2: [value(424, 48)] },
    },
    now: verifyAt ?? new Date(),
  };
}

/** Gives the real quote, with what belongs to it or without, judged for its own time. */
export async function quoteAlone(page: Page, whole = true): Promise<void> {
  const { files, now } = realQuote();
  const given = Object.entries(files).filter(([role]) => whole || role === "quote");
  await give(page, given.map(([role, bytes]) => ({ name: `${role}.bin`, bytes })));
  await page.evaluate("document.getElementById('terms').open = true");
  await page.check("[name=time][value=at]");
  await page.fill("#at", now.toISOString().slice(0, 19));
  await settled(page);
}

/** Folds the form away again, as somebody does who is done with it. */
async function folded(page: Page): Promise<void> {
  await page.evaluate("document.getElementById('terms').open = false");
}

/** The same with a question and a value that it meets. */
export async function trusted(page: Page, mrTd?: string): Promise<void> {
  const { expect, policy } = realQuote();
  await quoteAlone(page);
  await page.check("[name=question][value=data]");
  await page.fill("#data", toHex(expect.reportData));
  const pins = { ...policy.tdx, ...(mrTd === undefined ? {} : { mrTd: [mrTd] }) };
  for (const [key, values] of Object.entries(pins)) {
    await page.fill(`[data-pin=${key}]`, values.join(" "));
  }
  await settled(page);
}

async function bundleOf(page: Page, request: Request): Promise<void> {
  const bundle = writeBundle(request, await examine(request), { casemate: "0.1.0" });
  await give(page, [{ name: "audit.json", bytes: bundle }]);
  await believeAll(page);
  await page.locator(VERDICT).waitFor();
}

/** What is done for each state, by name; those of real evidence need it. */
export const SCENES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  "empty": () => Promise.resolve(),
  "paste": (page) => page.click("#paste"),
  "lab": async (page) => {
    await page.click("#sample");
    await page.locator(VERDICT).waitFor();
  },
  "rejected": async (page) => {
    await page.click("#sample");
    await page.click("#bend");
    await page.locator(VERDICT, { hasText: "Rejected" }).waitFor();
  },
  "lacking": async (page) => {
    const { evidence } = await vectorRequest("sev-snp/genoa-vcek");
    const { report } = evidence as { readonly report: Uint8Array };
    const noise = new TextEncoder().encode("Dear all, see the attached report");
    await give(page, [{ name: "report.bin", bytes: report }, { name: "note.txt", bytes: noise }]);
  },
  "root": async (page) => {
    const { evidence } = await vectorRequest("sev-snp/genoa-vcek");
    const files = Object.entries(evidence).flatMap(([role, file]) =>
      [file].flat().map((bytes: Uint8Array) => ({ name: `${role}.bin`, bytes }))
    );
    await give(page, files);
  },
  "audit": async (page) => bundleOf(page, await vectorRequest("azure-sev-snp/join")),
  "no-processor": async (page) => bundleOf(page, await vectorRequest("qemu-vtpm/enrolled")),
};

/** The same with real evidence. */
export const REAL_SCENES: typeof SCENES = {
  "trusted": (page) => trusted(page).then(() => folded(page)),
  "asked": (page) => trusted(page),
  "platform-only": (page) => quoteAlone(page).then(() => folded(page)),
  "unavailable": (page) => quoteAlone(page, false).then(() => folded(page)),
  "mismatch": (page) => trusted(page, "ab".repeat(48)).then(() => folded(page)),
};

/**
 * The page in Debian's Chromium, with no network at all, and what the browser complains of.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type Browser, chromium, type Page } from "playwright-core";
import { buildPage } from "../../scripts/build_page.ts";
import type { NamedFile } from "../../src/recognise/mod.ts";
import { CHROMIUM } from "../packages/chromium.ts";

/** Whether the browser is not there; said once. */
export const noBrowser: boolean = !await isThere(CHROMIUM);

/** The verdict on the page. */
export const VERDICT = ".casemate-report .verdict h1";

/** A host that the browser takes for another machine, so that plain HTTP of it is not secure. */
export const ELSEWHERE = "party.example";

/** Until something that never comes is given up, ms: a machine under load takes long. */
const PATIENCE = 300_000;

/** How the page is opened. */
export interface Look {
  /** Where it is, if not in the file that is built. */
  readonly url?: string;
  /** Width and height, pixels. */
  readonly size?: readonly [number, number];
  /** Bright or dark. */
  readonly scheme?: "light" | "dark";
}

/** A page that is open. */
export interface Opened {
  /** The page. */
  readonly page: Page;
  /** What the browser complained of, each address that was asked for beyond the page's own, each dialog. */
  readonly complaints: string[];
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn(`ignored: tests of the page, since ${path} is not there`);
    return false;
  }
}

const care = Deno.env.get("CASEMATE_PAGE") === "full" ? "best" : "stored";

let building: Promise<string> | undefined;

/** The page as a file; with `deno task page:test` as it is published, else not packed, which takes no time. */
export function pageFile(): Promise<string> {
  building ??= write();
  return building;
}

async function write(): Promise<string> {
  const path = await Deno.makeTempFile({ prefix: "casemate-page-", suffix: ".html" });
  addEventListener("unload", () => Deno.removeSync(path));
  await Deno.writeTextFile(path, (await buildPage(care)).html);
  return path;
}

/**
 * Runs something with a browser, which is closed behind it.
 *
 * @param work What is done.
 */
export async function withBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      // Containers have little shared memory.
      "--disable-dev-shm-usage",
      `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`,
    ],
    timeout: PATIENCE,
  });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

/**
 * Opens the page.
 *
 * @param browser The browser.
 * @param look How.
 */
export async function open(browser: Browser, look: Look = {}): Promise<Opened> {
  const [width, height] = look.size ?? [1000, 900];
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: look.scheme ?? "light",
    acceptDownloads: true,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints: string[] = [];
  const url = look.url ?? `file://${await pageFile()}`;
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("blob:")) complaints.push(request.url());
  });
  await context.setOffline(url.startsWith("file:"));
  await page.goto(url);
  await page.locator("#page:not([aria-busy])").waitFor();
  return { page, complaints };
}

/**
 * Gives files to the page and waits until it has looked at them.
 *
 * @param page The page.
 * @param files The files.
 */
export async function give(page: Page, files: readonly NamedFile[]): Promise<void> {
  const given = files.map(({ name, bytes }) => ({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(bytes),
  }));
  await page.locator("#chosen").setInputFiles(given);
  await settled(page);
}

/**
 * Waits until what was done to the page has its answer. The page is busy from
 * the moment at which a key, a button or a file comes to it.
 *
 * @param page The page.
 */
export async function settled(page: Page): Promise<void> {
  await page.locator("#page:not([aria-busy])").waitFor({ state: "attached" });
}

/**
 * Ticks the roots that came with what was given, one after the other: each is drawn elsewhere then.
 *
 * @param page The page.
 */
export async function believeAll(page: Page): Promise<void> {
  const open = page.locator("input[data-root]:not(:checked)");
  while (await open.count() > 0) {
    await open.first().click();
    await settled(page);
  }
}

/**
 * What a button lets save.
 *
 * @param page The page.
 * @param button Its selector.
 */
export async function saved(page: Page, button: string): Promise<Uint8Array<ArrayBuffer>> {
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
  return await Deno.readFile(await file.path());
}

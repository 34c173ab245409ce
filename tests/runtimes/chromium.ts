/**
 * The suite in Debian's Chromium: the files of the installed package as they
 * are, served on loopback to a page that may ask for nothing else.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { PATIENCE, startChromium } from "../packages/chromium.ts";
import type { Answered } from "./answer.ts";
import { entryFiles } from "./entries.ts";
import { ASKED_FILE, MINTING_FILE } from "./home.ts";

/** Names of hosts lead nowhere. */
const FLAGS: readonly string[] = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];

/** Where the page must not ask. */
const FOREIGN = "http://localhost:1/";

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>The suite in a browser</title>
<script type="importmap">IMPORTS</script>
<script type="module" src="./page.mjs"></script>
`;

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  json: "application/json",
};

/**
 * Runs it.
 *
 * @param home Folder with the package.
 * @throws {assert.AssertionError} where the page asked for what is not the package's, or the browser complained.
 */
export async function answerInChromium(home: string): Promise<Answered> {
  const { html, policy } = await pageOf(home);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => serve(home, html, policy, new URL(request.url).pathname),
  );
  const browser = await startChromium(FLAGS);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    const complaints = await watch(page, `http://127.0.0.1:${server.addr.port}`);
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    const text = await page.evaluate<string>(`run("${ASKED_FILE}", "${MINTING_FILE}")`);
    await assertNoticed(page, complaints);
    return JSON.parse(text);
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

/** One request of somebody else is noticed, and comes after all that the page did by itself: there was nothing. */
async function assertNoticed(page: Page, complaints: readonly string[]): Promise<void> {
  const noticed = page.waitForEvent("console");
  const asked = page.evaluate(`fetch("${FOREIGN}").catch(() => {})`);
  await Promise.all([noticed, asked]);
  assert.match(complaints[0] ?? "", new RegExp(FOREIGN), complaints.join("\n"));
}

/** The page with the package's entries by their names, and the policy that lets it run that and no other script. */
async function pageOf(home: string): Promise<{ readonly html: string; readonly policy: string }> {
  const map = JSON.stringify({ imports: await entryFiles(home, "default") });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(map));
  const hash = new Uint8Array(digest).toBase64();
  return {
    html: PAGE.replace("IMPORTS", () => map),
    policy: "default-src 'none'; connect-src 'self'; " +
      `script-src 'self' 'sha256-${hash}' 'wasm-unsafe-eval'`,
  };
}

/** Lets the page ask its own server alone; what it asks of others, and what the browser says, is kept. */
async function watch(page: Page, origin: string): Promise<readonly string[]> {
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.route(({ origin: other }) => other !== origin, async (route) => {
    complaints.push(`asked for ${route.request().url()}`);
    await route.abort();
  });
  return complaints;
}

async function serve(
  home: string,
  html: string,
  policy: string,
  path: string,
): Promise<Response> {
  // Browsers ask for it by themselves.
  if (path === "/favicon.ico") return new Response(null, { status: 204 });
  const type = TYPES[path === "/" ? "html" : /[^.]*$/.exec(path)?.[0] ?? ""];
  const headers = {
    "content-type": type ?? "application/octet-stream",
    "content-security-policy": policy,
  };
  if (path === "/") return new Response(html, { headers });
  try {
    return new Response(await Deno.readFile(`${home}${path}`), { headers });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return new Response(null, { status: 404 });
  }
}

/**
 * A page in Debian's Chromium, served from a folder.
 *
 * @module
 */

import { type Browser, chromium } from "playwright-core";

/** Where Debian's package puts it. */
export const CHROMIUM = "/usr/bin/chromium";

/** Longest that one step of the browser may take, ms: for what hangs, since what is slow may be. */
export const PATIENCE = 300_000;

/** Under which WASM may be compiled and nothing else that is not the page's own. */
const POLICY = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  json: "application/json",
};

/**
 * Starts the browser. In containers it runs as root.
 *
 * @param flags Further flags.
 */
export async function startChromium(flags: readonly string[] = []): Promise<Browser> {
  const args = ["--no-sandbox", ...flags];
  return await chromium.launch({ executablePath: CHROMIUM, args, timeout: PATIENCE });
}

/**
 * Opens `index.html` of a folder and waits for it to say something.
 *
 * @param folder The folder.
 * @param policy Content-Security-Policy that it is served under.
 * @returns What it says, and what the browser complained of.
 */
export async function openPage(
  folder: string,
  policy: string = POLICY,
): Promise<{ readonly said: string | null; readonly complaints: readonly string[] }> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => serveFile(folder, new URL(request.url).pathname, policy),
  );
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    // A page that failed says nothing any more; the end of the browser ends this wait as well.
    const failed = page.waitForEvent("pageerror").catch(() => {});
    await page.goto(`http://127.0.0.1:${server.addr.port}/index.html`);
    const said = page.locator("#said");
    await Promise.race([said.filter({ hasNotText: "…" }).waitFor(), failed]);
    return { said: await said.textContent(), complaints };
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

async function serveFile(folder: string, path: string, policy: string): Promise<Response> {
  // Browsers ask for it by themselves.
  if (path === "/favicon.ico") return new Response(null, { status: 204 });
  try {
    const body = await Deno.readFile(`${folder}${path}`);
    const type = TYPES[/[^.]*$/.exec(path)?.[0] ?? ""] ?? "application/octet-stream";
    return new Response(body, {
      headers: { "content-type": type, "content-security-policy": policy },
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return new Response(null, { status: 404 });
  }
}

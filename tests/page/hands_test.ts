/**
 * The page in the hands of people: keyboards, odd names, damaged files, what is no evidence.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { buildPage } from "../../scripts/build_page.ts";
import crates from "../../wasm/lib/NOTICES.json" with { type: "json" };
import { runCli } from "../cli/fake_host.ts";
import { vectorRequest } from "../report/states.ts";
import {
  ELSEWHERE,
  give,
  noBrowser,
  open,
  pageFile,
  saved,
  settled,
  VERDICT,
  withBrowser,
} from "./browser.ts";

const ignore = noBrowser || Deno.env.get("CASEMATE_PAGE") !== "full";
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Files of a vector under names of somebody's choice, its roles in their order. */
async function named(vector: string, names: Readonly<Record<string, string>> = {}) {
  const { evidence } = await vectorRequest(vector);
  return Object.entries(evidence).flatMap(([role, file]) =>
    [file].flat().map((content: Uint8Array) => ({
      name: names[role] ?? `${role}.bin`,
      bytes: content,
    }))
  );
}

/** The words behind the program's name, as a shell reads a command line. */
async function wordsOf(line: string): Promise<readonly string[]> {
  const script = `casemate() { printf '%s\\0' "$@"; }\n${line}`;
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  return new TextDecoder().decode(stdout).split("\0").slice(0, -1);
}

/** Command lines on the page, as its buttons copy them. */
async function commandsOn(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const button of await page.locator("#outcome .copy").all()) {
    await button.click();
    await page.locator("#status", { hasText: "Copied" }).waitFor({ state: "attached" });
    found.push(String(await page.evaluate("navigator.clipboard.readText()")));
    await page.evaluate("document.getElementById('status').textContent = ''");
  }
  return found;
}

Deno.test({
  name: "What the page saves comes to its verdict by the command line that it lets copy",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      for (
        const [button, verdict, exitCode] of [["sample", "lab-trusted", 0], ["bend", "rejected", 3]]
      ) {
        await page.click(`#${button}`);
        await settled(page);
        // Nobody has the sample's files, so that there is one line, of the bundle.
        const [line = "", more] = await commandsOn(page);
        assert.equal(more, undefined);
        const files = {
          "audit.json": await saved(page, "#audit"),
          "lab-root.der": await saved(page, "[data-lab='0']"),
        };
        const ran = await runCli([...await wordsOf(line), "-o", "json"], { files });
        assert.equal(ran.exitCode, exitCode, ran.err);
        assert.equal(JSON.parse(ran.out).result.verdict, verdict, ran.out);
      }
      assert.deepEqual(complaints, []);
    }),
});

Deno.test({
  name: "Names of files stay names: in the page, and in the command lines of a shell",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser, { size: [320, 700] });
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      const odd = "$(touch x) 'n' \"`id`\".bin";
      await give(page, await named("sev-snp/genoa-vcek", { report: "--json", leaf: odd }));
      const [line = ""] = await commandsOn(page);
      assert.match(line, /--report \.\/--json /);
      assert.ok((await wordsOf(line)).includes(odd), line);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 320);

      // What turns the direction of writing, or ends a line, would be copied as something else.
      await page.click("#clear");
      const turned = `x\u202e\n${"long".repeat(99)}.bin`;
      await give(page, await named("sev-snp/genoa-vcek", { report: turned }));
      const lines = await commandsOn(page);
      assert.equal(lines.length, 1, lines.join("\n"));
      assert.match(lines[0] ?? "", /^casemate audit verify audit\.json /);
      assert.ok((await page.textContent("#given") ?? "").includes("x\\u202e"));
      assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 320);
      assert.deepEqual(complaints, []);
    }),
});

Deno.test({
  name: "Who uses the keyboard stays where they are when the page is drawn anew",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      await give(page, [
        ...await named("sev-snp/genoa-vcek"),
        { name: "note.txt", bytes: bytes("Dear all") },
      ]);
      const press = async (selector: string, key: string): Promise<unknown> => {
        await page.focus(selector);
        await page.keyboard.press(key);
        await settled(page);
        return await page.evaluate("document.activeElement.outerHTML.slice(0, 80)");
      };
      // The root goes to the other files, which stand open since one is of no use.
      const away = page.locator("#given .away");
      const count = await away.count();
      assert.match(String(await press("input[data-root]", "Space")), /data-root=/);
      assert.match(String(await press(`[data-file="1"]`, "Enter")), /data-file="1"/);
      assert.equal(await away.count(), count - 1);
      for (let i = count - 1; i > 0; i--) await press(`[data-file="0"]`, "Enter");
      assert.match(String(await page.evaluate("document.activeElement.id")), /^choose$/);
      assert.deepEqual(complaints, []);
    }),
});

Deno.test({
  name: "The page says of a token that it is none of evidence, and how it is checked",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      await give(page, [
        { name: "node.jwt", bytes: bytes("eyJhbGciOiJFUzI1NiJ9.eyJ4IjoxfQ.c2ln") },
        { name: "jwks.json", bytes: bytes(`{"keys":[]}`) },
      ]);
      await page.getByText("A token is no evidence").waitFor();
      assert.match(
        await page.textContent("#outcome") ?? "",
        /casemate result verify node\.jwt --key jwks\.json --audience YOU/,
      );
      assert.equal(await page.locator(VERDICT).count(), 0);

      // Text that is dropped is as good as text that is pasted; a folder has no bytes.
      await page.click("#clear");
      await settled(page);
      await page.evaluate(`
        const given = new DataTransfer();
        given.setData("text", "Dear all");
        document.dispatchEvent(new DragEvent("drop", { dataTransfer: given }));
      `);
      await page.locator("#given", { hasText: "pasted text 1" }).waitFor();
      await page.evaluate(`
        File.prototype.arrayBuffer = () => Promise.reject(new DOMException("a folder", "NotFoundError"));
      `);
      await give(page, [{ name: "folder", bytes: bytes("") }]);
      assert.match(await page.textContent("#given") ?? "", /folder, not read/);
      assert.deepEqual(complaints, []);
    }),
});

Deno.test({
  name: "No verdict stands beside what the page failed at, and a damaged page says so",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      await page.click("#sample");
      await page.locator(VERDICT, { hasText: "Lab-trusted" }).waitFor();
      assert.deepEqual(complaints, []);
      // Whatever it may be.
      await page.evaluate("TextEncoder.prototype.encode = () => { throw new TypeError('broken') }");
      await page.evaluate("document.getElementById('terms').open = true");
      await page.fill("#nonce", "01".repeat(32));
      await settled(page);
      assert.equal(await page.locator(VERDICT).count(), 0);
      assert.match(
        await page.textContent("#outcome") ?? "",
        /This page failed: broken\.Nothing was/,
      );

      const html = await Deno.readTextFile(await pageFile());
      const file = await Deno.makeTempFile({ suffix: ".html" });
      try {
        await Deno.writeTextFile(file, html.replace(/(octet-stream">\n)[^\n]+/, "$1!"));
        const cut = await open(browser, { url: `file://${file}` });
        await cut.page.getByText("This page cannot start").waitFor();
      } finally {
        await Deno.remove(file);
      }
    }),
});

Deno.test({
  name: "A page that somebody serves without TLS does the same, and says whose it is",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { html, policy } = await buildPage("stored");
      const asked: string[] = [];
      const server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen: () => {} },
        ({ url }) => {
          asked.push(new URL(url).pathname);
          const headers = { "content-type": "text/html", "content-security-policy": policy };
          return new Response(html, { headers });
        },
      );
      try {
        const host = `${ELSEWHERE}:${server.addr.port}`;
        const { page, complaints } = await open(browser, {
          url: `http://${host}/verify.html?x#about`,
        });
        assert.equal(await page.evaluate("isSecureContext"), false);
        await page.click("#sample");
        await settled(page);
        await page.locator(VERDICT, { hasText: "Lab-trusted" }).waitFor();
        assert.ok(
          (await page.textContent("#outcome") ?? "").includes(`This page came from ${host}`),
        );
        // There is no clipboard: what it would copy is marked.
        await page.click("#outcome .copy");
        await page.locator("#status", { hasText: "Marked" }).waitFor({ state: "attached" });
        const marked = await page.evaluate("getSelection().toString()");
        assert.match(String(marked), /^casemate audit verify audit\.json /);
        asked.splice(0);
        await page.click("#hash");
        const digest = await crypto.subtle.digest("SHA-256", bytes(html));
        await page.locator("#digest", { hasText: new Uint8Array(digest).toHex() }).waitFor();
        assert.deepEqual(asked, ["/verify.html"]);
        assert.deepEqual(
          complaints.filter((one) => !one.startsWith(`http://${host}/verify.html`)),
          [],
        );
      } finally {
        await server.shutdown();
      }
    }),
});

Deno.test({
  name: "The licences of others are in the page, whole",
  ignore,
  fn: () =>
    withBrowser(async (browser) => {
      const { page, complaints } = await open(browser);
      await page.click("#notices summary");
      await page.locator("#texts", { hasText: "MIT" }).waitFor();
      const flat = (text: string): string => text.replace(/\s+/g, " ").trim();
      const shown = flat(await page.textContent("#texts") ?? "");
      for (const { name, version, texts } of crates) {
        assert.ok(shown.includes(`${name} ${version}`), name);
        for (const paragraph of texts.flatMap((text) => text.split(/\n\s*\n/))) {
          assert.ok(shown.includes(flat(paragraph)), `${name}: ${paragraph}`);
        }
      }
      assert.deepEqual(complaints, []);
    }),
});

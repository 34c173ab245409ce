/**
 * Builds the web page, one file that needs nothing else: `dist/verify.html`, and
 * beside it the policy that servers give with it, `dist/verify.policy.txt`.
 *
 * The same sources give the same bytes.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import config from "../deno.json" with { type: "json" };
import { bundleScript } from "./page/bundle.ts";
import { notices } from "./page/notices.ts";
import { pack, type Packing } from "./page/pack.ts";
import { sample } from "./page/sample.ts";
import { fromFileUrl } from "./process.ts";
import { equal } from "../src/core/bytes.ts";
import { unpack } from "../src/page/packing/unpack.ts";
import { FIRST } from "../src/page/frame.ts";
import { FIRST_STYLE, PAGE_STYLE } from "../src/page/style.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** Largest page, bytes after gzip; what it has and a little more. */
export const MAX_GZIP: number = 232 * 1024;

/** How well the page is packed; what is only for a test need not be. */
export type Care = "best" | "stored";

/** The page, built. */
export interface BuiltPage {
  /** HTML. */
  readonly html: string;
  /** The policy that it runs under. */
  readonly policy: string;
  /** Names of its parts, each with its length as it is, and packed. */
  readonly parts: readonly (readonly [name: string, bytes: number, packed: number])[];
}

/**
 * Builds the page.
 *
 * @param care How well it is packed; the other is larger, and does the same.
 */
export async function buildPage(care: Care = "best"): Promise<BuiltPage> {
  const [boot, main] = [
    await bundleScript("src/page/boot.ts", care),
    await bundleScript("src/page/main.ts", care),
  ];
  const module = await Deno.readFile(`${ROOT}wasm/lib/casemate_core_bg.wasm`);
  const text = new TextEncoder().encode(notices());
  const contents = [new TextEncoder().encode(main), module, await sample(), text] as const;
  const packs = contents.map((content, i) =>
    pack(content, care === "stored" ? care : PACKINGS[i] ?? "text")
  );
  await refuseOthers(contents, packs);
  const policy = await policyOf([boot, main], [FIRST_STYLE, PAGE_STYLE]);
  const html = htmlOf(boot, packs, policy);
  const names = ["script", "WASM module", "sample", "licences of others"];
  const parts = names.map((name, i) =>
    [name, contents[i]?.length ?? 0, packs[i]?.length ?? 0] as const
  );
  return { html, policy, parts: [["starter", boot.length, boot.length], ...parts] };
}

/** How the parts are packed. */
const PACKINGS: readonly Packing[] = ["text", "module", "text", "text"];

/** What the page would unpack must be what went in. */
async function refuseOthers(
  contents: readonly Uint8Array[],
  packs: readonly Uint8Array[],
): Promise<void> {
  for (const [i, content] of contents.entries()) {
    const unpacked = await unpack(packs[i] ?? new Uint8Array(), () => Promise.resolve());
    if (!equal(unpacked, content)) throw new Error(`The page cannot unpack its part ${i}`);
  }
}

/** Nothing runs but these scripts and the module, nothing looks but these styles, and nobody is asked but who gave the page. */
async function policyOf(scripts: readonly string[], styles: readonly string[]): Promise<string> {
  const hashesOf = async (texts: readonly string[]): Promise<string> =>
    (await Promise.all(texts.map(hashOf))).join(" ");
  return [
    "default-src 'none'",
    `script-src ${await hashesOf(scripts)} 'wasm-unsafe-eval'`,
    `style-src ${await hashesOf(styles)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types casemate-boot casemate",
  ].join("; ");
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}

function htmlOf(boot: string, packs: readonly Uint8Array[], policy: string): string {
  if (/<\/script|<!--/i.test(boot)) throw new Error("The starter would end its own element");
  return `<!doctype html>
<html lang="en" data-version="${config.version}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Casemate: can this machine be trusted?</title>
<style>${FIRST_STYLE}</style>
</head>
<body>
<main id="page">${FIRST}</main>
<script id="parts" type="application/octet-stream">
${packs.map((pack) => pack.toBase64()).join("\n")}
</script>
<script>${boot}</script>
</body>
</html>
`;
}

/** Builds the page and writes it where servers look for it. */
export async function writePage(): Promise<BuiltPage> {
  const built = await buildPage();
  await Deno.mkdir(`${ROOT}dist`, { recursive: true });
  await Deno.writeTextFile(`${ROOT}dist/verify.html`, built.html);
  await Deno.writeTextFile(`${ROOT}dist/verify.policy.txt`, `${built.policy}\n`);
  return built;
}

if (import.meta.main) {
  const { html, parts } = await writePage();
  for (const [name, bytes, small] of parts) console.log(`${name}: ${bytes} bytes, packed ${small}`);
  const bytes = new TextEncoder().encode(html);
  // As servers send it. The largest level of this zlib takes matches of three bytes however far
  // away, which makes random bytes in base64 larger by 3 %; `gzip -9` does not.
  const gzip = gzipSync(bytes, { level: 6 }).length;
  console.log(
    `dist/verify.html: ${bytes.length} bytes, gzip ${gzip} (${(gzip / 1024).toFixed(1)} KiB)`,
  );
  console.log(`SHA-256 ${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()}`);
  if (gzip > MAX_GZIP) {
    console.error(`The page has more than ${MAX_GZIP} bytes after gzip`);
    Deno.exit(1);
  }
}

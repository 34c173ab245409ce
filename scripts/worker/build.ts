/**
 * Builds the Worker: `deno task worker:build` writes `dist/worker`, a folder
 * that `wrangler deploy` takes as it is.
 *
 * The code goes into one file and the WASM module beside it, as a file of its
 * own that the platform compiles: Workers compile none from bytes.
 *
 * @module
 */
import config from "../../deno.json" with { type: "json" };
import { fromFileUrl, output } from "../process.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Where it goes. */
export const WORKER_FOLDER: string = `${ROOT}dist/worker`;

/** The web page, where it was built, and the policy that goes with it. */
const PAGE = { html: `${ROOT}dist/verify.html`, policy: `${ROOT}dist/verify.policy.txt` };

/** What the entry imports: file beside it, and how the platform takes it. */
export const WORKER_MODULES: readonly (readonly [string, "CompiledWasm" | "ESModule" | "Text"])[] =
  [
    ["index.js", "ESModule"],
    ["worker.js", "ESModule"],
    ["casemate_core_bg.wasm", "CompiledWasm"],
    ["policies.json", "Text"],
    ["verify.html", "Text"],
  ];

/** What goes with the code wherever it goes: its terms, and those of works of others in it. */
const TERMS: readonly string[] = ["LICENSE", "THIRD_PARTY_NOTICES.txt"];

/** A page as texts. */
interface Page {
  readonly html: string;
  readonly policy: string;
}

/**
 * Builds the Worker.
 *
 * @param folder Where it goes; what is in it is replaced, but for registered policies.
 */
export async function buildWorker(folder: string = WORKER_FOLDER): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const flags = ["--quiet", "--platform", "browser", "--outdir", folder];
  await output(Deno.execPath(), ["bundle", ...flags, "src/worker/worker.ts"], { cwd: ROOT });
  await Deno.copyFile(
    `${ROOT}wasm/lib/casemate_core_bg.wasm`,
    `${folder}/casemate_core_bg.wasm`,
  );
  await Deno.copyFile(`${ROOT}src/worker/wrangler.jsonc`, `${folder}/wrangler.jsonc`);
  for (const name of TERMS) await Deno.copyFile(`${ROOT}${name}`, `${folder}/${name}`);
  const page = await readPage();
  await Deno.writeTextFile(`${folder}/verify.html`, page?.html ?? "");
  await Deno.writeTextFile(`${folder}/index.js`, entryOf(page));
  await writeNew(`${folder}/policies.json`, "[]\n");
}

function entryOf(page: Page | null): string {
  const given = page === null
    ? "null"
    : `{ html: new TextEncoder().encode(html), policy: ${JSON.stringify(page.policy)} }`;
  // Bundlers keep a comment of this form.
  return `/*! Casemate, Apache-2.0; works of others in it and their terms: THIRD_PARTY_NOTICES.txt */
// Made by \`deno task worker:build\`.
import module from "./casemate_core_bg.wasm";
import policies from "./policies.json";
import html from "./verify.html";
import { createWorker, NonceLedger } from "./worker.js";

export { NonceLedger };

const page = ${given};
export default createWorker({ module, policies, page, version: ${JSON.stringify(config.version)} });
`;
}

async function readPage(): Promise<Page | null> {
  const html = await readIfThere(PAGE.html);
  if (html === null) return null;
  return { html, policy: (await Deno.readTextFile(PAGE.policy)).trim() };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** What the operator wrote stays. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

if (import.meta.main) {
  await buildWorker();
  console.log("Built dist/worker; docs/worker.md says how it is deployed");
}

/**
 * Compiles the command line into one file, `dist/casemate`.
 *
 * Deno fetches `denort`, its base binary for compiled programs. Where that
 * cannot be had, `denort_stand_in.c` takes its place; the result then says
 * `dev build`. `DENORT_BIN` names a base binary of one's own.
 *
 * @module
 */
import { fromFileUrl, type Outcome, outcome, output, run } from "./process.ts";
import { writePage } from "./build_page.ts";
import { PERMISSIONS } from "./permissions.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const TARGET = `${ROOT}dist/casemate`;
const STAND_IN = `${ROOT}.tools/denort-stand-in-${Deno.version.deno}`;

/** The program with the web page in it: what runs, made anew. */
const ENTRY = "dist/main.ts";

/** Longest that the base binary may take to come, ms; a network that swallows packets gives no error. */
const PATIENCE = 180_000;

async function compile(base?: string): Promise<Outcome> {
  const args = ["compile", "--bundle", "--minify", "--no-check", ...PERMISSIONS];
  return await outcome("deno", [...args, "--output", TARGET, ENTRY], {
    cwd: ROOT,
    env: { NO_COLOR: "1", ...(base === undefined ? {} : { DENORT_BIN: base }) },
    signal: AbortSignal.timeout(PATIENCE),
  });
}

/** Writes the entry. What was compiled has no files beside it to read the page from. */
async function writeEntry(): Promise<void> {
  const { html, policy } = await writePage();
  const text = `import { main } from "../main.ts";

const html = ${JSON.stringify(html)};
const policy = ${JSON.stringify(policy)};
await main({ html: new TextEncoder().encode(html), policy });
`;
  await Deno.writeTextFile(`${ROOT}${ENTRY}`, text);
}

/** Builds the stand-in around the Deno that runs this. */
async function provideStandIn(): Promise<string> {
  const source = `${ROOT}scripts/denort_stand_in.c`;
  const deno = await Deno.realPath(Deno.execPath());
  const flags = ["-O2", "-static", "-Wall", "-Wextra", "-Werror", `-DDENO=${JSON.stringify(deno)}`];
  try {
    await run("gcc", [...flags, "-o", STAND_IN, source]);
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    throw missing ? new Error("neither denort nor gcc can be had here", { cause }) : cause;
  }
  return STAND_IN;
}

/** Compiles with the real base binary, or where it cannot be had with the stand-in. */
async function compileSomehow(): Promise<"denort" | "stand-in"> {
  const first = await compile();
  if (first.code === 0) return "denort";
  const unreachable = first.stderr.includes("Setting up base binary") || first.code > 128;
  if (!unreachable) throw new Error(first.stderr);
  console.log("denort cannot be had here; using the stand-in");
  const second = await compile(await provideStandIn());
  if (second.code !== 0) throw new Error(second.stderr);
  return "stand-in";
}

if (import.meta.main) {
  await writeEntry();
  const base = await compileSomehow();
  const said = (await output(TARGET, ["version"])).trim();
  const { size } = await Deno.stat(TARGET);
  console.log(`dist/casemate, ${(size / 2 ** 20).toFixed(1)} MiB: ${said}`);
  if (base === "stand-in" && !said.includes("dev build")) {
    throw new Error("a program on the stand-in does not say that it is a dev build");
  }
}

/**
 * Runs all tests in parallel, and ends with `N passed, N failed, N skipped`.
 *
 * `deno run -A scripts/test_all.ts [FLAG...]`, flags of `deno test` such as
 * `--filter=TEXT` or `--shuffle=SEED`.
 *
 * @module
 */
import { fromFileUrl } from "./process.ts";
import { findTests, groupTests } from "./test_groups.ts";
import { runTests } from "./test_summary.ts";

const ROOT = new URL("../", import.meta.url);
const FOLDERS: readonly string[] = ["src", "tests", "scripts"];

/** Enough that processors share them evenly, few enough that the library is seldom loaded. */
const GROUPS = 12;

/** One file that loads those of a group, or the only one that is in it. */
async function entryOf(files: readonly string[], path: string): Promise<string> {
  const urls = files.map((file) => new URL(file, ROOT));
  const [only] = urls;
  if (only !== undefined && urls.length === 1) return fromFileUrl(only);
  await Deno.writeTextFile(path, urls.map(({ href }) => `import "${href}";\n`).join(""));
  return path;
}

async function main(flags: readonly string[]): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_tests_" });
  try {
    const groups = groupTests(await findTests(fromFileUrl(ROOT), FOLDERS), GROUPS);
    const entries = groups.map((files, at) => entryOf(files, `${folder}/${at}.ts`));
    return await runTests(["-A", "--quiet", "--parallel", ...flags, ...await Promise.all(entries)]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));

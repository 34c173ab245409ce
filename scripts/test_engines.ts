/**
 * Runs test suites with both engines behind every call of one, so that any
 * difference between them ends a test.
 *
 * `deno task test:engines [PATH...]`, by default all suites that verify.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { fromFileUrl } from "./process.ts";

const ROOT = new URL("../", import.meta.url);

/** Suites that verify evidence. */
const SUITES: readonly string[] = [
  "src",
  "tests/contracts",
  "tests/snp",
  "tests/tdx",
  "tests/tpm",
  "tests/gcp",
  "tests/cli",
];

/** Where every module gets an engine from, and what stands there instead. */
const ENGINE = "src/core/crypto_inline.ts";
const DOUBLE = "tests/portable/crypto_inline.ts";

const folder = await Deno.makeTempDir({ prefix: "casemate-engines-" });
try {
  const imports = {
    ...config.imports,
    [new URL(ENGINE, ROOT).href]: new URL(DOUBLE, ROOT).href,
  };
  const map = `${folder}/import_map.json`;
  await Deno.writeTextFile(map, JSON.stringify({ imports }));
  const paths = Deno.args.length > 0 ? Deno.args : SUITES;
  const flags = ["-A", "--quiet", "--parallel", "--import-map", map];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "scripts/test_summary.ts", ...flags, ...paths],
    cwd: fromFileUrl(ROOT),
  }).spawn();
  const { code } = await child.status;
  Deno.exitCode = code;
} finally {
  await Deno.remove(folder, { recursive: true });
}

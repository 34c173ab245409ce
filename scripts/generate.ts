/**
 * Runs every generator; with `--check` writes nothing and fails where a
 * generated file is not what its generator would write. The WASM module is
 * only checked: `deno task wasm` builds it, since that needs Rust.
 *
 * @module
 */
import { fromFileUrl, outcome } from "./process.ts";

const GENERATORS: readonly string[] = [
  "generate_codes",
  "generate_schemas",
  "generate_known_mistakes",
  "generate_variants",
  "generate_notices",
];

async function runScript(name: string, args: readonly string[]): Promise<boolean> {
  const path = fromFileUrl(new URL(`./${name}.ts`, import.meta.url));
  const { code, stdout, stderr } = await outcome("deno", ["run", "-A", path, ...args]);
  const said = `${stdout}${stderr}`.trim();
  if (said !== "") console.log(said);
  return code === 0;
}

if (import.meta.main) {
  const check = Deno.args.includes("--check");
  let ok = true;
  for (const name of GENERATORS) ok = await runScript(name, check ? ["--check"] : []) && ok;
  if (check) ok = await runScript("build_wasm", ["--fresh"]) && ok;
  Deno.exit(ok ? 0 : 1);
}

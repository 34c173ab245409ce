/**
 * Writes what follows from the tables of codes, `src/**\/codes.json`: beside
 * each a `codes.ts`, the Rust enum of its crate module, and `docs/codes.md`.
 *
 * `--check` writes nothing and fails where a file is not what it would write.
 *
 * @module
 */
import { renderPage, renderRust, renderTypeScript } from "./codes/render.ts";
import { type CodeTable, readTable, refuseShared } from "./codes/table.ts";
import { type Generated, settle } from "./generated.ts";
import { formatTypeScript } from "./format.ts";

const ROOT = new URL("../", import.meta.url);

/** Folders with a table, apart from the technologies, and the Rust module of each. */
const RUST_OF_FOLDER: Readonly<Record<string, string>> = {
  "src/core": "wasm/src/x509/codes.rs",
};
const TECHNOLOGIES = "src/evidence";

/** Folders outside of evidence that may have a table. */
const BESIDE_EVIDENCE: readonly string[] = [
  "src/api",
  "src/audit",
  "src/channel",
  "src/cluster",
  "src/cluster/config",
  "src/collateral",
  "src/keys",
  "src/lab",
  "src/manifest",
  "src/node",
  "src/policy/reference",
  "src/protocol",
  "src/results",
  "src/services/init",
  "src/services/join",
  "src/services/store",
];

/** Folders whose codes the engine never gives: what they read is text, and they read it in TypeScript. */
const WITHOUT_RUST: readonly string[] = [
  ...BESIDE_EVIDENCE,
  "src/evidence/device",
  "src/evidence/envelope",
  "src/evidence/pairing",
  "src/evidence/statement",
];

/** Rust module of a folder's codes: `src/evidence/snp` has `wasm/src/snp/codes.rs`. */
function rustOf(folder: string): string {
  const path = RUST_OF_FOLDER[folder];
  if (path !== undefined) return path;
  if (folder.startsWith(`${TECHNOLOGIES}/`)) {
    return `wasm/src/${folder.slice(TECHNOLOGIES.length + 1)}/codes.rs`;
  }
  throw new Error(`${folder}: say in scripts/generate_codes.ts which Rust module has its codes`);
}

async function readTables(): Promise<CodeTable[]> {
  const folders = [...Object.keys(RUST_OF_FOLDER), ...BESIDE_EVIDENCE];
  for await (const entry of Deno.readDir(new URL(TECHNOLOGIES, ROOT))) {
    if (entry.isDirectory) folders.push(`${TECHNOLOGIES}/${entry.name}`);
  }
  const tables: CodeTable[] = [];
  for (const folder of folders.sort()) {
    const json = await readOptional(new URL(`${folder}/codes.json`, ROOT));
    if (json !== undefined) tables.push(readTable(folder, json));
  }
  return tables;
}

async function readOptional(url: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(url);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function generate(): Promise<Generated[]> {
  const tables = await readTables();
  refuseShared(tables);
  const files: Generated[] = [{ path: "docs/codes.md", text: renderPage(tables) }];
  for (const table of tables) {
    const typescript = await formatTypeScript(renderTypeScript(table));
    files.push({ path: `${table.folder}/codes.ts`, text: typescript });
    if (WITHOUT_RUST.includes(table.folder)) continue;
    files.push({ path: rustOf(table.folder), text: renderRust(table) });
  }
  return files;
}

if (import.meta.main) {
  Deno.exit(await settle(ROOT, await generate(), Deno.args.includes("--check")) ? 0 : 1);
}

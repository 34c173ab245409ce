/**
 * Builds the files of `wasm/lib/`.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { NOTICES_FILE, renderCrateNotices } from "../notices/crates.ts";
import { run } from "../process.ts";
import { rewriteGlue, rewriteTypes } from "./glue.ts";
import { renderInline } from "./inline_text.ts";
import { hashSources, sha256 } from "./sources.ts";
import { stripCustomSections } from "./strip.ts";
import {
  buildEnvironment,
  CARGO,
  cargoHome,
  ROOT,
  standardSources,
  type Toolchain,
} from "./toolchain.ts";

/** The crate's folder. */
export const CRATE: string = `${ROOT}wasm/`;

/** Name of the record of a build. */
export const RECORD = "BUILD.json";

const MODULE = "casemate_core_bg.wasm";
/** The standard library is built from source, and where it has a small and a fast way of doing something, the small one. */
const CARGO_ARGS: readonly string[] = [
  "-Zbuild-std=std,panic_abort",
  "-Zbuild-std-features=optimize_for_size",
];

/** A panic traps at once: nobody reads its message, and neither the texts nor the code that puts them together are built. */
const PANIC: readonly string[] = ["-Zunstable-options", "-Cpanic=immediate-abort"];

/** Stripping all would take the list of the target's features as well, and wasm-bindgen then falls back to an older ABI. */
const STRIP = "debuginfo";

/** Rounds of SHA-2 as loops: 31 KB less, and no slower in WASM as measured on 2026-11-22. */
const HASHES = 'sha2_backend_soft="compact"';
const TARGET_FOLDER = `${CRATE}target/module`;

/** What was built, from what, by what: `BUILD.json`. */
export interface BuildRecord {
  /** Programs and their versions. */
  readonly toolchain: Toolchain;
  /** Arguments of cargo and of the compiler; folders of the machine by name. */
  readonly flags: readonly string[];
  /** SHA-256 of `Cargo.lock`. */
  readonly lock: string;
  /** SHA-256 over all sources, see `hashSources`. */
  readonly sources: string;
  /** SHA-256 of the module. */
  readonly module: string;
  /** Size of the module, bytes. */
  readonly size: number;
  /** SHA-256 of the notices of whose works are in the module. */
  readonly notices: string;
}

/**
 * Builds the module and everything that goes with it.
 *
 * @param toolchain What builds it.
 * @returns Content of the files of `wasm/lib/` by name.
 */
export async function buildLib(toolchain: Toolchain): Promise<Map<string, Uint8Array | string>> {
  const folder = await Deno.makeTempDir({ prefix: "casemate_wasm_" });
  try {
    const sources = await hashSources(CRATE);
    const flags = await packInto(folder);
    if (sources !== await hashSources(CRATE)) {
      throw new Error("the crate changed while it was built");
    }
    const module = stripCustomSections(await Deno.readFile(`${folder}/${MODULE}`));
    refusePaths(module);
    const notices = await renderCrateNotices(CRATE);
    const record: BuildRecord = {
      toolchain,
      flags,
      lock: sha256(await Deno.readFile(`${CRATE}Cargo.lock`)),
      sources,
      module: sha256(module),
      size: module.length,
      notices: sha256(notices),
    };
    const [glue, types] = await Promise.all([
      Deno.readTextFile(`${folder}/casemate_core.js`),
      Deno.readTextFile(`${folder}/casemate_core.d.ts`),
    ]);
    return new Map<string, Uint8Array | string>([
      [MODULE, module],
      ["casemate_core.js", rewriteGlue(glue)],
      ["casemate_core.d.ts", rewriteTypes(types)],
      ["casemate_core_wasm.ts", await renderInline(module)],
      [NOTICES_FILE, notices],
      [RECORD, JSON.stringify(record, null, 2) + "\n"],
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs wasm-pack; returns the flags with folders by name. */
async function packInto(folder: string): Promise<string[]> {
  const env = buildEnvironment();
  // Fetched first, so that the folders of the registry are known below.
  await run(CARGO, ["fetch", "--quiet", "--locked"], { cwd: CRATE, env, clearEnv: true });
  const named = [`strip=${STRIP}`, "-C linker=wasm-ld", `--cfg ${HASHES}`, ...PANIC];
  const flags = ["-C", "linker=wasm-ld", "--cfg", HASHES, ...PANIC];
  for (const [path, name, label] of await remappedFolders()) {
    flags.push(`--remap-path-prefix=${path}=${name}`);
    named.push(`--remap-path-prefix=<${label}>=${name}`);
  }
  const args = ["build", "--mode", "force", "--no-opt", "--target", "web", "--release"];
  await run("wasm-pack", [...args, "--out-dir", folder, ".", "--", "--locked", ...CARGO_ARGS], {
    cwd: CRATE,
    env: {
      ...env,
      // Separated by 0x1f, so that blanks in a path do no harm.
      CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
      CARGO_TARGET_DIR: TARGET_FOLDER,
      CARGO_PROFILE_RELEASE_STRIP: STRIP,
    },
    clearEnv: true,
  });
  return [
    `wasm-pack ${args.join(" ")}`,
    ...CARGO_ARGS,
    ...new Set(named),
    "without custom sections",
  ];
}

/** Folders that differ between machines, the name each gets in the module, and what it is. */
async function remappedFolders(): Promise<[string, string, string][]> {
  const folders: [string, string, string][] = [
    [CRATE.slice(0, -1), "/casemate", "checkout"],
    [await standardSources(), "/rust", "std"],
  ];
  const sources = `${cargoHome()}/registry/src`;
  for await (const entry of Deno.readDir(sources)) {
    // Named after the registry's address and a hash, both differ with mirrors.
    folders.push([`${sources}/${entry.name}`, "/cargo", "registry"]);
  }
  return folders;
}

/** Fails where a path of this machine is in the module. */
export function refusePaths(module: Uint8Array): void {
  const text = Buffer.from(module).toString("latin1");
  const found = /\/(?:root|usr|home|Users|tmp|build|opt|var|work)\/[\w./-]*/.exec(text)?.[0] ??
    [ROOT, cargoHome()].find((path) => text.includes(path));
  if (found !== undefined) throw new Error(`the module holds a path of this machine: ${found}`);
}

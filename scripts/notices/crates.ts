/**
 * Crates that are compiled into the WASM module: what the crate in `wasm/`
 * depends on for that target, without what only runs while it is built, and the
 * standard library.
 *
 * @module
 */

import { output } from "../process.ts";
import { buildEnvironment, CARGO, standardSources } from "../wasm/toolchain.ts";
import { type Component, readTexts } from "./component.ts";

/** What is in the module of others: `wasm/lib/NOTICES.json`, which the build of the module writes. */
export const NOTICES_FILE = "NOTICES.json";

/** Crates of others in the standard library for this target, by `library/std/Cargo.toml`. Debian brings its sources without their texts; both offer Apache-2.0. */
const IN_STANDARD: readonly string[] = ["cfg-if", "dlmalloc", "hashbrown", "rustc-demangle"];

/** What `cargo metadata` says, as far as it is read. */
interface Metadata {
  readonly packages: readonly {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly license: string | null;
    readonly source: string | null;
    readonly manifest_path: string;
    readonly targets: readonly { readonly kind: readonly string[] }[];
  }[];
  readonly resolve: {
    readonly root: string;
    readonly nodes: readonly {
      readonly id: string;
      readonly deps: readonly {
        readonly pkg: string;
        readonly dep_kinds: readonly { readonly kind: string | null }[];
      }[];
    }[];
  };
}

/**
 * The content of {@linkcode NOTICES_FILE}. Needs cargo, and the crates' sources.
 *
 * @param crate Folder of the crate.
 */
export async function renderCrateNotices(crate: string): Promise<string> {
  const components = [...await crates(crate), ...await standardLibrary()];
  return `${JSON.stringify(components, null, 2)}\n`;
}

async function crates(crate: string): Promise<readonly Component[]> {
  const flags = ["--format-version", "1", "--locked"];
  const target = ["--filter-platform", "wasm32-unknown-unknown"];
  const text = await output(CARGO, ["metadata", ...flags, ...target], {
    cwd: crate,
    env: buildEnvironment(),
    clearEnv: true,
  });
  const metadata: Metadata = JSON.parse(text);
  const reached = compiledIn(metadata);
  const found = metadata.packages.filter(({ id, source }) => source !== null && reached.has(id));
  return await Promise.all(
    found.map(async ({ name, version, license, manifest_path: manifest }) => {
      const folder = manifest.replace(/\/[^/]*$/, "");
      const said = license ?? "as in its text";
      return { name, version, license: said, texts: await readTexts(folder, said) };
    }),
  );
}

/** Normal dependencies, and theirs; macros run in the compiler and leave nothing of themselves. */
function compiledIn({ packages, resolve: { root, nodes } }: Metadata): ReadonlySet<string> {
  const macros = new Set(
    packages.filter(({ targets }) => targets.some(({ kind }) => kind.includes("proc-macro")))
      .map(({ id }) => id),
  );
  const reached = new Set([root]);
  // A set that grows is walked to its end.
  for (const id of reached) {
    for (const { pkg, dep_kinds: kinds } of nodes.find((node) => node.id === id)?.deps ?? []) {
      if (kinds.some(({ kind }) => kind === null) && !macros.has(pkg)) reached.add(pkg);
    }
  }
  return reached;
}

async function standardLibrary(): Promise<readonly Component[]> {
  const folder = await standardSources();
  const [, release = "unknown"] = /(\d+\.\d+\.\d+)/.exec(await output(CARGO, ["--version"])) ?? [];
  const vendored = await Array.fromAsync(Deno.readDir(`${folder}/library/vendor`));
  const others = IN_STANDARD.map(async (name): Promise<Component> => {
    const found = vendored.find((entry) => entry.name.replace(/-\d[^-]*$/, "") === name);
    if (found === undefined) throw new Error(`The sources of the standard library lack ${name}`);
    const version = found.name.slice(name.length + 1);
    return {
      name: `${name}, in the Rust standard library`,
      version,
      license: await licenseOf(`${folder}/library/vendor/${found.name}`),
      texts: [],
    };
  });
  const builtins = `${folder}/library/compiler-builtins/compiler-builtins`;
  return [
    {
      name: "Rust standard library",
      version: release,
      license: "MIT OR Apache-2.0",
      texts: await readTexts(folder, "MIT OR Apache-2.0"),
    },
    {
      name: "compiler_builtins, in the Rust standard library",
      version: release,
      license: await licenseOf(builtins),
      texts: [],
    },
    ...await Promise.all(others),
  ];
}

async function licenseOf(folder: string): Promise<string> {
  const manifest = await Deno.readTextFile(`${folder}/Cargo.toml`);
  const license = /^license = "([^"]+)"$/m.exec(manifest)?.[1];
  if (license === undefined) throw new Error(`${folder} names no licence`);
  return license;
}

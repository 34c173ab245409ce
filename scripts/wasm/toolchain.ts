/**
 * The programs that make the WASM module, and their versions.
 *
 * `wasm-pack` and `wasm-bindgen` are pinned and installed into `.tools/rust`
 * from the crate registry. Compiler, linker and the sources of `std` come from
 * Debian (`rustc-web cargo-web rust-web-src lld`), since there is no rustup
 * target to add there; `RUSTC` and `CARGO` name others.
 *
 * @module
 */
import { fromFileUrl, output, run } from "../process.ts";

/** Root of the checkout, with a slash at the end. */
export const ROOT: string = fromFileUrl(new URL("../../", import.meta.url));

/** Installed by `cargo install --locked`; `wasm-bindgen-cli` must equal the crate in `wasm/Cargo.lock`. */
const PINNED: Readonly<Record<string, { readonly crate: string; readonly version: string }>> = {
  "wasm-pack": { crate: "wasm-pack", version: "0.15.1" },
  "wasm-bindgen": { crate: "wasm-bindgen-cli", version: "0.2.126" },
};

const TOOLS = `${ROOT}.tools/rust`;

/** Versions that decide which bytes come out. */
export interface Toolchain {
  /** Lines of `rustc -Vv`. */
  readonly rustc: readonly string[];
  /** `cargo -V`. */
  readonly cargo: string;
  /** `wasm-ld --version`. */
  readonly linker: string;
  /** Version of wasm-pack. */
  readonly wasmPack: string;
  /** Version of wasm-bindgen, crate and program. */
  readonly wasmBindgen: string;
  /** Version of wasm-opt, or null: the module is not passed through it. */
  readonly wasmOpt: null;
}

/** Folder of Debian's Rust. Where it is not there, the Rust of the PATH serves for all but the module. */
const DEBIAN = "/usr/bin";

/** Path of the compiler. */
export const RUSTC: string = Deno.env.get("RUSTC") ?? debianOr("rustc");

/** Path of cargo. */
export const CARGO: string = Deno.env.get("CARGO") ?? debianOr("cargo");

/** Environment of everything that runs Rust: one toolchain, nothing from outside that alters code generation. */
export function rustEnvironment(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) =>
    !/^(?:RUST|CARGO_(?:BUILD|ENCODED|INCREMENTAL|PROFILE|TARGET|UNSTABLE))/.test(name)
  );
  const folder = CARGO.includes("/") ? [CARGO.slice(0, CARGO.lastIndexOf("/"))] : [];
  // cargo puts its own folder first, and a rustup of another version with it, unless the PATH has it.
  const path = [`${TOOLS}/bin`, ...folder, Deno.env.get("PATH") ?? "", `${cargoHome()}/bin`];
  return { ...Object.fromEntries(kept), PATH: path.join(":"), RUSTC, CARGO };
}

/** Environment of the build of the module: `-Zbuild-std` is for nightly compilers, the stable one takes it with this. */
export function buildEnvironment(): Record<string, string> {
  return { ...rustEnvironment(), RUSTC_BOOTSTRAP: "1" };
}

function debianOr(name: string): string {
  try {
    return Deno.statSync(`${DEBIAN}/${name}`).isFile ? `${DEBIAN}/${name}` : name;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return name;
    throw error;
  }
}

/** Installs what is pinned and missing, then reads all versions. */
export async function provideToolchain(): Promise<Toolchain> {
  for (const [program, { crate, version }] of Object.entries(PINNED)) {
    if (await versionOf(`${TOOLS}/bin/${program}`) === version) continue;
    console.error(`Installing ${crate} ${version} into .tools/rust`);
    const args = ["install", "--quiet", "--locked", "--force", "--root", TOOLS];
    await run(CARGO, [...args, `${crate}@${version}`], { env: buildEnvironment(), clearEnv: true });
  }
  return {
    rustc: (await output(RUSTC, ["-Vv"])).trim().split("\n"),
    cargo: (await output(CARGO, ["-V"])).trim(),
    linker: (await output("wasm-ld", ["--version"])).trim(),
    wasmPack: await versionOf(`${TOOLS}/bin/wasm-pack`) ?? "missing",
    wasmBindgen: await versionOf(`${TOOLS}/bin/wasm-bindgen`) ?? "missing",
    wasmOpt: null,
  };
}

/** Folder with the sources of `std`. */
export async function standardSources(): Promise<string> {
  return `${(await output(RUSTC, ["--print", "sysroot"])).trim()}/lib/rustlib/src/rust`;
}

/** Folder where cargo keeps what it downloads. */
export function cargoHome(): string {
  return Deno.env.get("CARGO_HOME") ?? `${Deno.env.get("HOME") ?? ""}/.cargo`;
}

/** `0.2.126` of `wasm-bindgen 0.2.126`; undefined where the program is missing. */
async function versionOf(program: string): Promise<string | undefined> {
  try {
    return (await output(program, ["--version"])).trim().split(" ")[1];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Builds the fuzzer in `wasm/fuzz/`, with the engine watched by libFuzzer.
 *
 * @module
 */
import { run } from "../process.ts";
import { CRATE } from "../wasm/lib.ts";
import { buildEnvironment, CARGO, rustEnvironment } from "../wasm/toolchain.ts";

const FUZZ = `${CRATE}fuzz/`;
const FOLDER = `${CRATE}target/fuzz`;

/** The fuzzer, once it is built. */
export const PROGRAM: string = `${FOLDER}/release/operation`;

/** What libFuzzer watches: the engine, and who reads base64 for it. Arithmetic of curves has no branches worth the time. */
const WATCHED = ["casemate-core", "base64ct"];

const WATCH: readonly string[] = [
  "-Cpasses=sancov-module",
  "-Cllvm-args=-sanitizer-coverage-level=4",
  "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
  "-Cllvm-args=-sanitizer-coverage-pc-table",
  "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/** Builds it. Stable compilers take flags for single packages with `RUSTC_BOOTSTRAP`, as they do for the module. */
export async function build(): Promise<void> {
  const flags = WATCHED.flatMap((name) => [
    "--config",
    `profile.release.package.${name}.rustflags=${JSON.stringify(WATCH)}`,
  ]);
  const args = ["--release", "--locked", "--features", "libfuzzer", "-Zprofile-rustflags"];
  const env = { ...buildEnvironment(), CARGO_TARGET_DIR: FOLDER };
  await run(CARGO, ["build", ...args, ...flags], { cwd: FUZZ, env, clearEnv: true });
}

/** Measures how time grows with the size of inputs. */
export async function measureGrowth(): Promise<void> {
  // Without what libFuzzer adds, which takes its own time.
  const args = ["run", "--release", "--locked", "--example", "growth"];
  const env = { ...rustEnvironment(), CARGO_TARGET_DIR: FOLDER };
  await run(CARGO, args, { cwd: FUZZ, env, clearEnv: true });
}

/** Format, lints, and the fixed budget: what CI does with the crate. Needs no C++. */
export async function tryFixed(): Promise<void> {
  // The folder of the engine's own tests, since most of what is built is the same.
  const env = { ...rustEnvironment(), CARGO_TARGET_DIR: `${CRATE}target` };
  for (
    const args of [
      ["fmt", "--check"],
      ["clippy", "--locked", "--all-targets", "--", "--deny", "warnings"],
      ["test", "--locked"],
    ]
  ) {
    await run(CARGO, args, { cwd: FUZZ, env, clearEnv: true });
  }
}

/**
 * Runs cargo on the crate in `wasm/`, with one toolchain for all of its
 * programs: `deno run -A scripts/cargo.ts test --locked`.
 *
 * @module
 */
import { runLogged } from "./gate/log.ts";
import { CRATE } from "./wasm/lib.ts";
import { CARGO, rustEnvironment } from "./wasm/toolchain.ts";

const [command = "", ...args] = Deno.args;
const env = rustEnvironment();
const { code } = await runLogged(
  CARGO,
  [command, "--manifest-path", `${CRATE}Cargo.toml`, ...args],
  env,
);
Deno.exit(code);

/**
 * The WASM engine's primitives, which its module does not export: built from
 * the same sources for the same target with the same compiler and flags, as a
 * module of their own (`primitives/`).
 *
 * @module
 */

import build from "../../wasm/lib/BUILD.json" with { type: "json" };
import { run } from "../../scripts/process.ts";
import { buildEnvironment, provideToolchain, ROOT } from "../../scripts/wasm/toolchain.ts";
import type { Judgement, Primitives } from "./primitives.ts";

const FOLDER = `${ROOT}.tools/primitives`;
const PACKAGE = `${FOLDER}/pkg`;

/** Names the folder of built primitives to the tests; `vectors.ts` sets it after it built them. */
export const PRIMITIVES = "CASEMATE_PRIMITIVES";

/** How hashes are computed, as in the shipped module. */
function hashFlags(): readonly string[] {
  const flag = build.flags.find((one) => one.startsWith("--cfg "));
  if (flag === undefined) throw new Error("BUILD.json does not say how hashes are computed");
  return ["--cfg", flag.slice("--cfg ".length)];
}

/**
 * Builds the primitives; without a change to them or to the engine it takes a second.
 *
 * @returns Folder of the built package.
 */
export async function buildPrimitives(): Promise<string> {
  await provideToolchain();
  const args = ["build", "--mode", "force", "--no-opt", "--target", "web", "--release"];
  const cargo = ["--locked", "--quiet", "-Zbuild-std=std,panic_abort"];
  await run("wasm-pack", [...args, "--out-dir", PACKAGE, ".", "--", ...cargo], {
    cwd: `${ROOT}tests/crypto/primitives`,
    env: {
      ...buildEnvironment(),
      CARGO_ENCODED_RUSTFLAGS: ["-C", "linker=wasm-ld", ...hashFlags()].join("\x1f"),
      CARGO_TARGET_DIR: `${FOLDER}/target`,
    },
    clearEnv: true,
  });
  return PACKAGE;
}

/** What the glue of wasm-bindgen exports. */
interface Glue {
  initSync(options: { readonly module: BufferSource }): unknown;
  judge(scheme: string, key: Uint8Array, message: Uint8Array, signature: Uint8Array): string;
}

/** The primitives where they were built just now; undefined elsewhere. */
export async function wasmPrimitives(): Promise<Primitives | undefined> {
  const folder = Deno.env.get(PRIMITIVES);
  if (folder === undefined) return undefined;
  const glue: Glue = await import(`file://${folder}/casemate_primitives.js`);
  glue.initSync({ module: await Deno.readFile(`${folder}/casemate_primitives_bg.wasm`) });
  return {
    name: "wasm",
    // AMD's only ECDSA is that of reports, which is raw.
    schemes: ["p256-raw", "p256-der", "p384-raw", "pss"],
    judge(scheme, { key, message, signature }) {
      const judgement = glue.judge(scheme, key, message, signature);
      return Promise.resolve(judgementOf(judgement));
    },
  };
}

function judgementOf(text: string): Judgement {
  if (text === "accepted" || text === "refused" || text === "key refused") return text;
  throw new Error(`the primitives say ${text}`);
}

/** All primitives that there are here. */
export async function allPrimitives(portable: Primitives): Promise<readonly Primitives[]> {
  const wasm = await wasmPrimitives();
  return wasm === undefined ? [portable] : [portable, wasm];
}

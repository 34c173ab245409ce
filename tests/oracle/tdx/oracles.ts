/**
 * Other verifiers of TDX quotes: programs of this folder that hold a public
 * library each, built from the package registries when they are needed.
 *
 * @module
 */

import { toBase64 } from "../../../src/core/bytes.ts";
import { fromFileUrl, output } from "../../../scripts/process.ts";
import { CARGO, ROOT, rustEnvironment } from "../../../scripts/wasm/toolchain.ts";
import { LineProgram } from "../line_program.ts";
import type { TdxCase } from "./case.ts";

/** Where the programs are built. */
const BUILT = `${ROOT}.tools/oracles`;

/** What an oracle says. */
export interface TdxOpinion {
  /** Whether the evidence verified. */
  readonly accepted: boolean;
  /** Why it did not, else empty. */
  readonly error: string;
  /** Whether the library panicked. */
  readonly panicked: boolean;
  /** TCB status, where it verified. */
  readonly status: string;
  /** Advisories, where it verified and knows them. */
  readonly advisoryIds: readonly string[];
  /** Median time of one verification, ns. */
  readonly nanoseconds: number;
}

/** How often to verify, and with what. */
export interface AskOptions {
  /** How often; default once. */
  readonly rounds?: number;
  /** Whether the Rust oracle computes with the crates of RustCrypto instead of ring. */
  readonly rustCrypto?: boolean;
}

/** A running oracle. */
export class TdxOracle implements AsyncDisposable {
  readonly #program: LineProgram;

  private constructor(path: string) {
    this.#program = new LineProgram(path);
  }

  /** Builds and starts the crate `dcap-qvl`; the first build takes a minute. */
  static async startDcapQvl(): Promise<TdxOracle> {
    const manifest = fromFileUrl(new URL("../dcap_qvl/Cargo.toml", import.meta.url));
    const target = `${BUILT}/dcap_qvl`;
    const args = ["build", "--quiet", "--release", "--locked", "--manifest-path", manifest];
    const env = rustEnvironment();
    await output(CARGO, [...args, "--target-dir", target], { env, clearEnv: true });
    return new TdxOracle(`${target}/release/dcap-oracle`);
  }

  /** Builds and starts google/go-tdx-guest; the first build takes some 20 s. */
  static async startGoTdxGuest(): Promise<TdxOracle> {
    const cwd = fromFileUrl(new URL("../go_tdx", import.meta.url));
    await Deno.mkdir(BUILT, { recursive: true });
    const program = `${BUILT}/go_tdx_guest`;
    await output("go", ["build", "-o", program, "."], { cwd });
    return new TdxOracle(program);
  }

  /**
   * Asks for one opinion.
   *
   * @param asked The case.
   * @param options How often, with what.
   * @throws {Error} when the program ended.
   */
  async ask(
    asked: TdxCase,
    { rounds = 1, rustCrypto = false }: AskOptions = {},
  ): Promise<TdxOpinion> {
    const files = Object.entries({ pckCrlChain: undefined, ...asked.input, ...asked.plain })
      .map(([role, file]) => [role, file === undefined ? "" : toBase64(file)]);
    // Both programs' own types of answers are this one; a test would fail at once if they were not.
    return await this.#program.ask({
      ...Object.fromEntries(files),
      root: asked.root === null ? "" : toBase64(asked.root),
      time: Math.floor(asked.now.getTime() / 1000),
      rounds,
      rustCrypto,
    }) as TdxOpinion;
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

/** Whether cargo is on this machine. */
export async function hasCargo(): Promise<boolean> {
  try {
    await output(CARGO, ["--version"]);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

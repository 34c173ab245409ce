/**
 * Other verifiers of TDX quotes: programs that hold a public library each.
 *
 * @module
 */

import { toBase64 } from "../../../src/core/bytes.ts";
import { buildCrate, buildGo } from "../build.ts";
import { LineProgram } from "../line_program.ts";
import type { TdxCase } from "./case.ts";

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
    return new TdxOracle(await buildCrate("dcap_qvl", "dcap-oracle"));
  }

  /** Builds and starts google/go-tdx-guest; the first build takes some 20 s. */
  static async startGoTdxGuest(): Promise<TdxOracle> {
    return new TdxOracle(await buildGo("go_tdx", "go_tdx_guest"));
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

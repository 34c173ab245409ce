/**
 * Other verifiers of SEV-SNP reports: programs that hold a public library each.
 *
 * @module
 */

import { toBase64 } from "../../../src/core/bytes.ts";
import { buildCrate, buildGo } from "../build.ts";
import { LineProgram } from "../line_program.ts";
import type { SnpCase } from "./case.ts";

/** What an oracle says. */
export interface SnpOpinion {
  /** Whether the evidence verified. */
  readonly accepted: boolean;
  /** Why it did not, else empty. */
  readonly error: string;
  /** Median time of one verification, ns. */
  readonly nanoseconds: number;
}

/** What an oracle needs of a case. */
export type SnpQuestion = Pick<SnpCase, "input" | "now" | "root" | "line">;

/** A running oracle. */
export class SnpOracle implements AsyncDisposable {
  readonly #program: LineProgram;

  private constructor(path: string) {
    this.#program = new LineProgram(path);
  }

  /** Builds and starts google/go-sev-guest. */
  static async startGoSevGuest(): Promise<SnpOracle> {
    return new SnpOracle(await buildGo("go", "go_sev_guest"));
  }

  /** Builds and starts the crate `sev`. */
  static async startSev(): Promise<SnpOracle> {
    return new SnpOracle(await buildCrate("sev", "sev-oracle"));
  }

  /**
   * Asks for one opinion.
   *
   * @param asked The case.
   * @param rounds How often to verify.
   * @throws {Error} when the program ended.
   */
  async ask({ input, now, root, line }: SnpQuestion, rounds = 1): Promise<SnpOpinion> {
    const { report, leaf, chain, crls: [crl = new Uint8Array()] } = input;
    // Both programs' own types of answers are this one; a test would fail at once if they were not.
    return await this.#program.ask({
      report: toBase64(report),
      leaf: toBase64(leaf),
      chain: toBase64(chain),
      crl: toBase64(crl),
      root: root === null ? "" : toBase64(root),
      line,
      time: now.toISOString(),
      rounds,
    }) as SnpOpinion;
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

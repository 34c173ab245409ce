/**
 * google/go-sev-guest as a second opinion: a Go program that answers one line for each line.
 *
 * @module
 */

import { toBase64 } from "../../src/core/bytes.ts";
import { fromFileUrl, output } from "../../scripts/process.ts";
import { LineProgram } from "./line_program.ts";

const SOURCE = fromFileUrl(new URL("./go", import.meta.url));

/** What the oracle is asked. */
export interface Question {
  /** Attestation report. */
  readonly report: Uint8Array;
  /** VCEK or VLEK, PEM or DER. */
  readonly leaf: Uint8Array;
  /** ASK or ASVK, then ARK, PEM. */
  readonly chain: Uint8Array;
  /** Moment at which certificates must be valid. */
  readonly now: Date;
  /** Product line that the chain is trusted for; null for the oracle's own roots of AMD. */
  readonly line: string | null;
  /** How often to verify; default 1. */
  readonly rounds?: number;
}

/** What the oracle says. */
export interface Opinion {
  /** Whether the evidence verified. */
  readonly accepted: boolean;
  /** Why it did not, else empty. */
  readonly error: string;
  /** Median time of one verification, ns. */
  readonly nanoseconds: number;
}

/** The running oracle. */
export class GoOracle implements AsyncDisposable {
  readonly #folder: string;
  readonly #program: LineProgram;

  private constructor(folder: string, program: LineProgram) {
    this.#folder = folder;
    this.#program = program;
  }

  /** Builds the program and starts it; the first build takes some 20 s. */
  static async start(): Promise<GoOracle> {
    const folder = await Deno.makeTempDir({ prefix: "casemate-oracle-" });
    const program = `${folder}/oracle`;
    await output("go", ["build", "-o", program, "."], { cwd: SOURCE });
    return new GoOracle(folder, new LineProgram(program));
  }

  /**
   * Asks for one opinion.
   *
   * @throws {Error} when the program ended.
   */
  async ask({ report, leaf, chain, now, line, rounds }: Question): Promise<Opinion> {
    // The program's own type of answers is this one; a test would fail at once if it were not.
    return await this.#program.ask({
      report: toBase64(report),
      leaf: toBase64(leaf),
      chain: toBase64(chain),
      time: now.toISOString(),
      line: line ?? "",
      rounds: rounds ?? 1,
    }) as Opinion;
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Whether Go is on this machine. */
export async function hasGo(): Promise<boolean> {
  try {
    await output("go", ["version"]);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

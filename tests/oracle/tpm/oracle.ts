/**
 * Another verifier of TPM quotes and event logs: a program that holds google's
 * go-tpm-tools and go-eventlog.
 *
 * @module
 */

import { toBase64 } from "../../../src/core/bytes.ts";
import { buildGo } from "../build.ts";
import { LineProgram } from "../line_program.ts";

/** Values of registers, hex, by number. */
export type Values = Readonly<Record<string, string>>;

/** A log, and the registers that it should lead to. */
export interface LogQuestion {
  /** Kind of registers. */
  readonly kind: "pcr-log" | "rtmr-log";
  /** Bank; go-eventlog knows these. */
  readonly bank: "sha1" | "sha256" | "sha384";
  /** Values that the registers have. */
  readonly registers: Values;
  /** The log. */
  readonly log: Uint8Array;
  /** Whether it is parsed and replayed alone, and nothing read from it: for measuring. */
  readonly replayOnly?: boolean;
}

/** A quote over one bank. */
export interface QuoteQuestion {
  /** Marks it. */
  readonly kind: "quote";
  /** Bank. */
  readonly bank: "sha256" | "sha384";
  /** Values that the registers have. */
  readonly registers: Values;
  /** Event log of the machine; empty where there is none. */
  readonly log: Uint8Array;
  /** TPMS_ATTEST. */
  readonly attest: Uint8Array;
  /** TPMT_SIGNATURE. */
  readonly signature: Uint8Array;
  /** TPMT_PUBLIC of the attestation key, which is trusted. */
  readonly public: Uint8Array;
  /** What the quote must answer. */
  readonly nonce: Uint8Array;
}

/** An event as the other reads it. */
export interface TheirEvent {
  /** Register. */
  readonly register: number;
  /** Type. */
  readonly type: number;
  /** Digest of the bank, hex. */
  readonly digest: string;
  /** Data, hex. */
  readonly data: string;
  /** Whether the data hash to the digest. */
  readonly verified: boolean;
}

/** What the other reads from a log. */
export interface TheirState {
  /** Whether Secure Boot was on. */
  readonly secureBoot: boolean;
  /** Hashes of db, hex. */
  readonly db: readonly string[];
  /** Hashes of dbx, hex. */
  readonly dbx: readonly string[];
  /** Digests of boot applications, hex. */
  readonly applications: readonly string[] | null;
  /** GRUB's commands. */
  readonly commands: readonly string[] | null;
  /** The kernel's command line. */
  readonly commandLine: string;
}

/** What the oracle says. */
export interface TpmOpinion {
  /** Whether it verified. */
  readonly accepted: boolean;
  /** Why it did not, else empty. */
  readonly error: string;
  /** Whether the library panicked. */
  readonly panicked: boolean;
  /** Events of a log. */
  readonly events: readonly TheirEvent[] | null;
  /** What it reads from them. */
  readonly state: TheirState | null;
  /** Why it reads no more, else empty. */
  readonly stateError: string;
  /** Median time of one round, ns. */
  readonly nanoseconds: number;
}

/** The running oracle. */
export class TpmOracle implements AsyncDisposable {
  readonly #program: LineProgram;

  private constructor(path: string) {
    this.#program = new LineProgram(path);
  }

  /** Builds and starts it; the first build takes half a minute. */
  static async start(): Promise<TpmOracle> {
    return new TpmOracle(await buildGo("go_tpm", "go_tpm"));
  }

  /**
   * Asks for one opinion.
   *
   * @param question Log or quote.
   * @param rounds How often; the time is the median.
   * @throws {Error} when the program ended.
   */
  async ask(question: LogQuestion | QuoteQuestion, rounds = 1): Promise<TpmOpinion> {
    const fields = Object.entries(question).map(([name, value]) =>
      value instanceof Uint8Array ? [name, toBase64(value)] : [name, value]
    );
    // The program's own type of answers is this one; a test would fail at once if it were not.
    return await this.#program.ask({ ...Object.fromEntries(fields), rounds }) as TpmOpinion;
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

/**
 * google/go-sev-guest as a second opinion: a Go program that answers one line for each line.
 *
 * @module
 */

import { toBase64 } from "../../src/core/bytes.ts";
import { fromFileUrl, output } from "../../scripts/process.ts";

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
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  private constructor(folder: string, child: Deno.ChildProcess) {
    this.#folder = folder;
    this.#child = child;
    this.#input = child.stdin.getWriter();
    this.#lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(splitLines())
      .getReader();
  }

  /** Builds the program and starts it; the first build takes some 20 s. */
  static async start(): Promise<GoOracle> {
    const folder = await Deno.makeTempDir({ prefix: "casemate-oracle-" });
    const program = `${folder}/oracle`;
    await output("go", ["build", "-o", program, "."], { cwd: SOURCE });
    const child = new Deno.Command(program, { stdin: "piped", stdout: "piped", env: OFFLINE });
    return new GoOracle(folder, child.spawn());
  }

  /**
   * Asks for one opinion.
   *
   * @throws {Error} when the program ended.
   */
  async ask({ report, leaf, chain, now, line, rounds }: Question): Promise<Opinion> {
    const request = {
      report: toBase64(report),
      leaf: toBase64(leaf),
      chain: toBase64(chain),
      time: now.toISOString(),
      line: line ?? "",
      rounds: rounds ?? 1,
    };
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    const { value } = await this.#lines.read();
    if (value === undefined) throw new Error("the Go oracle ended before it answered");
    return JSON.parse(value);
  }

  /** Ends the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#lines.cancel();
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** No proxy leads out, should the program ever try. */
const OFFLINE = { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" };

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

function splitLines(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(chunk, lines) {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) lines.enqueue(part);
    },
  });
}

/**
 * The second client: a program in Python, written from `docs/protocol.md` alone.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromFileUrl } from "../../scripts/process.ts";
import { buildPython } from "../oracle/build.ts";
import { LineProgram } from "../oracle/line_program.ts";

/** Python with the libraries that the client needs: those of the oracle for HPKE. */
const python = await buildPython("hpke");

const PROGRAM = fromFileUrl(new URL("./program.py", import.meta.url));

/** What the client answers. */
export type Answer =
  | { readonly ok: Readonly<Record<string, unknown>> }
  | { readonly refused: string; readonly message: string; readonly status: number | null };

/** One running client. */
export class SecondClient {
  readonly #program = new LineProgram(python, ["-B", PROGRAM]);

  /**
   * Asks it to do something; `program.py` says what there is.
   *
   * @param name What.
   * @param question Members beside.
   */
  async ask(name: string, question: object): Promise<Answer> {
    // The program's answer is of this form; its source stands beside.
    return await this.#program.ask({ do: name, ...question }) as Answer;
  }

  /**
   * Asks it to do something that must succeed.
   *
   * @param name What.
   * @param question Members beside.
   */
  async done(name: string, question: object): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.ask(name, question);
    if ("refused" in answer) assert.fail(`${name}: ${answer.message}`);
    return answer.ok;
  }

  /**
   * Asks it to do something that must be refused.
   *
   * @param name What.
   * @param question Members beside.
   * @returns The code, and the status of a server that said it.
   */
  async refused(
    name: string,
    question: object,
  ): Promise<{ readonly code: string; readonly status: number | null }> {
    const answer = await this.ask(name, question);
    if ("ok" in answer) assert.fail(`${name} went well: ${Object.keys(answer.ok)}`);
    return { code: answer.refused, status: answer.status };
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

/**
 * The verification engine: the WASM module behind promises. This file alone
 * (with `crypto_inline.ts`) touches `wasm/`.
 *
 * @module
 */

import { type Exports, instantiate, type Operation } from "../../wasm/mod.ts";
import { frame } from "./bytes.ts";
import type { ErrorFields } from "./errors.ts";
import { refusal } from "./refusal.ts";

export type { Exports, Operation } from "../../wasm/mod.ts";

/** Parses and verifies evidence; pure functions of their arguments. */
export interface Engine {
  /**
   * Runs one operation.
   *
   * @param operation Name of the operation; `wasm/README.md` lists them with their parts and answers.
   * @param parts Its arguments as bytes.
   * @returns What the operation established, as plain data.
   * @throws {RejectedError} when the evidence is refused.
   * @throws {InputError} when a file is not what it should be.
   */
  run(operation: Operation, parts: readonly Uint8Array[]): Promise<unknown>;
}

/** Text of an engine's answer, read. */
interface Answer {
  readonly ok?: unknown;
  readonly rejected?: { readonly code: string; readonly fields: ErrorFields };
  readonly bug?: string;
}

/**
 * An engine over a compiled module.
 *
 * An instance that stops by a trap is thrown away with its caches, since its
 * memory can no longer be believed; the next call starts a new one.
 *
 * @param module The module `wasm/lib/casemate_core_bg.wasm`, compiled.
 * @throws {TypeError} where it is no compiled module, as bytes or a promise are not.
 */
export function createEngine(module: WebAssembly.Module): Engine {
  refuseOther(module);
  let instance: Exports | undefined;
  const call = (operation: Operation, input: Uint8Array): string => {
    instance ??= start(module);
    try {
      return instance[operation](input);
    } catch (cause) {
      instance = undefined;
      throw new Error(`Cannot run ${operation}: the engine stopped [engine.failed]`, { cause });
    }
  };
  return {
    run(operation, parts) {
      // A promise even where nothing waits, so that an engine in a worker or in WebCrypto fits the same interface.
      return Promise.resolve().then(() => readAnswer(operation, call(operation, frame(parts))));
    },
  };
}

/** By its tag, since a module of another realm is one as well. */
function refuseOther(module: unknown): void {
  const given = Object.prototype.toString.call(module).slice("[object ".length, -1);
  if (given === "WebAssembly.Module") return;
  throw new TypeError(
    `Expected casemate_core_bg.wasm as a compiled WebAssembly.Module, got ${given}: ` +
      "bundlers for Workers give it by importing the file, elsewhere compile() of WebAssembly makes it of the bytes",
  );
}

function start(module: WebAssembly.Module): Exports {
  try {
    return instantiate(module);
  } catch (cause) {
    const says = "it is not casemate_core_bg.wasm of this version, or memory is short";
    throw new Error(`Cannot start the WASM module: ${says} [engine.failed]`, { cause });
  }
}

function readAnswer(operation: Operation, text: string): unknown {
  const answer: Answer = JSON.parse(text);
  if (answer.rejected !== undefined) throw refusal(answer.rejected.code, answer.rejected.fields);
  if (answer.ok === undefined) {
    throw new Error(`Cannot run ${operation}: ${answer.bug ?? "no answer"} [engine.failed]`);
  }
  return answer.ok;
}

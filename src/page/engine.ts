/**
 * The verification engine in a browser.
 *
 * @module
 */

import { createEngine, type Engine } from "../core/crypto.ts";
import "./globals.ts";

/** The engine; the module is unpacked and compiled once. */
export const engine: Engine = {
  async run(operation, parts) {
    return await (await started()).run(operation, parts);
  },
};

let running: Promise<Engine> | undefined;

/** Starts the engine ahead, while somebody looks for files. */
export function started(): Promise<Engine> {
  running ??= start();
  return running;
}

async function start(): Promise<Engine> {
  return createEngine(await WebAssembly.compile(await partOf(1)));
}

/**
 * A part of the page.
 *
 * @param part Its number.
 * @throws {TypeError} where the page was not started as it is.
 */
export function partOf(part: number): Promise<Uint8Array<ArrayBuffer>> {
  const { casematePart } = globalThis;
  if (casematePart === undefined) throw new TypeError("The page was not started");
  return casematePart(part);
}
